// The bar at the top of every page: the site, the pages, whether the page is live, and how it looks.

import { Icon, Mark } from "../components/icons";
import { cleanName, formatDuration } from "../logic/format";
import { dialog } from "../state/dialogs";
import { theme, zone, type Theme } from "../state/settings";
import { connection, stats } from "../state/store";
import { kLanguages, language, speak } from "../texts/language";
import { t } from "../texts/texts";
import { Navigation } from "./navigation";

const kLanguageNames = { en: "English", de: "Deutsch" } as const;
const kThemes: Theme[] = ["system", "dark", "light"];
const kThemeIcon = { system: "half", dark: "moon", light: "sun" } as const;

function ConnectionState() {
  const state = connection.value;
  const grade = state === "live" ? "good" : state === "lost" ? "bad" : "warn";
  return (
    <span class={`status ${grade} connection`} role="status" title={state === "lost" ? t.connection.lostHint : t.connection.liveHint}>
      {t.connection[state]}
    </span>
  );
}

// With a delay, "live" alone would be taken for now.
function Delay() {
  const seconds = stats.value?.privacy.delay_s ?? 0;
  if (seconds === 0) return null;
  return (
    <span class="delay" title={t.connection.delayedHint}>
      {t.connection.delayed(formatDuration(seconds))}
    </span>
  );
}

function SearchButton() {
  return (
    <button type="button" class="icon-button" title={t.palette.open} aria-label={t.palette.open} onClick={() => (dialog.value = "palette")}>
      <Icon name="search" />
    </button>
  );
}

function ZoneSwitch() {
  return (
    <div class="switch" role="group" aria-label={t.zone.hint} title={t.zone.hint}>
      {(["utc", "local"] as const).map((each) => (
        <button key={each} type="button" aria-pressed={zone.value === each} onClick={() => (zone.value = each)}>
          {t.zone[each]}
        </button>
      ))}
    </div>
  );
}

// Says the language that it changes to, in that language.
function LanguageButton() {
  const next = kLanguages[(kLanguages.indexOf(language) + 1) % kLanguages.length]!;
  return (
    <button type="button" class="icon-button language" lang={next} title={kLanguageNames[next]} aria-label={`${next.toUpperCase()}: ${kLanguageNames[next]}`} onClick={() => speak(next)}>
      {next.toUpperCase()}
    </button>
  );
}

function ThemeButton() {
  const label = t.theme[theme.value];
  const next = () => (theme.value = kThemes[(kThemes.indexOf(theme.value) + 1) % kThemes.length] ?? "system");
  return (
    <button type="button" class="icon-button" title={label} aria-label={label} onClick={next}>
      <Icon name={kThemeIcon[theme.value]} />
    </button>
  );
}

export function TopBar() {
  const site = cleanName(stats.value?.site_name);
  return (
    <header class="topbar">
      <a class="brand" href="/" aria-label={t.brand}>
        <Mark />
        <span class="brand-name">{t.brand}</span>
      </a>
      {site && site !== t.brand && (
        <span class="site clip">
          <bdi>{site}</bdi>
        </span>
      )}
      <Navigation />
      <span class="spring" />
      <ConnectionState />
      <Delay />
      <SearchButton />
      <ZoneSwitch />
      <LanguageButton />
      <ThemeButton />
    </header>
  );
}
