import type { Texts } from "../texts";

export const agentsPage: Texts["agentsPage"] = {
  title: "Agenten",
};
