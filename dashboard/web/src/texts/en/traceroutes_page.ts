export const traceroutesPage = {
  title: "Traceroutes",
};
