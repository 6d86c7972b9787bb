// A link to another page of this site: works with the keyboard, the middle button and "copy link".

import type { ComponentChildren } from "preact";
import { go, pageHref, type Target } from "../state/url";

// `skipped`: the tab key passes it, because what it stands in leads there by the keyboard in another way.
export function GoTo(props: { to: Target; class?: string; title?: string; skipped?: boolean; children: ComponentChildren }) {
  return (
    <a
      href={pageHref(props.to)}
      class={props.class}
      title={props.title}
      tabIndex={props.skipped ? -1 : undefined}
      onClick={(event) => {
        event.stopPropagation();
        if (event.metaKey || event.ctrlKey || event.shiftKey || event.button !== 0) return;
        event.preventDefault();
        go(props.to);
      }}
    >
      {props.children}
    </a>
  );
}
