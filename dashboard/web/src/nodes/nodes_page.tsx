// Every node of the mesh as a table: asked for by a query or one of the questions beside it, ordered by any column.

import { useMemo } from "preact/hooks";
import type { Node } from "../api/types";
import { Ago, SkeletonRows, Snr } from "../components/parts";
import { RoleMark } from "../components/role_mark";
import { VirtualTable, type Column } from "../components/virtual_table";
import { cleanName, formatCount, formatNumber, kUnknown } from "../logic/format";
import { chargeOf, kNodeOrder, kQuickFilters, sortNodes } from "../logic/node_list";
import { ageOf, roleName, shapeOf } from "../logic/roles";
import { QueryBar, Wrong } from "../query/query_bar";
import { useAskedNodes } from "../state/asked_nodes";
import { queryNames } from "../state/query_names";
import { isPhone } from "../state/screen";
import { nodes, nodesLoaded, now } from "../state/store";
import { ask, open, view } from "../state/url";
import { t } from "../texts/texts";

const kRowHeight = 32;
const kRowHeightPhone = 44;
// The list is put in order and counted this often at most: a mesh of thousands changes all the time.
const kOrderMs = 2_000;

function Name({ node }: { node: Node }) {
  return (
    <span class="node-name">
      <RoleMark shape={shapeOf(node.role)} age={ageOf(node.last_heard_us, now.value)} />
      <span class="chip">
        <bdi>{cleanName(node.short_name, 8) || kUnknown}</bdi>
      </span>
      <a class="clip" href={`/nodes?node=${encodeURIComponent(node.id)}`} tabIndex={-1} onClick={(event) => event.preventDefault()}>
        <bdi>{cleanName(node.long_name) || node.id}</bdi>
      </a>
    </span>
  );
}

function Unknown() {
  return <span class="faint">{kUnknown}</span>;
}

function Battery({ node }: { node: Node }) {
  const charge = chargeOf(node.battery_level);
  if (charge === null) return <Unknown />;
  if (charge === "powered") return <span class="muted" title={t.node.powered}>{t.nodes.mains}</span>;
  return <span class={`battery ${charge}`}>{formatNumber(node.battery_level, 0, "%")}</span>;
}

const figure = (value: number | null, digits: number) => (value === null ? <Unknown /> : formatNumber(value, digits));

const kColumns: Column<Node>[] = [
  { name: "name", title: t.nodes.columns.name, class: "col-name", sortable: true, cell: (node) => <Name node={node} /> },
  { name: "id", title: t.nodes.columns.id, class: "col-id wide-only", cell: (node) => <span class="mono muted">{node.id}</span> },
  { name: "role", title: t.nodes.columns.role, class: "col-role wide-only", sortable: true, cell: (node) => (node.role ? roleName(node.role) : <Unknown />) },
  { name: "hardware", title: t.nodes.columns.hardware, class: "col-hardware wide-only", sortable: true, cell: (node) => <span class="muted clip">{cleanName(node.hw_model) || kUnknown}</span> },
  { name: "heard", title: t.nodes.columns.heard, class: "col-heard", number: true, sortable: true, cell: (node) => <Ago time={node.last_heard_us} /> },
  { name: "hops", title: t.nodes.columns.hops, hint: t.nodes.hopsHint, class: "col-small", number: true, sortable: true, cell: (node) => node.hops_away ?? <Unknown /> },
  { name: "snr", title: t.nodes.columns.snr, hint: t.nodes.snrHint, class: "col-snr", number: true, sortable: true, cell: (node) => <Snr value={node.snr} /> },
  { name: "battery", title: t.nodes.columns.battery, class: "col-battery", number: true, sortable: true, cell: (node) => <Battery node={node} /> },
  { name: "voltage", title: t.nodes.columns.voltage, class: "col-figure wide-only", number: true, sortable: true, cell: (node) => figure(node.voltage, 2) },
  { name: "channel", title: t.nodes.columns.channel, hint: t.nodes.channelHint, class: "col-figure wide-only", number: true, sortable: true, cell: (node) => figure(node.channel_utilization, 1) },
  { name: "air", title: t.nodes.columns.air, hint: t.nodes.airHint, class: "col-figure wide-only", number: true, sortable: true, cell: (node) => figure(node.air_util_tx, 1) },
  { name: "packets", title: t.nodes.columns.packets, class: "col-figure", number: true, sortable: true, cell: (node) => formatCount(node.packets) },
];

function QuickFilters({ tick }: { tick: number }) {
  const counts = useMemo(() => {
    const all = [...nodes.values()];
    return kQuickFilters.map((filter) => all.filter((node) => filter.holds(node, now.peek())).length);
  }, [tick, nodesLoaded.value]);
  return (
    <div class="quick-filters" role="group" aria-label={t.nodes.quickFilters}>
      {kQuickFilters.map((filter, i) => (
        <button key={filter.name} type="button" class="chip-button" aria-pressed={view.value.query === filter.query} onClick={() => ask({ query: filter.query })}>
          {t.nodes.quick[filter.name]}
          <span class="count">{formatCount(counts[i]!)}</span>
        </button>
      ))}
    </div>
  );
}

export function NodesPage() {
  const { query, sort, node: selected } = view.value;
  const asked = useAskedNodes(query);
  const order = sort || kNodeOrder;
  const tick = Math.floor(now.value / (kOrderMs * 1000));
  const count = asked.rows?.length ?? 0;
  // In the same order for a while, but each as it is now.
  const ids = useMemo(() => sortNodes([...(asked.rows ?? [])], order).map((node) => node.id), [tick, order, query, count, nodesLoaded.value]);
  const rows = ids.map((id) => nodes.get(id)).filter((node) => node !== undefined);
  return (
    <div class="page nodes-page">
      <h1 class="only-spoken">{t.nodes.title}</h1>
      <div class="page-head">
        <QueryBar of="nodes" query={query} names={queryNames} mistake={asked.mistake} onQuery={(text) => ask({ query: text })} />
        <QuickFilters tick={tick} />
      </div>
      <section class="panel" aria-label={t.nodes.title}>
        <header class="panel-head">
          <h2>{t.nodes.title}</h2>
          <span class="faint" role="status">
            {t.nodes.shown(formatCount(rows.length), formatCount(nodes.size))}
          </span>
          <span class="spring" />
          <a class="button" href={`/api/v1/export/nodes.csv?${new URLSearchParams({ q: query })}`} download>
            {t.nodes.csv}
          </a>
        </header>
        {!nodesLoaded.value || asked.rows === null ? (
          asked.mistake ? <Wrong /> : <SkeletonRows count={16} />
        ) : rows.length === 0 ? (
          <div class="panel-body">
            <p class="empty">{nodes.size === 0 ? t.nodes.none : t.nodes.noneAsked}</p>
          </div>
        ) : (
          <VirtualTable
            label={t.nodes.title}
            columns={kColumns}
            rows={rows}
            rowHeight={isPhone.value ? kRowHeightPhone : kRowHeight}
            keyOf={(node) => node.id}
            selected={selected}
            onOpen={(node) => open({ node: node.id })}
            sort={order}
            onSort={(next) => ask({ sort: next === kNodeOrder ? "" : next })}
          />
        )}
      </section>
    </div>
  );
}
