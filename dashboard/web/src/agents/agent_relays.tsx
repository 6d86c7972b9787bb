// The relays that one agent's radio hears. Which node a relay is, is never known: only which it could be.

import { getRelays, type Relay } from "../api/agents";
import { Ago, NodeLink, Panel, SkeletonRows, Snr } from "../components/parts";
import { useAnswer } from "../details/use_answer";
import { formatCount } from "../logic/format";
import { nodes } from "../state/store";
import { t } from "../texts/texts";
import { useEvery } from "./use_every";

const kAskAgainMs = 30_000;

const byteText = (byte: number) => `…${byte.toString(16).padStart(2, "0")}`;

function Candidates({ relay }: { relay: Relay }) {
  const texts = t.agentsPage.page;
  if (relay.candidates.length === 0) return <span class="faint">{texts.noCandidate}</span>;
  return (
    <span class="candidates">
      {relay.candidates.map((candidate, i) => (
        <span key={candidate.node}>
          {i > 0 && <span class="faint">{texts.maybe} </span>}
          <NodeLink id={candidate.node} name={nodes.get(candidate.node)?.long_name ?? null} />
        </span>
      ))}
    </span>
  );
}

export function AgentRelays({ id }: { id: string }) {
  const texts = t.agentsPage.page;
  const again = useEvery(kAskAgainMs);
  const { data, error } = useAnswer((signal) => getRelays(id, signal), again);
  const relays = data && [...data].sort((a, b) => b.count - a.count);
  return (
    <Panel title={texts.relays} class="relays-panel" note={<span class="faint clip">{texts.relaysNote}</span>}>
      {relays === null ? (
        error ? <p class="empty" role="alert">{t.loadError(error)}</p> : <SkeletonRows count={6} />
      ) : relays.length === 0 ? (
        <p class="empty">{texts.noRelays}</p>
      ) : (
        <div class="panel-body list-box">
          <table class="small-table">
            <thead>
              <tr>
                <th>{texts.relayColumns.byte}</th>
                <th>{texts.relayColumns.maybe}</th>
                <th class="number">{texts.relayColumns.packets}</th>
                <th class="number">{texts.relayColumns.snr}</th>
                <th class="number">{texts.relayColumns.last}</th>
              </tr>
            </thead>
            <tbody>
              {relays.map((relay) => (
                <tr key={relay.relay} data-relay={relay.relay}>
                  <td class="mono">{byteText(relay.relay)}</td>
                  <td>
                    <Candidates relay={relay} />
                  </td>
                  <td class="number">{formatCount(relay.count)}</td>
                  <td class="number">
                    <Snr value={relay.snr} />
                  </td>
                  <td class="number">
                    <Ago time={relay.last_us} />
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </Panel>
  );
}
