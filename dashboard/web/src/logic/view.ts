// What is selected, as the query of the page's address.

export interface View {
  node: string | null; // a node's id, "!a1b2c3d4"
  packet: number | null; // a packet's log id
  agent: string | null;
}

export function parseView(search: string): View {
  const query = new URLSearchParams(search);
  const node = query.get("node");
  const packet = Number(query.get("packet"));
  return {
    node: node && /^![0-9a-f]{8}$/.test(node) ? node : null,
    packet: Number.isSafeInteger(packet) && packet > 0 ? packet : null,
    agent: query.get("agent"),
  };
}

export function viewToSearch(view: View): string {
  const query = new URLSearchParams();
  if (view.node) query.set("node", view.node);
  if (view.packet) query.set("packet", String(view.packet));
  if (view.agent) query.set("agent", view.agent);
  const text = query.toString();
  return text ? `?${text}` : "";
}
