export const linksPage = {
  title: "Links",
};
