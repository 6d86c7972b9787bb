import type { Texts } from "../texts";

export const nodePage: Texts["nodePage"] = {
  title: "Knoten",
};
