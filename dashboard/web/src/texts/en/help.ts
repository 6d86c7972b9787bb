export const help = {
  title: "Keys",
};
