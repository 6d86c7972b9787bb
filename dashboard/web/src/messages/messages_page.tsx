// Messages.

import { t } from "../texts/texts";

export function MessagesPage() {
  return <h1>{t.messagesPage.title}</h1>;
}
