// A link to another page of the application: works with the keyboard, the middle button and "copy link", and without
// loading everything anew.

import type { ComponentChildren } from "preact";
import { go, pageHref, type Target } from "../state/url";
import { isPlainClick } from "./pointer";

interface Props {
  to: Target;
  // The tab key passes it, because what it stands in leads there by the keyboard in another way.
  skipped?: boolean;
  class?: string | undefined;
  title?: string | undefined;
  "aria-current"?: "page" | undefined;
  "data-kpi"?: string;
  children: ComponentChildren;
}

export function PageLink({ to, skipped, ...rest }: Props) {
  return (
    <a
      {...rest}
      href={pageHref(to)}
      tabIndex={skipped ? -1 : undefined}
      onClick={(event) => {
        event.stopPropagation(); // what it stands in may open something else by a click
        if (!isPlainClick(event)) return;
        event.preventDefault();
        go(to);
      }}
    />
  );
}
