// The first page: whether the mesh is well, at one glance.

import { agents } from "../state/store";
import { MapPanel } from "../map/map_panel";
import { AgentsPanel } from "./agents_panel";
import { FeedPanel } from "./feed_panel";
import { FindingsPanel } from "./findings_panel";
import { KpiStrip } from "./kpi_strip";
import { MessagesPanel } from "./messages_panel";
import { TrafficPanel } from "./traffic_panel";
import { t } from "../texts/texts";

export function Overview() {
  // Without an agent there is nothing to watch: what to do first takes the place of the packets.
  const first = agents.value?.length === 0;
  return (
    <div class={first ? "overview first-steps" : "overview"}>
      <h1 class="only-spoken">{t.brand}</h1>
      <KpiStrip />
      <MapPanel />
      <FeedPanel />
      <TrafficPanel />
      <AgentsPanel />
      <FindingsPanel />
      <MessagesPanel />
    </div>
  );
}
