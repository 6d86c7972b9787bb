// Who the node is and how it is now, and where to go from here.

import type { ComponentChildren } from "preact";
import type { NodeHistory } from "../api/node_page";
import type { NodeDetail } from "../api/types";
import { CopyButton } from "../components/copy_button";
import { Ago } from "../components/parts";
import { RoleMark } from "../components/role_mark";
import { cleanName, formatCount, formatDuration, formatNumber, kUnknown } from "../logic/format";
import { keyHex, shortKey } from "../logic/node_identity";
import { chargeOf } from "../logic/node_list";
import { kRangeDefault, kRanges, type Range } from "../logic/node_range";
import { ageOf, isOnline, roleName, shapeOf } from "../logic/roles";
import { kNothing, addressOf } from "../logic/view";
import { now } from "../state/store";
import { ask, view } from "../state/url";
import { t } from "../texts/texts";
import { PageLink } from "../components/page_link";

type MapReport = NodeHistory["map_report"];

function Fact({ name, hint, children }: { name: string; hint?: string; children: ComponentChildren }) {
  return (
    <div class="node-fact" title={hint}>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

function State({ node }: { node: NodeDetail }) {
  const states = t.nodePage.states;
  const [grade, word] = node.last_heard_us === null ? ["unknown", states.never] : isOnline(node, now.value) ? ["good", states.online] : ["bad", states.offline];
  return (
    <span class={`status ${grade}`} title={t.nodePage.stateHint}>
      {word}
    </span>
  );
}

function Battery({ node }: { node: NodeDetail }) {
  const charge = chargeOf(node.battery_level);
  const volts = node.voltage !== null && <span class="muted"> · {formatNumber(node.voltage, 2, "V")}</span>;
  if (charge === null) return <>{kUnknown}{volts}</>;
  if (charge === "powered") return <span title={t.node.powered}>{t.nodes.mains}{volts}</span>;
  return (
    <>
      <span class={`battery ${charge}`}>{formatNumber(node.battery_level, 0, "%")}</span>
      {volts}
    </>
  );
}

function Report({ report }: { report: NonNullable<MapReport> }) {
  const names = t.nodePage.facts;
  const hint = t.nodePage.mapReport;
  return (
    <>
      <Fact name={names.firmware} hint={hint}>
        <bdi>{cleanName(report.firmware) || kUnknown}</bdi>
      </Fact>
      <Fact name={names.region} hint={hint}>
        <bdi>{cleanName(report.region) || kUnknown}</bdi>
      </Fact>
      <Fact name={names.preset} hint={hint}>
        <bdi>{cleanName(report.modem_preset) || kUnknown}</bdi>
        {report.default_channel && <span class="faint"> · {t.nodePage.defaultChannel}</span>}
      </Fact>
      <Fact name={names.counts} hint={hint}>
        {formatCount(report.online_nodes)} <span class="faint">· <Ago time={report.time_us} suffix /></span>
      </Fact>
    </>
  );
}

function Facts({ node, report }: { node: NodeDetail; report: MapReport }) {
  const names = t.nodePage.facts;
  const key = node.public_key && keyHex(node.public_key);
  return (
    <dl class="node-facts">
      <Fact name={t.node.heard}>
        <Ago time={node.last_heard_us} suffix />
      </Fact>
      <Fact name={t.node.firstHeard}>
        <Ago time={node.first_heard_us} suffix />
      </Fact>
      <Fact name={t.node.packets}>{formatCount(node.packets)}</Fact>
      <Fact name={t.node.hops} hint={t.nodes.hopsHint}>{node.hops_away ?? kUnknown}</Fact>
      <Fact name={t.node.signal} hint={t.nodePage.signalHint}>
        {formatNumber(node.snr, 1, "dB")} <span class="muted">· {formatNumber(node.rssi, 0, "dBm")}</span>
      </Fact>
      <Fact name={t.node.battery}>
        <Battery node={node} />
      </Fact>
      <Fact name={t.node.channelUse} hint={t.nodes.channelHint}>{formatNumber(node.channel_utilization, 1, "%")}</Fact>
      <Fact name={t.node.airUse} hint={t.nodes.airHint}>{formatNumber(node.air_util_tx, 1, "%")}</Fact>
      <Fact name={t.node.uptime}>{formatDuration(node.uptime_seconds)}</Fact>
      <Fact name={names.key} hint={key ? `${t.nodePage.keyHint}: ${key}` : t.nodePage.keyHint}>
        {key ? <span class="mono">{shortKey(key)}</span> : <span class="faint">{t.nodePage.noKey}</span>}
      </Fact>
      <Fact name={names.number}>
        <span class="mono">{node.num}</span>
      </Fact>
      {report && <Report report={report} />}
    </dl>
  );
}

// Stays at the top while the page is scrolled: whose page it is, and the time that all charts show.
export function NodeBar({ node, range }: { node: NodeDetail; range: Range }) {
  return (
    <div class="node-bar">
      <span class="clip" aria-hidden="true">
        <bdi>{cleanName(node.long_name) || node.id}</bdi>
      </span>
      <span class="spring" />
      <span class="faint wide-only">{t.nodePage.range}</span>
      <div class="switch node-range" role="group" aria-label={t.nodePage.range}>
        {kRanges.map((each) => (
          <button key={each} type="button" aria-pressed={each === range} onClick={() => ask({ options: { range: each === kRangeDefault ? "" : each } })}>
            {t.nodePage.ranges[each]}
          </button>
        ))}
      </div>
    </div>
  );
}

export function NodeHead({ node, report }: { node: NodeDetail; report: MapReport }) {
  const address = location.origin + addressOf({ ...view.value, ...kNothing });
  return (
    <section class="panel node-head" aria-label={t.nodePage.title}>
      <div class="node-title">
        <span class="node-mark">
          <RoleMark shape={shapeOf(node.role)} age={ageOf(node.last_heard_us, now.value)} />
        </span>
        <div class="node-names">
          <h1>
            <bdi>{cleanName(node.long_name, 60) || node.id}</bdi>
          </h1>
          <p class="node-sub muted">
            <State node={node} />
            {node.short_name && (
              <span class="chip">
                <bdi>{cleanName(node.short_name, 12)}</bdi>
              </span>
            )}
            <span class="mono">{node.id}</span>
            <span>{roleName(node.role)}</span>
            {node.hw_model && <bdi>{cleanName(node.hw_model)}</bdi>}
            {node.is_licensed && <span class="chip">{t.node.licensed}</span>}
            {node.via_mqtt && <span class="chip">{t.node.mqtt}</span>}
          </p>
        </div>
        <div class="node-actions">
          {node.position ? (
            <PageLink class="button" to={{ page: "map", node: node.id }}>
              {t.nodePage.showOnMap}
            </PageLink>
          ) : (
            <span class="button node-off" aria-disabled="true" title={t.nodePage.noPlace}>
              {t.nodePage.noPlace}
            </span>
          )}
          <PageLink class="button" to={{ page: "packets", query: `from:${node.id}` }}>
            {t.nodePage.itsPackets}
          </PageLink>
          <CopyButton text={address} label={t.nodePage.copyLink} shown={() => null} />
        </div>
      </div>
      <Facts node={node} report={report} />
    </section>
  );
}
