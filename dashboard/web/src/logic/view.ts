// What the page's address says: which page, of what, which rows it asks for, and what is open in the drawer.

export const kPages = ["overview", "map", "nodes", "packets", "messages", "links", "traceroutes", "agents", "settings"] as const;
export type Page = (typeof kPages)[number];

// What is open in the drawer; one of them at most.
export interface Selection {
  node: string | null; // a node's id, "!a1b2c3d4"
  packet: number | null; // a packet's log id
  agent: string | null;
  link: string | null; // two nodes' ids with a "-" between: the link from the first to the second
}

export interface View extends Selection {
  page: Page;
  subject: string | null; // the page is about this one: /nodes/!a1b2c3d4, /agents/site-7; null: about all
  query: string; // in the API's filter language
  sort: string; // a column of the page's table, with "-" before it for falling; "" as the page has it
  options: Record<string, string>; // what else the page lets one choose, by names of its own
}

// What one chooses within the drawer: it stays while things of that kind are open, from one to the next, and no longer.
const kDrawerOptions: Record<keyof Selection, string[]> = { node: [], packet: ["tab"], agent: [], link: ["link_evidence", "link_span"] };

export const kNothing: Selection = { node: null, packet: null, agent: null, link: null };

const kPaths: Record<Page, string> = {
  overview: "/",
  map: "/map",
  nodes: "/nodes",
  packets: "/packets",
  messages: "/messages",
  links: "/links",
  traceroutes: "/traceroutes",
  agents: "/agents",
  settings: "/settings",
};

const kNodeId = /^![0-9a-f]{8}$/;
const kLink = /^![0-9a-f]{8}-![0-9a-f]{8}$/;
const kOwn = new Set(["q", "sort", "node", "packet", "agent", "link"]);
// An option's name is an identifier; a longer value than this is no choice that a page offers.
const kOptionName = /^[a-z_]{1,20}$/;
const kOptionLength = 200;

function decoded(part: string): string | null {
  try {
    return decodeURIComponent(part);
  } catch {
    return null;
  }
}

// An unknown path is the overview: the server answers every path with this application.
function placeOf(path: string): { page: Page; subject: string | null } {
  const trimmed = path.replace(/(.)\/+$/, "$1");
  const page = kPages.find((each) => kPaths[each] === trimmed);
  if (page) return { page, subject: null };
  const match = /^\/(nodes|agents)\/([^/]+)$/.exec(trimmed);
  const subject = match && decoded(match[2]!);
  if (!subject || (match[1] === "nodes" && !kNodeId.test(subject))) return { page: "overview", subject: null };
  return { page: match[1] as Page, subject };
}

const matching = (text: string | null, form: RegExp) => (text && form.test(text) ? text : null);

export function parseView(path: string, search: string): View {
  const query = new URLSearchParams(search);
  const packet = Number(query.get("packet"));
  const options: Record<string, string> = {};
  for (const [name, value] of query) {
    if (!kOwn.has(name) && kOptionName.test(name) && value && value.length <= kOptionLength) options[name] = value;
  }
  return {
    ...placeOf(path),
    query: query.get("q") ?? "",
    sort: query.get("sort") ?? "",
    options,
    node: matching(query.get("node"), kNodeId),
    packet: Number.isSafeInteger(packet) && packet > 0 ? packet : null,
    agent: query.get("agent"),
    link: matching(query.get("link"), kLink),
  };
}

// The view with something else in the drawer, or with nothing.
export function withSelection(view: View, selection: Partial<Selection>): View {
  const next = { ...view, ...kNothing, ...selection };
  const options = { ...view.options };
  for (const kind of Object.keys(kDrawerOptions) as (keyof Selection)[]) {
    if (next[kind] === null) for (const name of kDrawerOptions[kind]) delete options[name];
  }
  return { ...next, options };
}

export function addressOf(view: View): string {
  const query = new URLSearchParams();
  if (view.query) query.set("q", view.query);
  if (view.sort) query.set("sort", view.sort);
  for (const name of Object.keys(view.options).sort()) if (view.options[name]) query.set(name, view.options[name]);
  if (view.node) query.set("node", view.node);
  if (view.packet) query.set("packet", String(view.packet));
  if (view.agent) query.set("agent", view.agent);
  if (view.link) query.set("link", view.link);
  const text = query.toString();
  const subject = view.subject ? `/${encodeURIComponent(view.subject).replace(/^%21/, "!")}` : "";
  return kPaths[view.page] + subject + (text ? `?${text}` : "");
}
