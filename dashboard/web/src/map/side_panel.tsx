// The panel beside the map, on a phone a sheet below it: legend and layers, or the nodes as a list.

import type { Node } from "../api/types";
import { Icon } from "../components/icons";
import { formatCount } from "../logic/format";
import type { Filtered, MapChoice } from "../logic/map_choice";
import { isPhone } from "../state/screen";
import { ask, view } from "../state/url";
import { t } from "../texts/texts";
import { LayerList } from "./layer_list";
import { LegendFilter } from "./legend_filter";
import { NodeList } from "./node_list";
import type { Overlays } from "./use_overlays";

export type Side = "legend" | "nodes" | "closed";

// On a phone the map has the screen for itself at first.
const sideAtFirst = (): Side => (isPhone.value ? "closed" : "legend");

export function sideOf(options: Record<string, string>): Side {
  const named = options["panel"];
  return named === "legend" || named === "nodes" || named === "closed" ? named : sideAtFirst();
}

const show = (side: Side) => ask({ options: { panel: side === sideAtFirst() ? "" : side } }, "replace");

interface Props {
  choice: MapChoice;
  counts: Filtered;
  placed: Node[];
  unplaced: Node[];
  overlays: Overlays;
}

export function SidePanel({ choice, counts, placed, unplaced, overlays }: Props) {
  const side = sideOf(view.value.options);
  const open = side !== "closed";
  const toggle = open ? t.mapPage.hide : t.mapPage.show;
  return (
    <aside class={open ? "map-side open" : "map-side"} aria-label={t.mapPage.side}>
      <header class="map-side-head">
        {(["legend", "nodes"] as const).map((each) => (
          <button key={each} type="button" class="map-tab" aria-pressed={side === each} onClick={() => show(each)}>
            {t.mapPage.tabs[each]}
            {each === "nodes" && <span class="count">{formatCount(placed.length + unplaced.length)}</span>}
          </button>
        ))}
        <span class="spring" />
        <button
          type="button"
          class="icon-button map-side-toggle"
          aria-expanded={open}
          aria-label={toggle}
          title={toggle}
          onClick={() => show(open ? "closed" : "legend")}
        >
          <Icon name="chevron" />
        </button>
      </header>
      {side === "legend" && (
        <div class="map-side-body">
          <LegendFilter choice={choice} counts={counts} />
          <LayerList choice={choice} overlays={overlays} placed={placed} />
        </div>
      )}
      {side === "nodes" && <NodeList placed={placed} unplaced={unplaced} />}
    </aside>
  );
}
