// Six figures with their meaning and their course.

import type { ComponentChildren } from "preact";
import { Bar, Spark } from "../components/parts";
import { formatAge, formatCount, formatDuration, kUnknown } from "../logic/format";
import { lastSixtySeconds, minuteSeries } from "../logic/series";
import { lagCurve, messages, now, stats } from "../state/store";
import { t } from "../texts/texts";

function Tile(props: { name: string; label: string; value: string | null; sub: string; hint?: string; children?: ComponentChildren }) {
  return (
    <div class="tile" data-kpi={props.name} title={props.hint}>
      <span class="tile-label">{props.label}</span>
      {props.value == null ? <span class="skeleton tile-wait" /> : <span class="tile-value">{props.value}</span>}
      <span class="tile-sub clip">{props.value == null ? " " : props.sub}</span>
      <div class="tile-figure">{props.children}</div>
    </div>
  );
}

export function KpiStrip() {
  const s = stats.value;
  const time = now.value;
  // The running minute is left out of the curves: it would always seem to fall.
  const minutes = s ? minuteSeries(s.series.minute, time, 61).slice(0, -1) : [];
  const newest = messages.value?.[0];
  const each = s && s.packets.last_hour > 0 ? (s.receptions.last_hour / s.packets.last_hour).toFixed(1) : kUnknown;
  return (
    <div class="kpis">
      <Tile name="nodes" label={t.kpi.nodes} value={s && formatCount(s.nodes.online)} sub={s ? t.kpi.nodesSub(formatCount(s.nodes.total)) : ""}>
        {s && <Bar share={s.nodes.total ? s.nodes.online / s.nodes.total : 0} />}
      </Tile>
      <Tile
        name="packets"
        label={t.kpi.packets}
        hint={t.kpi.perMinuteHint}
        value={s && formatCount(lastSixtySeconds(s.series.minute, time, "packets"))}
        sub={s ? t.kpi.packetsSub(formatCount(s.packets.last_24h)) : ""}
      >
        <Spark values={minutes.map((p) => p.packets)} label={t.kpi.perMinuteHint} />
      </Tile>
      <Tile
        name="receptions"
        label={t.kpi.receptions}
        hint={t.kpi.perMinuteHint}
        value={s && formatCount(lastSixtySeconds(s.series.minute, time, "receptions"))}
        sub={t.kpi.receptionsSub(each)}
      >
        <Spark values={minutes.map((p) => p.receptions)} label={t.kpi.perMinuteHint} />
      </Tile>
      <Tile
        name="messages"
        label={t.kpi.messages}
        value={s && formatCount(s.messages.total)}
        sub={newest ? t.kpi.messagesSub(formatAge(time - newest.time_us)) : t.kpi.messagesNone}
      />
      <Tile name="agents" label={t.kpi.agents} value={s && formatCount(s.agents.online)} sub={s ? t.kpi.agentsSub(formatCount(s.agents.total)) : ""}>
        {s && <Bar share={s.agents.total ? s.agents.online / s.agents.total : 0} />}
      </Tile>
      <Tile
        name="lag"
        label={t.kpi.lag}
        hint={t.kpi.lagHint}
        value={s && formatDuration(s.projection.lag_seconds)}
        sub={s ? t.kpi.lagSub(formatCount(s.projection.lag_records)) : ""}
      >
        <Spark values={lagCurve.value} label={t.kpi.lagHint} />
      </Tile>
    </div>
  );
}
