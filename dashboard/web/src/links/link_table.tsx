// The links as a table: a row for each way from a transmitter to a receiver.

import { useMemo } from "preact/hooks";
import { Ago, NodeLink, Snr } from "../components/parts";
import { VirtualTable, type Column } from "../components/virtual_table";
import { formatCount, kUnknown } from "../logic/format";
import type { Place } from "../logic/link_distance";
import type { Graph } from "../logic/link_graph";
import { kLinkOrder, linkRows, sortLinkRows, type LinkRow } from "../logic/link_rows";
import { isPhone } from "../state/screen";
import { ask, open, view } from "../state/url";
import { t } from "../texts/texts";
import { distanceText, doubtText, EvidenceMarks, type NameOf } from "./link_parts";

const kRowHeight = 32;
const kRowHeightPhone = 52; // two lines

const { columns, columnHints } = t.linksPage;

const kColumns: Column<LinkRow>[] = [
  { name: "from", title: columns.from, hint: columnHints.from, class: "col-from", sortable: true, cell: ({ way }) => <NodeLink id={way.from} name={way.links[0]!.from_name} skipped /> },
  { name: "to", title: columns.to, hint: columnHints.to, class: "col-to", sortable: true, cell: ({ way }) => <NodeLink id={way.to} name={way.links[0]!.to_name} skipped /> },
  { name: "evidence", title: columns.evidence, class: "col-evidence", sortable: true, cell: ({ way }) => <EvidenceMarks way={way} /> },
  { name: "snr", title: columns.snr, hint: columnHints.snr, class: "col-snr", number: true, sortable: true, cell: ({ way }) => <Snr value={way.snr} /> },
  { name: "back", title: columns.back, hint: columnHints.back, class: "col-back wide-only", number: true, sortable: true, cell: ({ back }) => <Snr value={back?.snr ?? null} /> },
  { name: "count", title: columns.count, hint: columnHints.count, class: "col-figure wide-only", number: true, sortable: true, cell: ({ way }) => formatCount(way.count) },
  { name: "last", title: columns.last, class: "col-heard wide-only", number: true, sortable: true, cell: ({ way }) => <Ago time={way.last_us} /> },
  {
    name: "distance",
    title: columns.distance,
    hint: columnHints.distance,
    class: "col-distance",
    number: true,
    sortable: true,
    cell: ({ distance }) => (distance ? <span title={doubtText(distance)}>{distanceText(distance)}</span> : <span class="faint">{kUnknown}</span>),
  },
];

export function LinkTable({ graph, places, name }: { graph: Graph; places: Map<string, Place>; name: NameOf }) {
  const { sort, link } = view.value;
  const order = sort || kLinkOrder;
  const rows = useMemo(() => sortLinkRows(linkRows(graph, places), order, name), [graph, places, order]);
  return (
    <VirtualTable
      label={t.linksPage.title}
      columns={kColumns}
      rows={rows}
      rowHeight={isPhone.value ? kRowHeightPhone : kRowHeight}
      keyOf={(row) => row.way.key}
      selected={link}
      onOpen={(row) => open({ link: row.way.key })}
      sort={order}
      onSort={(next) => ask({ sort: next === kLinkOrder ? "" : next })}
    />
  );
}
