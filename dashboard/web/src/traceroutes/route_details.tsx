// One traceroute: its ladder there and back, the map, and its past.

import { getPacket } from "../api/client";
import { getTraceroutesOf, type Traceroute } from "../api/traceroutes";
import { Ago, Open, SkeletonRows } from "../components/parts";
import { Icon } from "../components/icons";
import { useAnswer } from "../details/use_answer";
import { isBetween } from "../logic/routes";
import { nodesLoaded } from "../state/store";
import { ask } from "../state/url";
import { t } from "../texts/texts";
import { HopLadder, stepLabel } from "./hop_ladder";
import { RouteHistory } from "./route_history";
import { RouteMap } from "./route_map";

// `known`: it, when the list has it. `newest`: the id of the newest one of the list between the same nodes.
export function RouteDetails({ id, known, newest }: { id: number; known: Traceroute | null; newest: number }) {
  const { data, error } = useAnswer(async (signal) => {
    const node = known?.from ?? (await getPacket(id, signal)).from;
    return getTraceroutesOf(node, id, signal);
  }, `${id}|${newest}`);
  void nodesLoaded.value; // names and places are there from then on
  const route = known ?? data?.rows.find((row) => row.id === id) ?? null;
  return (
    <section class="panel route-details" aria-label={t.traceroutesPage.details}>
      <header class="panel-head">
        <button type="button" class="button to-list" onClick={() => ask({ options: { route: "" } })}>
          {t.traceroutesPage.toList}
        </button>
        {route && (
          <>
            <h2 class="clip">
              <bdi>{stepLabel(route.from)}</bdi> <Icon name="arrow" /> <bdi>{stepLabel(route.to)}</bdi>
            </h2>
            <span class="faint route-age">
              <Ago time={route.time_us} suffix />
            </span>
            <span class="spring" />
            <Open to={{ packet: id }} class="button" title={t.traceroutesPage.packetHint}>
              {t.traceroutesPage.packet}
            </Open>
          </>
        )}
      </header>
      <div class="panel-body" tabIndex={0} role="group" aria-label={t.traceroutesPage.details}>
        {error && (
          <p class="part-error" role="alert">
            {error === t.drawer.notFound ? t.traceroutesPage.missing : t.loadError(error)}
          </p>
        )}
        {route ? (
          <div class="route-parts">
            <div class="ladders">
              <HopLadder title={t.traceroutesPage.there} steps={route.towards} />
              {route.back ? (
                <HopLadder title={t.traceroutesPage.back} steps={route.back} />
              ) : (
                <section class="ladder" aria-label={t.traceroutesPage.back}>
                  <h3>{t.traceroutesPage.back}</h3>
                  <p class="muted">{t.traceroutesPage.noBack}</p>
                </section>
              )}
            </div>
            <RouteMap route={route} />
            {data ? (
              <RouteHistory route={route} routes={data.rows.filter((row) => isBetween(row, route.from, route.to))} complete={data.complete} />
            ) : (
              !error && <SkeletonRows count={4} />
            )}
          </div>
        ) : data ? (
          <p class="empty">{t.traceroutesPage.missing}</p>
        ) : (
          !error && <SkeletonRows count={14} />
        )}
      </div>
    </section>
  );
}
