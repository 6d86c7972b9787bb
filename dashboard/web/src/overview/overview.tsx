// The first page: whether the mesh is well, at one glance.

import { MapPanel } from "../map/map_panel";
import { AgentsPanel } from "./agents_panel";
import { FeedPanel } from "./feed_panel";
import { KpiStrip } from "./kpi_strip";
import { MessagesPanel } from "./messages_panel";
import { TrafficPanel } from "./traffic_panel";
import { t } from "../texts/en";

export function Overview() {
  return (
    <div class="overview">
      <h1 class="only-spoken">{t.brand}</h1>
      <KpiStrip />
      <MapPanel />
      <FeedPanel />
      <TrafficPanel />
      <AgentsPanel />
      <MessagesPanel />
    </div>
  );
}
