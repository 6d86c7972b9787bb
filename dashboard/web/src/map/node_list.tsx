// The nodes that the map shows, and those it cannot: to look through, and to open.

import { useMemo } from "preact/hooks";
import type { Node } from "../api/types";
import { Icon } from "../components/icons";
import { Ago } from "../components/parts";
import { RoleMark } from "../components/role_mark";
import { VirtualTable, type Column } from "../components/virtual_table";
import { cleanName, formatCount } from "../logic/format";
import { kNodeOrder, sortNodes } from "../logic/node_list";
import { ageOf, shapeOf } from "../logic/roles";
import { isPhone } from "../state/screen";
import { nodes, now } from "../state/store";
import { ask, open, view } from "../state/url";
import { t } from "../texts/texts";

const { list } = t.mapPage;
const kRowHeight = 32;
const kRowHeightPhone = 44;

const kColumns: Column<Node>[] = [
  {
    name: "name",
    title: list.name,
    class: "col-name",
    sortable: true,
    cell: (node) => (
      <span class="node-name">
        <RoleMark shape={shapeOf(node.role)} age={ageOf(node.last_heard_us, now.value)} />
        <bdi class="clip">{cleanName(node.long_name) || node.id}</bdi>
      </span>
    ),
  },
  { name: "heard", title: list.heard, class: "col-heard", number: true, sortable: true, cell: (node) => <Ago time={node.last_heard_us} /> },
];

function holds(node: Node, words: string): boolean {
  return [node.long_name, node.short_name, node.id].some((text) => text?.toLowerCase().includes(words));
}

interface Props {
  placed: Node[];
  unplaced: Node[];
}

export function NodeList({ placed, unplaced }: Props) {
  const { options, sort, query, node: selected } = view.value;
  const lists = { placed, unplaced };
  const which = options["list"] === "unplaced" ? "unplaced" : "placed";
  const find = options["find"] ?? "";
  const order = sort || kNodeOrder;
  const all = lists[which];
  const ids = useMemo(() => {
    const words = find.trim().toLowerCase();
    return sortNodes(words ? all.filter((node) => holds(node, words)) : [...all], order).map((node) => node.id);
  }, [all, find, order]);
  const rows = ids.map((id) => nodes.get(id)).filter((node) => node !== undefined);
  const asked = new URLSearchParams({ q: query });
  return (
    <section class="map-section map-nodes" aria-label={t.mapPage.tabs.nodes}>
      <div class="map-nodes-head">
        <span class="switch wide" role="group" aria-label={t.mapPage.tabs.nodes}>
          {(["placed", "unplaced"] as const).map((name) => (
            <button key={name} type="button" aria-pressed={which === name} data-list={name} onClick={() => ask({ options: { list: name === "placed" ? "" : name } })}>
              {list[name]} <span class="count">{formatCount(lists[name].length)}</span>
            </button>
          ))}
        </span>
        <label class="map-find">
          <Icon name="search" />
          <input
            type="search"
            value={find}
            placeholder={list.find}
            aria-label={list.find}
            maxLength={100}
            spellcheck={false}
            onInput={(event) => ask({ options: { find: event.currentTarget.value } }, "replace")}
          />
          {find && <span class="faint">{list.count(formatCount(rows.length), formatCount(all.length))}</span>}
        </label>
      </div>
      {rows.length === 0 ? (
        <p class="empty">{find && all.length > 0 ? list.noneFound : which === "unplaced" && placed.length > 0 ? list.noneUnplaced : list.none}</p>
      ) : (
        <VirtualTable
          label={list[which]}
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
      <p class="map-export faint">
        {list.export}
        {(["geojson", "kml", "csv"] as const).map((form) => (
          <a key={form} href={`/api/v1/export/nodes.${form}?${asked}`} download>
            {{ geojson: "GeoJSON", kml: "KML", csv: "CSV" }[form]}
          </a>
        ))}
      </p>
    </section>
  );
}
