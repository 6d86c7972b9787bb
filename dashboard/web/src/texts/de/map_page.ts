import type { Texts } from "../texts";

export const mapPage: Texts["mapPage"] = {
  title: "Karte",
};
