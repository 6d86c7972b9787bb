// What the page's address says: which page, which rows it asks for, and what is open in the drawer.

export const kPages = ["overview", "packets", "nodes"] as const;
export type Page = (typeof kPages)[number];

// What is open in the drawer; one of them at most.
export interface Selection {
  node: string | null; // a node's id, "!a1b2c3d4"
  packet: number | null; // a packet's log id
  agent: string | null;
}

export interface View extends Selection {
  page: Page;
  query: string; // in the API's filter language
  sort: string; // a column of the page's table, with "-" before it for falling; "" as the page has it
}

export const kNothing: Selection = { node: null, packet: null, agent: null };

const kPaths: Record<Page, string> = { overview: "/", nodes: "/nodes", packets: "/packets" };

// An unknown path is the overview: the server answers every path with this application.
function pageOf(path: string): Page {
  return kPages.find((page) => kPaths[page] === path.replace(/(.)\/+$/, "$1")) ?? "overview";
}

export function parseView(path: string, search: string): View {
  const query = new URLSearchParams(search);
  const node = query.get("node");
  const packet = Number(query.get("packet"));
  return {
    page: pageOf(path),
    query: query.get("q") ?? "",
    sort: query.get("sort") ?? "",
    node: node && /^![0-9a-f]{8}$/.test(node) ? node : null,
    packet: Number.isSafeInteger(packet) && packet > 0 ? packet : null,
    agent: query.get("agent"),
  };
}

export function addressOf(view: View): string {
  const query = new URLSearchParams();
  if (view.query) query.set("q", view.query);
  if (view.sort) query.set("sort", view.sort);
  if (view.node) query.set("node", view.node);
  if (view.packet) query.set("packet", String(view.packet));
  if (view.agent) query.set("agent", view.agent);
  const text = query.toString();
  return kPaths[view.page] + (text ? `?${text}` : "");
}
