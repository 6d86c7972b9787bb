// Who received a packet, in the order of arrival on one time scale, with the signal and the way it came.

import { getRelays, type Relay } from "../../api/inspector";
import type { PacketDetail } from "../../api/types";
import { NodeLink, Open, Snr } from "../../components/parts";
import { byteText } from "../../logic/packet_bytes";
import { cleanName, formatCount, formatNumber, kUnknown } from "../../logic/format";
import { arrivalsOf, endingIn, type Arrival } from "../../logic/packet_receptions";
import { nodes, nodesRevision } from "../../state/store";
import { t } from "../../texts/texts";
import { DrawerSection } from "../drawer";
import { useAnswer } from "../use_answer";

const kCandidatesShown = 4;
// Agents that are asked for what they hear from relays; of the others the list of nodes gives the candidates.
const kAgentsAsked = 8;

// "180 ms", "2.41 s"
function durationText(micros: number): string {
  return micros < 1e6 ? formatNumber(micros / 1e3, micros < 1e4 ? 1 : 0, "ms") : formatNumber(micros / 1e6, 2, "s");
}

type Relays = Map<string, Relay[]>;

async function askRelays(agents: string[], signal: AbortSignal): Promise<Relays> {
  const answers = await Promise.allSettled(agents.map((agent) => getRelays(agent, signal)));
  return new Map(answers.flatMap((answer, i) => (answer.status === "fulfilled" ? [[agents[i]!, answer.value] as const] : [])));
}

function RelayText({ arrival, relays }: { arrival: Arrival; relays: Relays | null }) {
  const { relay_node: byte, hops, agent } = arrival.reception;
  const texts = t.inspector.receptions;
  if (hops === 0 && arrival.way === null) return <span class="muted">{texts.direct}</span>;
  if (!byte) return <span class="faint">{texts.noRelay}</span>;
  nodesRevision.value;
  const heard = relays?.get(agent)?.find((relay) => relay.relay === byte)?.candidates.map((each) => each.node) ?? [];
  const candidates = heard.length > 0 ? heard : endingIn(byte, nodes.keys());
  if (candidates.length === 0) return <span class="muted">{texts.noCandidate(byteText(byte))}</span>;
  return (
    <span title={texts.relayHint}>
      <span class="muted">{texts.candidates(byteText(byte))}</span>{" "}
      {candidates.slice(0, kCandidatesShown).map((id) => (
        <span key={id} class="candidate">
          <NodeLink id={id} name={nodes.get(id)?.long_name ?? null} />
        </span>
      ))}
      {candidates.length > kCandidatesShown && <span class="faint">{texts.more(formatCount(candidates.length - kCandidatesShown))}</span>}
    </span>
  );
}

function ArrivalRow({ arrival, relays }: { arrival: Arrival; relays: Relays | null }) {
  const { reception, after, way, share } = arrival;
  const texts = t.inspector.receptions;
  return (
    <li class={way ? "arrival unheard" : "arrival"}>
      <Open to={{ agent: reception.agent }} class="clip arrival-agent">
        <bdi>{cleanName(reception.agent)}</bdi>
      </Open>
      <span class="arrival-track" aria-hidden="true">
        {after !== null && <i style={{ width: `${(share * 100).toFixed(2)}%` }} />}
      </span>
      <span class="number arrival-after">
        {way ? <span title={t.notHeard[way].hint}>{t.notHeard[way].word}</span> : after === 0 ? texts.first : texts.after(durationText(after ?? 0))}
      </span>
      <dl class="arrival-facts">
        <div>
          <dt>{texts.snr}</dt>
          <dd>
            <Snr value={reception.snr} /> {reception.snr != null && "dB"}
          </dd>
        </div>
        <div>
          <dt>{texts.rssi}</dt>
          <dd>{formatNumber(reception.rssi, 0, "dBm")}</dd>
        </div>
        <div>
          <dt>{texts.hops}</dt>
          <dd>{reception.hops ?? kUnknown}</dd>
        </div>
        <div>
          <dt>{texts.left}</dt>
          <dd>{reception.hop_limit}</dd>
        </div>
        <div class="arrival-relay">
          <dt>{texts.relay}</dt>
          <dd>
            <RelayText arrival={arrival} relays={relays} />
          </dd>
        </div>
      </dl>
    </li>
  );
}

export function ReceptionsTab({ packet }: { packet: PacketDetail }) {
  const { arrivals, span } = arrivalsOf(packet.receptions);
  const relayed = packet.receptions.filter((reception) => reception.relay_node && reception.hops !== 0);
  const agents = [...new Set(relayed.map((reception) => reception.agent))].sort().slice(0, kAgentsAsked);
  const { data } = useAnswer((signal) => askRelays(agents, signal), agents.join("\n"));
  const texts = t.inspector.receptions;
  return (
    <DrawerSection
      title={`${texts.title} · ${formatCount(arrivals.length)}`}
      tools={span > 0 && <span class="faint arrival-scale">{texts.scale(durationText(span))}</span>}
    >
      {arrivals.length === 0 && <p class="faint">{texts.none}</p>}
      <ol class="arrivals">
        {arrivals.map((arrival) => (
          <ArrivalRow key={arrival.reception.id} arrival={arrival} relays={data} />
        ))}
      </ol>
      {arrivals.length > 1 && <p class="faint inspector-note">{texts.clocks}</p>}
    </DrawerSection>
  );
}
