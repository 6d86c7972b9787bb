export const mapPage = {
  title: "Map",
};
