// A link to another page of the application: works with the middle button, and without loading everything anew.

import type { ComponentChildren } from "preact";
import { go, pageHref, type Target } from "../state/url";

export function PageLink(props: { to: Target; class?: string; title?: string; children: ComponentChildren }) {
  return (
    <a
      href={pageHref(props.to)}
      class={props.class}
      title={props.title}
      onClick={(event) => {
        if (event.metaKey || event.ctrlKey || event.shiftKey || event.button !== 0) return;
        event.preventDefault();
        event.stopPropagation();
        go(props.to);
      }}
    >
      {props.children}
    </a>
  );
}
