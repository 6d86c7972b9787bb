// Every agent in a row: is its radio there, does it deliver, has it lost anything.

import type { Agent, Ledger } from "../api/types";
import { Ago, Open, Panel, SkeletonRows } from "../components/parts";
import { agentState } from "../logic/agents";
import { cleanName, formatCount, kUnknown } from "../logic/format";
import { lostRecords } from "../logic/series";
import { agentList, agents, now } from "../state/store";
import { t } from "../texts/texts";
import { NoAgent } from "./no_agent";

function AgentRow({ agent }: { agent: Agent }) {
  const ledger = agent.ledger;
  const lost = ledger ? lostRecords(ledger) : null;
  const state = agentState(agent, now.value);
  const place = cleanName(agent.location?.name);
  return (
    <tr data-agent={agent.id}>
      <td>
        <Open to={{ agent: agent.id }} class="agent-name">
          <span class="clip">
            <bdi>{cleanName(agent.id)}</bdi>
          </span>
          {place && place !== agent.id && (
            <span class="faint clip">
              <bdi>{place}</bdi>
            </span>
          )}
        </Open>
      </td>
      <td>
        <span class={`status ${state.grade}`} title={cleanName(agent.link?.reason ?? agent.link?.description, 200)}>
          {state.word}
        </span>
      </td>
      <td class="number">
        <Ago time={agent.last_upload_us} />
      </td>
      <td class="number" title={t.agents.waitingHint}>
        {formatCount(ledger?.waiting)}
      </td>
      <td class="number roomy-only" title={ledger ? t.agents.ledgerHint(formatCount(ledger.duplicate), formatCount(ledger.set_aside), formatCount(ledger.filtered)) : undefined}>
        {formatCount(ledger?.delivered)}
      </td>
      <td class={`number ${lost ? "lost" : "lost-none"}`} title={t.agents.lostHint}>
        {lost == null ? kUnknown : formatCount(lost)}
      </td>
    </tr>
  );
}

// The books of all agents together: what was captured is delivered, waits, or is named otherwise.
function Books() {
  const ledgers = agentList.value.map((a) => a.ledger).filter((l) => l != null);
  if (ledgers.length === 0) return null;
  const sum = (field: keyof Ledger) => formatCount(ledgers.reduce((total, ledger) => total + ledger[field], 0));
  return (
    <p class="books faint">
      {t.agents.books(sum("captured"), sum("delivered"), sum("waiting"), formatCount(ledgers.reduce((total, l) => total + lostRecords(l), 0)))}
    </p>
  );
}

export function AgentsPanel() {
  const columns = t.agents.columns;
  return (
    <Panel title={t.agents.title} class="agents">
      <div class="panel-body">
        {agents.value == null ? (
          <SkeletonRows count={4} />
        ) : agents.value.length === 0 ? (
          <NoAgent />
        ) : (
          <table class="agents-table small-table">
            <thead>
              <tr>
                <th>{columns.agent}</th>
                <th>{columns.link}</th>
                <th class="number">{columns.upload}</th>
                <th class="number">{columns.waiting}</th>
                <th class="number roomy-only">{columns.delivered}</th>
                <th class="number">{columns.lost}</th>
              </tr>
            </thead>
            <tbody>
              {agentList.value.map((agent) => (
                <AgentRow key={agent.id} agent={agent} />
              ))}
            </tbody>
          </table>
        )}
      </div>
      {agents.value && agents.value.length > 0 && <Books />}
    </Panel>
  );
}
