import type { Texts } from "../texts";

export const linksPage: Texts["linksPage"] = {
  title: "Verbindungen",
};
