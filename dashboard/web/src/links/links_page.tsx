// Links.

import { t } from "../texts/texts";

export function LinksPage() {
  return <h1>{t.linksPage.title}</h1>;
}
