export const settingsPage = {
  title: "Settings",
};
