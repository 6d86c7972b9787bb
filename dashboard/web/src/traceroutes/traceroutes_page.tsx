// Traceroutes: the newest ones as a list, and beside it (on a phone: instead of it) the chosen one.

import { computed } from "@preact/signals";
import { useEffect, useMemo, useRef } from "preact/hooks";
import { getTraceroutePage, type Traceroute } from "../api/traceroutes";
import { Clock, NodeLink, SkeletonRows, Snr } from "../components/parts";
import { VirtualTable, type Column } from "../components/virtual_table";
import { formatCount, kUnknown } from "../logic/format";
import { hopCount, isBetween, weakestSnr } from "../logic/routes";
import { useLiveLog } from "../state/live_log";
import { isPhone } from "../state/screen";
import { feed, nodes } from "../state/store";
import { ask, view } from "../state/url";
import "../styles/traceroutes.css";
import { t } from "../texts/texts";
import { NodeField } from "./node_field";
import { RouteDetails } from "./route_details";

const kTraceroutePort = 70;
const kRowHeight = 32;
const kRowHeightPhone = 52;
const kNodeId = /^![0-9a-f]{8}$/;
// Of the pages that hold none of the asked kind, so many are loaded in a row by themselves.
const kFruitlessMax = 5;

const kKinds = ["all", "answers", "questions"] as const;
type Kind = (typeof kKinds)[number];

const newestHeard = computed(() => {
  const { rows, pending } = feed.value;
  return [...pending, ...rows].find((packet) => packet.port === kTraceroutePort)?.id ?? 0;
});

const longName = (id: string) => nodes.get(id)?.long_name ?? null;
const weakest = (route: Traceroute) => weakestSnr([...route.towards, ...(route.back ?? [])]);

const kColumns: Column<Traceroute>[] = [
  { name: "time", title: t.traceroutesPage.columns.time, class: "col-time", cell: (route) => <Clock time={route.time_us} /> },
  {
    name: "route",
    title: t.traceroutesPage.columns.route,
    class: "col-ends",
    cell: (route) => (
      <span class="route">
        <NodeLink id={route.from} name={longName(route.from)} skipped />
        <span class="faint" aria-hidden="true">
          →
        </span>
        <NodeLink id={route.to} name={longName(route.to)} skipped />
      </span>
    ),
  },
  {
    name: "kind",
    title: t.traceroutesPage.columns.kind,
    class: "col-kind",
    cell: (route) =>
      route.is_reply ? (
        <span title={t.traceroutesPage.answerHint}>{t.traceroutesPage.answer}</span>
      ) : (
        <span class="faint" title={t.traceroutesPage.questionHint}>
          {t.traceroutesPage.question}
        </span>
      ),
  },
  { name: "hops", title: t.traceroutesPage.columns.hops, hint: t.traceroutesPage.hopsHint, class: "col-hops", number: true, cell: (route) => formatCount(hopCount(route.towards)) },
  {
    name: "back",
    title: t.traceroutesPage.columns.back,
    hint: t.traceroutesPage.backHint,
    class: "col-hops",
    number: true,
    cell: (route) => (route.back ? formatCount(hopCount(route.back)) : <span class="faint">{kUnknown}</span>),
  },
  { name: "snr", title: t.traceroutesPage.columns.snr, hint: t.traceroutesPage.snrHint, class: "col-weakest", number: true, cell: (route) => <Snr value={weakest(route)} /> },
];

const holds = (kind: Kind, route: Traceroute) => kind === "all" || route.is_reply === (kind === "answers");

function KindSwitch({ kind }: { kind: Kind }) {
  return (
    <div class="quick-filters" role="group" aria-label={t.traceroutesPage.kindsLabel}>
      {kKinds.map((each) => (
        <button key={each} type="button" class="chip-button" aria-pressed={kind === each} onClick={() => ask({ options: { kind: each === "all" ? "" : each } })}>
          {t.traceroutesPage.kinds[each]}
        </button>
      ))}
    </div>
  );
}

export function TraceroutesPage() {
  const { options } = view.value;
  const of = kNodeId.test(options["of"] ?? "") ? options["of"]! : "";
  const kind = kKinds.find((each) => each === options["kind"]) ?? "all";
  const chosen = Number(options["route"]) || null;
  const replies = kind === "answers";
  const asked = useLiveLog<Traceroute>(
    (limit, cursor, signal) => getTraceroutePage({ node: of, replies }, limit, cursor, signal),
    `${of}|${replies}`,
    newestHeard.value,
  );
  const { log } = asked;
  const rows = useMemo(() => log.rows.filter((route) => holds(kind, route)), [log.rows, kind]);
  const waiting = log.pending.filter((route) => holds(kind, route)).length;
  const section = useRef<HTMLElement>(null);
  const fruitless = useRef({ rows: -1, pages: 0 });
  const nearEnd = () => {
    if (fruitless.current.rows !== rows.length) fruitless.current = { rows: rows.length, pages: 0 };
    if (asked.searching || asked.error || !asked.more || fruitless.current.pages >= kFruitlessMax) return;
    fruitless.current.pages++;
    asked.older();
  };
  // The API gives answers alone, but not questions alone: a page may hold none.
  useEffect(() => {
    if (log.loaded && rows.length === 0) nearEnd();
  }, [log.loaded, log.rows.length, rows.length]);
  // Beside the list there is room for one: the newest that tells a whole way.
  const first = rows.find((route) => route.is_reply) ?? rows[0];
  const isBare = chosen === null && !isPhone.value;
  useEffect(() => {
    if (isBare && first) ask({ options: { route: String(first.id) } }, "replace");
  }, [isBare, first === undefined]);

  const known = (chosen !== null && log.rows.find((route) => route.id === chosen)) || null;
  const newest = (known && log.rows.find((route) => isBetween(route, known.from, known.to))?.id) ?? 0;
  const foot = asked.searching ? (
    t.traceroutesPage.loadingOlder
  ) : asked.more ? (
    <button type="button" class="button" onClick={asked.older}>
      {t.traceroutesPage.older}
    </button>
  ) : log.cursor === null ? (
    t.traceroutesPage.end
  ) : (
    t.traceroutesPage.full
  );
  const goOn = () => {
    const box = section.current?.querySelector(".virtual");
    if (box) box.scrollTop = 0;
    asked.release();
  };
  return (
    <div class={`page traceroutes-page ${chosen !== null ? "has-chosen" : ""}`}>
      <h1 class="only-spoken">{t.traceroutesPage.title}</h1>
      <div class="page-head">
        <NodeField id={of} />
        <KindSwitch kind={kind} />
      </div>
      <section class="panel route-list" aria-label={t.traceroutesPage.title} ref={section}>
        <header class="panel-head">
          <h2>{t.traceroutesPage.title}</h2>
          {log.loaded && (
            <span class="faint" role="status">
              {t.traceroutesPage.shown(formatCount(rows.length), log.cursor !== null)}
            </span>
          )}
          {log.held && <span class="faint feed-held">{t.feed.held}</span>}
          <span class="spring" />
          {waiting > 0 && (
            <button type="button" class="fresh" title={t.feed.freshHint} onClick={goOn}>
              {t.feed.fresh(formatCount(waiting))}
            </button>
          )}
        </header>
        {asked.error && (
          <p class="part-error" role="alert">
            {t.loadError(asked.error)}
          </p>
        )}
        {!log.loaded ? (
          <SkeletonRows count={16} />
        ) : rows.length === 0 ? (
          <div class="panel-body">
            <div class="empty">
              <p>{of || kind !== "all" ? t.traceroutesPage.noneAsked : t.traceroutesPage.none}</p>
              {asked.more && <p>{foot}</p>}
            </div>
          </div>
        ) : (
          <VirtualTable
            label={t.traceroutesPage.title}
            columns={kColumns}
            rows={rows}
            rowHeight={isPhone.value ? kRowHeightPhone : kRowHeight}
            keyOf={(route) => route.id}
            selected={chosen}
            onOpen={(route) => ask({ options: { route: String(route.id) } })}
            rowClass={() => ""}
            onNearEnd={nearEnd}
            onReading={(reading) => (reading ? asked.hold() : asked.release())}
            foot={<p class="table-foot faint">{foot}</p>}
          />
        )}
      </section>
      {chosen !== null ? (
        <RouteDetails key={chosen} id={chosen} known={known} newest={newest} />
      ) : (
        <section class="panel route-details bare" aria-label={t.traceroutesPage.details}>
          <div class="panel-body">
            <p class="empty">{t.traceroutesPage.choose}</p>
          </div>
        </section>
      )}
    </div>
  );
}
