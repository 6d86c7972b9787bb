// One agent.

export function AgentPage({ id }: { id: string }) {
  return <h1>{id}</h1>;
}
