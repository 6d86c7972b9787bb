// One node.

export function NodePage({ id }: { id: string }) {
  return <h1>{id}</h1>;
}
