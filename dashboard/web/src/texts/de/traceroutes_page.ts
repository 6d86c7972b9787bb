import type { Texts } from "../texts";

export const traceroutesPage: Texts["traceroutesPage"] = {
  title: "Traceroutes",
};
