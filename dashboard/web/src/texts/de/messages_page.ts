import type { Texts } from "../texts";

export const messagesPage: Texts["messagesPage"] = {
  title: "Nachrichten",
};
