// Packets by one query: the newest ones live, older ones as far as someone scrolls. Rows stand still while they are read.

import { useEffect, useRef } from "preact/hooks";
import type { Packet } from "../api/types";
import { Channel } from "../components/channel";
import { Clock, NodeLink, PortPill, SkeletonRows, Snr } from "../components/parts";
import { isHeard, Receptions } from "../components/receptions";
import { VirtualTable, type Column } from "../components/virtual_table";
import { cleanName, formatCount, formatNumber, kUnknown } from "../logic/format";
import { QueryBar, Wrong } from "../query/query_bar";
import { useAskedPackets } from "../state/asked_packets";
import { queryNames } from "../state/query_names";
import { isNarrow, isPhone } from "../state/screen";
import { listedPackets } from "../state/shown_packets";
import { ask, open, view } from "../state/url";
import "../styles/facets.css";
import { t } from "../texts/texts";
import { Facets } from "./facets";

const kRowHeight = 30;
// On a phone a packet takes two lines: who and what above, the content and the signal below.
const kRowHeightPhone = 52;
const kSummaryLength = 200;

const kColumns: Column<Packet>[] = [
  { name: "time", title: t.feed.columns.time, hint: t.feed.timeHint, class: "col-time", cell: (packet) => <Clock time={packet.time_us} /> },
  {
    name: "route",
    title: t.feed.columns.route,
    class: "col-route",
    cell: (packet) => (
      <span class="route">
        <NodeLink id={packet.from} name={packet.from_name} skipped />
        <span class="faint" aria-hidden="true">
          →
        </span>
        <NodeLink id={packet.to} name={packet.to_name} skipped />
      </span>
    ),
  },
  { name: "port", title: t.feed.columns.port, class: "col-port", cell: (packet) => <PortPill port={packet.port} name={packet.port_name} /> },
  {
    name: "summary",
    title: t.feed.columns.summary,
    class: "col-summary",
    cell: (packet) => (
      <div class="clip muted">
        <bdi>{cleanName(packet.summary, kSummaryLength)}</bdi>
      </div>
    ),
  },
  { name: "channel", title: t.packet.channel, class: "col-channel wide-only", cell: (packet) => <Channel channel={packet.channel} flags={packet.flags} /> },
  { name: "size", title: t.packets.size, class: "col-small wide-only", number: true, cell: (packet) => formatCount(packet.size) },
  { name: "hops", title: t.feed.columns.hops, hint: t.feed.hopsHint, class: "col-small", number: true, cell: (packet) => packet.hops ?? <span class="faint">{kUnknown}</span> },
  { name: "rx", title: t.feed.columns.rx, hint: t.feed.rxHint, class: "col-small col-rx", number: true, cell: (packet) => <Receptions receptions={packet.receptions} flags={packet.flags} /> },
  { name: "rssi", title: t.packets.rssi, hint: t.packets.rssiHint, class: "col-small wide-only", number: true, cell: (packet) => formatNumber(packet.best_rssi, 0) },
  { name: "snr", title: t.feed.columns.snr, hint: t.feed.snrHint, class: "col-snr", number: true, cell: (packet) => <Snr value={packet.best_snr} /> },
];

export function PacketsPage() {
  const { query, packet: selected, options } = view.value;
  const asked = useAskedPackets(query);
  const { rows, waiting, held } = asked.feed;
  const section = useRef<HTMLElement>(null);
  // The inspector goes through these.
  useEffect(() => void (listedPackets.value = rows.map((packet) => packet.id)), [rows]);
  useEffect(() => () => void (listedPackets.value = null), []);
  // Beside the table they are there unless someone hid them; over it only when someone asked for them.
  const facets = isNarrow.value ? options["facets"] === "on" : options["facets"] !== "off";
  const showFacets = (shown: boolean) => ask({ options: { facets: shown === !isNarrow.value ? "" : shown ? "on" : "off" } });
  const box = () => section.current?.querySelector(".virtual") ?? null;
  const goOn = () => {
    const element = box();
    if (element) element.scrollTop = 0;
    asked.release();
  };
  const foot = asked.searching ? (
    <p class="table-foot faint">{t.packets.searching}</p>
  ) : asked.more ? (
    <p class="table-foot">
      <button type="button" class="button" onClick={() => asked.older(true)}>
        {t.packets.older}
      </button>
    </p>
  ) : (
    <p class="table-foot faint">{t.packets.end}</p>
  );
  return (
    <div class="page packets-page">
      <h1 class="only-spoken">{t.packets.title}</h1>
      <div class="page-head">
        <QueryBar of="packets" query={query} names={queryNames} mistake={asked.mistake} onQuery={(text) => ask({ query: text })} />
      </div>
      <div class="packets-body">
        {facets && <Facets rows={rows} query={query} onClose={() => showFacets(false)} />}
        <section class="panel" aria-label={t.packets.title} ref={section}>
          <header class="panel-head">
            {!facets && (
              <button type="button" class="button facets-show" onClick={() => showFacets(true)}>
                {t.inspector.facets.show}
              </button>
            )}
            <h2>{t.packets.title}</h2>
            {held && <span class="faint feed-held">{t.feed.held}</span>}
            <span class="spring" />
            {waiting > 0 && (
              <button type="button" class="fresh" title={t.feed.freshHint} onClick={goOn}>
                {t.feed.fresh(formatCount(waiting))}
              </button>
            )}
            <a class="button" href={`/api/v1/export/packets.csv?${new URLSearchParams({ q: query })}`} download>
              {t.nodes.csv}
            </a>
          </header>
          {!asked.loaded ? (
            asked.mistake ? <Wrong /> : <SkeletonRows count={18} />
          ) : rows.length === 0 ? (
            <div class="panel-body">
              <div class="empty">
                <p>{query ? t.packets.noneAsked : t.feed.empty}</p>
                {asked.more && foot}
              </div>
            </div>
          ) : (
            <VirtualTable
              label={t.packets.title}
              columns={kColumns}
              rows={rows}
              rowHeight={isPhone.value ? kRowHeightPhone : kRowHeight}
              keyOf={(packet) => packet.id}
              selected={selected}
              onOpen={(packet) => open({ packet: packet.id })}
              rowClass={(packet) => (isHeard(packet) ? "" : "unheard")}
              onNearEnd={() => asked.older()}
              onReading={(reading) => (reading ? asked.hold() : asked.release())}
              foot={foot}
            />
          )}
        </section>
      </div>
    </div>
  );
}
