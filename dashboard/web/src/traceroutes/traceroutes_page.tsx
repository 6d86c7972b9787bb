// Traceroutes.

import { t } from "../texts/texts";

export function TraceroutesPage() {
  return <h1>{t.traceroutesPage.title}</h1>;
}
