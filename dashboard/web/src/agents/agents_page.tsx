// Agents.

import { t } from "../texts/texts";

export function AgentsPage() {
  return <h1>{t.agentsPage.title}</h1>;
}
