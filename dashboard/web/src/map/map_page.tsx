// The map alone.

import { t } from "../texts/texts";

export function MapPage() {
  return <h1>{t.mapPage.title}</h1>;
}
