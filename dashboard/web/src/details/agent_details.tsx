import type { Agent } from "../api/types";
import { PageLink } from "../components/page_link";
import { Ago, NodeLink } from "../components/parts";
import { agentState } from "../logic/agents";
import { cleanName, formatCount, formatNumber, kUnknown } from "../logic/format";
import { lostRecords } from "../logic/series";
import { agents, now } from "../state/store";
import { t } from "../texts/texts";
import { DrawerHead, DrawerSection } from "./drawer";

// Less is the network's delay and rounding, not a wrong clock.
const kSkewTold = 50e3; // µs

const kLedgerRows = ["captured", "delivered", "duplicate", "set_aside", "filtered", "waiting", "dropped"] as const;

function Facts({ agent }: { agent: Agent }) {
  const radio = agent.radio;
  const place = agent.location;
  return (
    <dl class="facts">
      <dt>{t.agent.location}</dt>
      <dd>
        {cleanName(place?.name) || kUnknown}
        {place?.latitude != null && (
          <span class="faint">
            {" "}
            {formatNumber(place.latitude, 4)}, {formatNumber(place.longitude, 4)}
          </span>
        )}
      </dd>
      <dt>{t.agent.link}</dt>
      <dd>
        {cleanName(agent.link?.description, 120) || kUnknown}
        {agent.link?.reason && <div class="faint">{cleanName(agent.link.reason, 200)}</div>}
      </dd>
      <dt>{t.agent.radio}</dt>
      <dd>
        {radio?.id ? <NodeLink id={radio.id} name={null} /> : kUnknown}
        <span class="muted"> {[radio?.hw_model, radio?.firmware].filter(Boolean).map((x) => cleanName(x)).join(" · ")}</span>
      </dd>
      <dt>{t.agent.region}</dt>
      <dd>{[radio?.region, radio?.modem_preset].filter(Boolean).map((x) => cleanName(x)).join(" · ") || kUnknown}</dd>
      <dt>{t.agent.channels}</dt>
      <dd>
        {agent.channels.length === 0
          ? kUnknown
          : agent.channels.map((channel) => (
              <span key={channel.index} class="chip" title={`#${channel.index} · 0x${channel.hash.toString(16)}`}>
                <bdi>{cleanName(channel.name, 24) || `#${channel.index}`}</bdi>
              </span>
            ))}
      </dd>
      <dt>{t.agent.upload}</dt>
      <dd>
        <Ago time={agent.last_upload_us} suffix />
      </dd>
      <dt>{t.agent.since}</dt>
      <dd>
        <Ago time={agent.first_seen_us} suffix />
      </dd>
      {agent.clock_skew_us != null && Math.abs(agent.clock_skew_us) >= kSkewTold && (
        <>
          <dt>{t.agent.skew}</dt>
          <dd>{formatNumber(agent.clock_skew_us / 1e6, 2, "s")}</dd>
        </>
      )}
      <dt>{t.agent.receptions}</dt>
      <dd>{formatCount(agent.receptions)}</dd>
      <dt>{t.agent.version}</dt>
      <dd>{cleanName(agent.version) || kUnknown}</dd>
    </dl>
  );
}

export function AgentDetails({ id }: { id: string }) {
  const agent = agents.value?.find((a) => a.id === id);
  const state = agent && agentState(agent, now.value);
  const ledger = agent?.ledger;
  const lost = ledger ? lostRecords(ledger) : 0;
  return (
    <>
      <DrawerHead kind={t.drawer.agent} title={<bdi>{cleanName(id)}</bdi>}>
        {state && (
          <p class="drawer-sub">
            <span class={`status ${state.grade}`}>{state.word}</span>
            <PageLink to={{ page: "agents", subject: id }} class="button">
              {t.agentsPage.page.whole}
            </PageLink>
          </p>
        )}
      </DrawerHead>
      {agents.value && !agent && <p class="drawer-error">{t.drawer.notFound}</p>}
      {agent && (
        <DrawerSection title={t.drawer.agent}>
          <Facts agent={agent} />
        </DrawerSection>
      )}
      {ledger && (
        <DrawerSection title={t.agent.ledger}>
          <table class="small-table ledger">
            <tbody>
              {kLedgerRows.map((row) => (
                <tr key={row}>
                  <td class="muted">{t.agent.ledgerRows[row]}</td>
                  <td class="number">{formatCount(ledger[row])}</td>
                </tr>
              ))}
              <tr>
                <td>{t.agent.ledgerRows.lost}</td>
                <td class={`number ${lost ? "lost" : "lost-none"}`}>{formatCount(lost)}</td>
              </tr>
            </tbody>
          </table>
        </DrawerSection>
      )}
    </>
  );
}
