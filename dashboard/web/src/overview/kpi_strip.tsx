// Whether the mesh is well, and six figures with their meaning, their course, and where to see more.

import type { ComponentChildren } from "preact";
import { getSeries } from "../api/client";
import { PageLink } from "../components/page_link";
import { Bar, Spark } from "../components/parts";
import { health } from "../logic/findings";
import { formatAge, formatCount, formatDuration, formatNumber, kUnknown } from "../logic/format";
import { lastSixtySeconds } from "../logic/series";
import { dayOf } from "../logic/traffic";
import { findings } from "../state/findings";
import { usePolled } from "../state/polled";
import { lagCurve, messages, now, stats } from "../state/store";
import type { Target } from "../state/url";
import { t } from "../texts/texts";

const kDaysMs = 60_000;

interface TileProps {
  name: string;
  label: string;
  value: string | null; // null: not known yet
  sub: string;
  to: Target;
  hint?: string;
  children?: ComponentChildren;
}

function Tile(props: TileProps) {
  return (
    <PageLink class="tile" data-kpi={props.name} title={props.hint} to={props.to}>
      <span class="tile-label">{props.label}</span>
      {props.value == null ? <span class="skeleton tile-wait" /> : <span class="tile-value">{props.value}</span>}
      <span class="tile-sub clip">{props.value == null ? " " : props.sub}</span>
      <div class="tile-figure">{props.children}</div>
    </PageLink>
  );
}

// The mesh in one word; what is amiss stands in the panel below. Of a mesh that nobody has listened to nobody knows.
function HealthTile() {
  const list = findings.value;
  if (stats.value?.agents.total === 0) {
    return (
      <div class="tile health" data-kpi="health" role="status">
        <span class="tile-label">{t.kpi.health}</span>
        <span class="tile-value">{t.kpi.unheard}</span>
        <span class="tile-sub clip">{t.kpi.unheardSub}</span>
      </div>
    );
  }
  const grade = list ? health(list) : null;
  return (
    <div class={`tile health ${grade ?? ""}`} data-kpi="health" role="status">
      <span class="tile-label">{t.kpi.health}</span>
      {grade ? <span class="tile-value">{t.kpi.healthWords[grade]}</span> : <span class="skeleton tile-wait" />}
      <span class="tile-sub clip">{list ? t.kpi.healthSub(list.length) : " "}</span>
    </div>
  );
}

// "▲ 12 %" beside the same stretch of the day before.
function change(share: number | null): string {
  if (share === null) return "";
  const percent = Math.round(share * 100);
  return ` · ${percent === 0 ? "±0" : `${percent > 0 ? "▲" : "▼"} ${formatNumber(Math.abs(percent), 0)}`} %`;
}

export function KpiStrip() {
  const s = stats.value;
  const time = now.value;
  const days = usePolled((signal) => getSeries("1h", "48h", signal), kDaysMs);
  const packets = days && dayOf(days, time, "packets");
  const receptions = days && dayOf(days, time, "receptions");
  const texts = days && dayOf(days, time, "packets", "text");
  const newest = messages.value?.[0];
  const each = s && s.packets.last_hour > 0 ? formatNumber(s.receptions.last_hour / s.packets.last_hour, 1) : kUnknown;
  return (
    <div class="kpis">
      <HealthTile />
      <Tile name="nodes" label={t.kpi.nodes} value={s && formatCount(s.nodes.online)} sub={s ? t.kpi.nodesSub(formatCount(s.nodes.total)) : ""} to={{ page: "nodes", query: "is:online" }}>
        {s && <Bar share={s.nodes.total ? s.nodes.online / s.nodes.total : 0} />}
      </Tile>
      <Tile
        name="packets"
        label={t.kpi.packets}
        hint={t.kpi.dayHint}
        value={s && formatCount(lastSixtySeconds(s.series.minute, time, "packets"))}
        sub={s ? t.kpi.packetsSub(formatCount(s.packets.last_24h)) + change(packets?.change ?? null) : ""}
        to={{ page: "packets" }}
      >
        <Spark values={packets?.hours ?? []} label={t.kpi.dayHint} />
      </Tile>
      <Tile
        name="receptions"
        label={t.kpi.receptions}
        hint={t.kpi.dayHint}
        value={s && formatCount(lastSixtySeconds(s.series.minute, time, "receptions"))}
        sub={t.kpi.receptionsSub(each) + change(receptions?.change ?? null)}
        to={{ page: "packets", query: "is:heard" }}
      >
        <Spark values={receptions?.hours ?? []} label={t.kpi.dayHint} />
      </Tile>
      <Tile
        name="messages"
        label={t.kpi.messages}
        hint={t.kpi.dayHint}
        value={s && formatCount(s.messages.total)}
        sub={newest ? t.kpi.messagesSub(formatAge(time - newest.time_us)) : t.kpi.messagesNone}
        to={{ page: "messages" }}
      >
        <Spark values={texts?.hours ?? []} label={t.kpi.dayHint} />
      </Tile>
      <Tile name="agents" label={t.kpi.agents} value={s && formatCount(s.agents.online)} sub={s ? t.kpi.agentsSub(formatCount(s.agents.total)) : ""} to={{ page: "agents" }}>
        {s && <Bar share={s.agents.total ? s.agents.online / s.agents.total : 0} />}
      </Tile>
      <Tile
        name="lag"
        label={t.kpi.lag}
        hint={t.kpi.lagHint}
        value={s && formatDuration(s.projection.lag_seconds)}
        sub={s ? t.kpi.lagSub(formatCount(s.projection.lag_records)) : ""}
        to={{ page: "settings" }}
      >
        <Spark values={lagCurve.value} label={t.kpi.lagHint} />
      </Tile>
    </div>
  );
}
