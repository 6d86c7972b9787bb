export const agentsPage = {
  title: "Agents",
};
