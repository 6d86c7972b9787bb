// The nodes that one agent hears, as a table and, those that it hears directly, on a map.

import { getDirectLinks, type Link } from "../api/agents";
import type { Agent } from "../api/types";
import { PageLink } from "../components/page_link";
import { Ago, Panel, SkeletonRows, Snr } from "../components/parts";
import { RoleMark } from "../components/role_mark";
import { VirtualTable, type Column } from "../components/virtual_table";
import { useAnswer } from "../details/use_answer";
import { quoted } from "../logic/completion";
import { cleanName, formatCount, kUnknown } from "../logic/format";
import { heardNodes, hopsOf, kHeardOrder, type HeardNode } from "../logic/heard_nodes";
import { ageOf, shapeOf } from "../logic/roles";
import { snrGrade } from "../logic/signal";
import { MiniMap, type MiniLine, type MiniPoint } from "../map/mini_map";
import { useAskedNodes } from "../state/asked_nodes";
import { isPhone } from "../state/screen";
import { nodes, nodesLoaded, now } from "../state/store";
import { ask, open, view } from "../state/url";
import { t } from "../texts/texts";
import { useEvery } from "./use_every";

const kAskAgainMs = 30_000;
const kRowHeight = 32;
const kRowHeightPhone = 44;
// More lines on a small map are one colour; the ones with the most receptions are kept.
const kLinesMost = 400;

const texts = t.agentsPage.page;

function Name({ row }: { row: HeardNode }) {
  const { node } = row;
  return (
    <span class="node-name">
      <RoleMark shape={shapeOf(node.role)} age={ageOf(node.last_heard_us, now.value)} />
      <PageLink to={{ page: "nodes", subject: node.id }} class="clip" skipped>
        <bdi>{cleanName(node.long_name) || node.id}</bdi>
      </PageLink>
    </span>
  );
}

const unknown = <span class="faint">{kUnknown}</span>;

const kColumns: Column<HeardNode>[] = [
  { name: "name", title: texts.nodeColumns.name, class: "col-heard-name", sortable: true, cell: (row) => <Name row={row} /> },
  { name: "snr", title: texts.nodeColumns.snr, hint: texts.nodeHints.snr, class: "col-heard-snr", number: true, sortable: true, cell: (row) => <Snr value={row.link?.snr ?? null} /> },
  { name: "direct", title: texts.nodeColumns.direct, hint: texts.nodeHints.direct, class: "col-direct", number: true, sortable: true, cell: (row) => (row.link ? formatCount(row.link.count) : <span class="faint">0</span>) },
  { name: "hops", title: texts.nodeColumns.hops, hint: texts.nodeHints.hops, class: "col-hops", number: true, sortable: true, cell: (row) => hopsOf(row) ?? unknown },
  { name: "heard", title: texts.nodeColumns.heard, hint: texts.nodeHints.heard, class: "col-heard", number: true, sortable: true, cell: (row) => <Ago time={row.node.last_heard_us} /> },
];

function NodesPanel({ query, rows, direct, error }: { query: string; rows: HeardNode[] | null; direct: number; error: string | null }) {
  const { sort, node: selected } = view.value;
  return (
    <Panel
      title={texts.nodes}
      class="heard-panel"
      note={rows && <span class="faint">{texts.nodesNote(formatCount(direct), formatCount(rows.length))}</span>}
      tools={
        <PageLink to={{ page: "nodes", query }} class="button">
          {texts.allNodes}
        </PageLink>
      }
    >
      {rows === null ? (
        error ? <p class="empty" role="alert">{t.loadError(error)}</p> : <SkeletonRows count={8} />
      ) : rows.length === 0 ? (
        <p class="empty">{texts.noNodes}</p>
      ) : (
        <VirtualTable
          label={texts.nodes}
          columns={kColumns}
          rows={rows}
          rowHeight={isPhone.value ? kRowHeightPhone : kRowHeight}
          keyOf={(row) => row.node.id}
          selected={selected}
          onOpen={(row) => open({ node: row.node.id })}
          sort={sort || kHeardOrder}
          onSort={(next) => ask({ sort: next === kHeardOrder ? "" : next })}
        />
      )}
    </Panel>
  );
}

type Place = [longitude: number, latitude: number];

// Where the agent stands: as it says, else as its radio does.
function placeOf(agent: Agent): Place | null {
  const { longitude, latitude } = agent.location;
  if (longitude !== null && latitude !== null) return [longitude, latitude];
  const position = agent.radio.id === null ? null : nodes.get(agent.radio.id)?.position;
  return position ? [position.longitude, position.latitude] : null;
}

function MapPanel({ agent, links }: { agent: Agent; links: Link[] }) {
  const own = placeOf(agent);
  const points: MiniPoint[] = [];
  const lines: MiniLine[] = [];
  const strongest = [...links].sort((a, b) => b.count - a.count).slice(0, kLinesMost);
  for (const link of strongest) {
    const position = nodes.get(link.from)?.position;
    if (!position) continue;
    const place: Place = [position.longitude, position.latitude];
    const color = `--link-${link.snr === null ? "unknown" : snrGrade(link.snr)}`;
    points.push({ longitude: place[0], latitude: place[1], color, size: 4, open: () => open({ node: link.from }) });
    if (own) lines.push({ places: [place, own], color, width: 1.2 });
  }
  const placed = points.length;
  if (own) points.push({ longitude: own[0], latitude: own[1], label: cleanName(agent.id), color: "--agent", size: 7 });
  return (
    <Panel title={texts.map} class="agent-map-panel" note={<span class="faint">{texts.mapNote(formatCount(placed), formatCount(strongest.length))}</span>}>
      {points.length === 0 ? <p class="empty">{texts.noPlace}</p> : <MiniMap class="agent-map" label={texts.mapLabel(cleanName(agent.id), formatCount(placed))} points={points} lines={lines} />}
      <ul class="map-key faint">
        {(["good", "fair", "weak", "unknown"] as const).map((grade) => (
          <li key={grade} class={`key-${grade}`}>
            {texts.mapKey[grade]}
          </li>
        ))}
      </ul>
    </Panel>
  );
}

export function AgentNodes({ agent }: { agent: Agent }) {
  const query = `agent:${quoted(agent.id)}`;
  const asked = useAskedNodes(query);
  const again = useEvery(kAskAgainMs);
  const radio = agent.radio.id;
  const links = useAnswer(async (signal) => (radio === null ? [] : getDirectLinks(radio, signal)), `${radio} ${again}`);
  const known = links.data ?? [];
  const rows = asked.rows && nodesLoaded.value ? heardNodes(asked.rows, known, view.value.sort || kHeardOrder) : null;
  const direct = rows?.filter((row) => row.link).length ?? 0;
  return (
    <div class="pair">
      <NodesPanel query={query} rows={rows} direct={direct} error={asked.mistake?.message ?? links.error} />
      <MapPanel agent={agent} links={known} />
    </div>
  );
}
