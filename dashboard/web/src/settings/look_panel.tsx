// Language, theme and the zone of times: remembered by this browser.

import { Panel } from "../components/parts";
import { theme, zone } from "../state/settings";
import { kLanguages, language, speak } from "../texts/language";
import { t } from "../texts/texts";

interface ChoiceProps<T extends string> {
  label: string;
  values: readonly T[];
  names: Record<T, string>;
  value: T;
  onChoose(value: T): void;
}

function Choice<T extends string>({ label, values, names, value, onChoose }: ChoiceProps<T>) {
  return (
    <div class="settings-choice">
      <span class="muted">{label}</span>
      <div class="switch" role="group" aria-label={label}>
        {values.map((each) => (
          <button key={each} type="button" aria-pressed={each === value} onClick={() => onChoose(each)}>
            {names[each]}
          </button>
        ))}
      </div>
    </div>
  );
}

export function LookPanel() {
  const texts = t.settingsPage.look;
  return (
    <Panel title={texts.title}>
      <div class="settings-body">
        <Choice label={texts.language} values={kLanguages} names={t.palette.language} value={language} onChoose={speak} />
        <Choice label={texts.theme} values={["system", "dark", "light"]} names={texts.themes} value={theme.value} onChoose={(next) => (theme.value = next)} />
        <Choice label={texts.zone} values={["utc", "local"]} names={t.zone} value={zone.value} onChoose={(next) => (zone.value = next)} />
        <p class="faint">{texts.note}</p>
      </div>
    </Panel>
  );
}
