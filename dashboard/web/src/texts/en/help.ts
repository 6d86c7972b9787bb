export const help = {
  title: "Keys",
  groups: [
    {
      title: "Everywhere",
      keys: [
        ["Ctrl+K /", "Search nodes, agents, packets, messages, pages"],
        ["?", "Show these keys"],
        ["Esc", "Close what is open"],
        ["Tab", "Go to the next thing"],
      ] as [string, string][],
    },
    {
      title: "In a table",
      keys: [
        ["↓ ↑ j k", "Next and previous row"],
        ["PgDn PgUp", "A screen further or back"],
        ["Home End", "First and last row"],
        ["Enter", "Open the row"],
      ] as [string, string][],
    },
    {
      title: "In a filter",
      keys: [
        ["↓ ↑", "Choose what is offered"],
        ["Enter", "Take it, or ask"],
        ["Esc", "Close the list, then empty the filter"],
      ] as [string, string][],
    },
    {
      title: "On a map",
      keys: [
        ["← → ↑ ↓", "Move"],
        ["+ −", "Nearer and further"],
      ] as [string, string][],
    },
  ],
};

export const palette = {
  title: "Search everything",
  placeholder: "Node, agent, packet id, words of a message, page…",
  hits: "What was found",
  failed: "The server did not answer: packets and messages are missing here.",
  groups: { pages: "Pages", nodes: "Nodes", agents: "Agents", packets: "Packets", messages: "Messages", actions: "Settings", ask: "Filter" },
  zone: { utc: "Times in UTC", local: "Times of this computer's zone" },
  language: { en: "English", de: "Deutsch" },
  askPackets: (text: string) => `Packets: ${text}`,
  askNodes: (text: string) => `Nodes: ${text}`,
  open: "Search (Ctrl+K)",
};
