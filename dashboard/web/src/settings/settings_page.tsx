// Settings.

import { t } from "../texts/texts";

export function SettingsPage() {
  return <h1>{t.settingsPage.title}</h1>;
}
