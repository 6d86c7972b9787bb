import type { Texts } from "../texts";

export const settingsPage: Texts["settingsPage"] = {
  title: "Einstellungen",
};
