// Everything about one node, in panels on a page that scrolls.

import { useMemo } from "preact/hooks";
import { findNode } from "../api/node_page";
import { SkeletonRows } from "../components/parts";
import { useAnswer } from "../details/use_answer";
import { rangeOf, windowAt } from "../logic/node_range";
import { nodes, nodesRevision, now } from "../state/store";
import { view } from "../state/url";
import { t } from "../texts/texts";
import { ActivityPanel } from "./activity_panel";
import { HeardByPanel } from "./heard_by_panel";
import { IdentityPanel } from "./identity_panel";
import { NeighboursPanels } from "./neighbours_panels";
import { NewestMessages, NewestPackets, NewestTraceroutes } from "./newest_panels";
import { NodeBar, NodeHead } from "./node_head";
import { PageLink } from "../components/page_link";
import { PositionPanel } from "./position_panel";
import { TelemetryPanel } from "./telemetry_panel";
import { useHistory, useListening } from "./use_node_answers";
import "../styles/node_page.css";

// What is known of the node is asked for anew at most this often, and only when it was heard again; what changes seldom,
// or takes the server longer to find, less often.
const kAgainUs = 5e6;
const kSeldomUs = 30e6;

function Unknown({ id }: { id: string }) {
  return (
    <div class="page flow node-page">
      <section class="panel node-unknown" aria-label={t.nodePage.unknownTitle}>
        <div class="empty">
          <h1>{t.nodePage.unknownTitle}</h1>
          <p>{t.nodePage.unknownText(id)}</p>
          <p>
            <PageLink class="button" to={{ page: "nodes" }}>
              {t.nodePage.back}
            </PageLink>
          </p>
        </div>
      </section>
    </div>
  );
}

export function NodePage({ id }: { id: string }) {
  nodesRevision.value;
  const known = nodes.get(id);
  const heard = known?.last_heard_us ?? null;
  const heardIn = (step: number) => (heard === null ? Boolean(known) : Math.floor(heard / step));
  const { data, error } = useAnswer((signal) => findNode(id, signal), heardIn(kAgainUs));
  const version = heardIn(kSeldomUs);
  const range = rangeOf(view.value.options["range"]);
  const { since, until } = windowAt(range, now.value);
  const window = useMemo(() => ({ since, until }), [since, until]);
  const node = data?.node ?? null;
  const history = useHistory(id, version);
  const listening = useListening(node, window);
  if (data && !node) return <Unknown id={id} />;
  return (
    <div class="page flow node-page">
      {error && (
        <p class="load-error" role="alert">
          {t.loadError(error)}
        </p>
      )}
      {node ? <NodeHead node={node} report={history.data?.map_report ?? null} /> : !error && <SkeletonRows count={4} />}
      {node && (
        <>
          <NodeBar node={node} range={range} />
          <TelemetryPanel id={id} window={window} range={range} listening={listening} />
          <div class="node-columns">
            <PositionPanel node={node} />
            <div class="node-stack">
              <HeardByPanel node={node} />
              <ActivityPanel id={id} range={range} listening={listening} version={version} />
              <IdentityPanel history={history} />
            </div>
          </div>
          <NeighboursPanels id={id} window={window} version={version} />
          <div class="node-columns">
            <NewestPackets node={node} />
            <div class="node-stack">
              <NewestMessages id={id} version={version} />
              <NewestTraceroutes id={id} version={version} />
            </div>
          </div>
        </>
      )}
    </div>
  );
}
