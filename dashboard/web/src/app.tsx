// The frame around every page: the bar at the top, the page, the drawer with details.

import { useEffect } from "preact/hooks";
import { Icon, Mark } from "./components/icons";
import { Drawer } from "./details/drawer";
import { NodesPage } from "./nodes/nodes_page";
import { Overview } from "./overview/overview";
import { PacketsPage } from "./packets/packets_page";
import { theme, zone, type Theme } from "./state/settings";
import { connection, loadError, stats } from "./state/store";
import { close, go, pageHref, view } from "./state/url";
import { cleanName } from "./logic/format";
import { kPages, type Page } from "./logic/view";
import { t } from "./texts/en";

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

function ThemeButton() {
  const label = t.theme[theme.value];
  const next = () => (theme.value = kThemes[(kThemes.indexOf(theme.value) + 1) % kThemes.length] ?? "system");
  return (
    <button type="button" class="icon-button" title={label} aria-label={label} onClick={next}>
      <Icon name={kThemeIcon[theme.value]} />
    </button>
  );
}

// The API's page is a document of its own.
function Navigation() {
  return (
    <nav class="pages" aria-label={t.pages.label}>
      {kPages.map((page) => (
        <a
          key={page}
          href={pageHref(page)}
          aria-current={view.value.page === page ? "page" : undefined}
          onClick={(event) => {
            if (event.metaKey || event.ctrlKey || event.shiftKey || event.button !== 0) return;
            event.preventDefault();
            go(page);
          }}
        >
          {t.pages[page]}
        </a>
      ))}
      <a href="/api/docs">{t.pages.api}</a>
    </nav>
  );
}

function TopBar() {
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
      <ZoneSwitch />
      <ThemeButton />
    </header>
  );
}

function Content({ page }: { page: Page }) {
  switch (page) {
    case "overview":
      return <Overview />;
    case "packets":
      return <PacketsPage />;
    case "nodes":
      return <NodesPage />;
  }
}

export function App() {
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.key === "Escape") close();
    };
    addEventListener("keydown", onKey);
    return () => removeEventListener("keydown", onKey);
  }, []);
  const { page, node, packet, agent } = view.value;
  return (
    <>
      <a class="skip" href="#content">
        {t.skipToContent}
      </a>
      <TopBar />
      {loadError.value && connection.value !== "lost" && (
        <p class="load-error" role="alert">
          {t.loadError(loadError.value)}
        </p>
      )}
      <main id="content">
        <Content page={page} />
      </main>
      {(node || packet || agent) && <Drawer />}
    </>
  );
}
