// The way from page to page: in the bar at the top, on a phone at the bottom. Where there is little room the less used
// ones are behind a button.

import { useEffect, useRef, useState } from "preact/hooks";
import { Icon } from "../components/icons";
import { PageLink } from "../components/page_link";
import { kPages, type Page } from "../logic/view";
import { view } from "../state/url";
import { t } from "../texts/texts";

// In the bar however narrow it is.
const kFirst = new Set<Page>(["overview", "map", "nodes", "packets"]);

function Way({ page }: { page: Page }) {
  return (
    <PageLink to={{ page }} aria-current={view.value.page === page ? "page" : undefined}>
      {t.pages[page]}
    </PageLink>
  );
}

export function Navigation() {
  const [isOpen, setOpen] = useState(false);
  const more = useRef<HTMLDivElement>(null);
  const button = useRef<HTMLButtonElement>(null);
  const { page } = view.value;
  useEffect(() => setOpen(false), [page]);
  useEffect(() => {
    if (!isOpen) return;
    const onPointer = (event: PointerEvent) => {
      const target = event.target as Node;
      if (!more.current?.contains(target) && !button.current?.contains(target)) setOpen(false);
    };
    addEventListener("pointerdown", onPointer);
    return () => removeEventListener("pointerdown", onPointer);
  }, [isOpen]);
  return (
    <nav
      class="pages"
      aria-label={t.pages.label}
      onKeyDown={(event) => {
        if (event.key !== "Escape" || !isOpen) return;
        event.stopPropagation();
        setOpen(false);
        button.current?.focus();
      }}
    >
      {kPages.filter((each) => kFirst.has(each)).map((each) => (
        <Way key={each} page={each} />
      ))}
      <button
        ref={button}
        type="button"
        class={kFirst.has(page) ? "pages-more" : "pages-more current"}
        aria-expanded={isOpen}
        aria-controls="pages-rest"
        onClick={() => setOpen(!isOpen)}
      >
        {kFirst.has(page) ? t.pages.more : t.pages[page]}
        <Icon name="chevron" />
      </button>
      <div id="pages-rest" class={isOpen ? "pages-rest open" : "pages-rest"} ref={more}>
        {kPages.filter((each) => !kFirst.has(each)).map((each) => (
          <Way key={each} page={each} />
        ))}
        {/* A document of its own. */}
        <a href="/api/docs">{t.pages.api}</a>
      </div>
    </nav>
  );
}
