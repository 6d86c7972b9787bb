// Small parts that show one value each.

import type { ComponentChildren } from "preact";
import type { Micros } from "../api/types";
import { cleanName, formatAge, formatClock, formatDateTime, formatNumber, isNow, kBroadcast, kUnknown, shortId } from "../logic/format";
import { portLook } from "../logic/ports";
import { sparkPath } from "../logic/series";
import { snrGrade, snrShare } from "../logic/signal";
import type { Selection } from "../logic/view";
import { zone } from "../state/settings";
import { nodes, now } from "../state/store";
import { href, open } from "../state/url";
import { t } from "../texts/texts";
import { isPlainClick } from "./pointer";

// A box with a title; `tools` stand at the right of its head.
export function Panel(props: { title: string; class?: string; note?: ComponentChildren; tools?: ComponentChildren; children: ComponentChildren }) {
  return (
    <section class={`panel ${props.class ?? ""}`} aria-label={props.title}>
      <header class="panel-head">
        <h2>{props.title}</h2>
        {props.note}
        <span class="spring" />
        {props.tools}
      </header>
      {props.children}
    </section>
  );
}

// How long ago, with the time itself on hover.
export function Ago({ time, suffix }: { time: Micros | null; suffix?: boolean }) {
  if (time == null) return <span class="faint">{kUnknown}</span>;
  const age = formatAge(now.value - time);
  return (
    <time dateTime={new Date(time / 1000).toISOString()} title={formatDateTime(time, zone.value)}>
      {suffix && !isNow(age) ? t.node.ago(age) : age}
    </time>
  );
}

// A time of day, with the date on hover.
export function Clock({ time }: { time: Micros }) {
  return (
    <time dateTime={new Date(time / 1000).toISOString()} title={formatDateTime(time, zone.value)}>
      {formatClock(time, zone.value)}
    </time>
  );
}

export function PortPill({ port, name }: { port: number | null; name: string | null }) {
  const { label, kind } = portLook(port, name);
  return (
    <span class={`pill port-${kind}`} title={name ?? label}>
      {label}
    </span>
  );
}

export function Snr({ value }: { value: number | null }) {
  if (value == null) return <span class="faint">{kUnknown}</span>;
  return (
    <span class={`snr ${snrGrade(value)}`}>
      <span class="snr-track" aria-hidden="true">
        <i style={{ width: `${Math.round(snrShare(value) * 100)}%` }} />
      </span>
      <span class="number">{formatNumber(value, 1)}</span>
    </span>
  );
}

// A link within the page that opens a drawer: works with the keyboard, the middle button and "copy link".
// `skipped`: the tab key passes it, because what it stands in opens by the keyboard in another way.
export function Open(props: { to: Partial<Selection>; class?: string; title?: string; skipped?: boolean; children: ComponentChildren }) {
  return (
    <a
      href={href(props.to)}
      class={props.class}
      title={props.title}
      tabIndex={props.skipped ? -1 : undefined}
      onClick={(event) => {
        if (!isPlainClick(event)) return;
        event.preventDefault();
        event.stopPropagation();
        open(props.to);
      }}
    >
      {props.children}
    </a>
  );
}

// A node by the best name that is known: its long name in full, else its short one, else the end of its id.
export function nodeLabel(id: string, name: string | null): string {
  if (id === kBroadcast) return t.feed.everyone;
  return cleanName(name) || cleanName(nodes.get(id)?.short_name) || `!${shortId(id)}`;
}

export function NodeLink({ id, name, skipped }: { id: string; name: string | null; skipped?: boolean }) {
  if (id === kBroadcast) return <span class="faint">{t.feed.everyone}</span>;
  return (
    <Open to={{ node: id }} title={`${cleanName(name ?? nodes.get(id)?.long_name)} ${id}`.trim()} class="clip" skipped={skipped ?? false}>
      <bdi>{nodeLabel(id, name)}</bdi>
    </Open>
  );
}

// A curve without axes; what it means is said beside it.
export function Spark({ values, label }: { values: number[]; label: string }) {
  const line = sparkPath(values, 100, 26);
  return (
    <svg class="spark" viewBox="0 -1 100 28" preserveAspectRatio="none" role="img" aria-label={label}>
      {line && <path d={`${line}L100 27L0 27Z`} fill="var(--curve-fill)" />}
      {line && <path d={line} fill="none" stroke="var(--curve)" stroke-width="1.4" vector-effect="non-scaling-stroke" />}
    </svg>
  );
}

export function Bar({ share, label }: { share: number; label?: string }) {
  return (
    <div class="bar" role={label ? "img" : undefined} aria-label={label} aria-hidden={label ? undefined : true}>
      <i style={{ width: `${Math.min(100, Math.max(0, share * 100)).toFixed(1)}%` }} />
    </div>
  );
}

// Grey rows where a table will be.
export function SkeletonRows({ count }: { count: number }) {
  return (
    <div class="skeleton-rows" aria-hidden="true">
      {Array.from({ length: count }, (_, i) => (
        <span key={i} class="skeleton" style={{ width: `${94 - ((i * 37) % 31)}%` }} />
      ))}
    </div>
  );
}
