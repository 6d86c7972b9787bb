export const nodePage = {
  title: "Node",
};
