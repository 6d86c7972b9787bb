// A packet's sender and the agents that received it on a small map; what has no position is listed below it.

import type { PacketDetail } from "../../api/types";
import { nodeLabel, NodeLink, Open } from "../../components/parts";
import { cleanName } from "../../logic/format";
import { receiversOf, senderPlace } from "../../logic/packet_map";
import { precisionMeters } from "../../logic/precision";
import { MiniMap, type MiniLine, type MiniPoint } from "../../map/mini_map";
import { agentList, nodes, nodesRevision } from "../../state/store";
import { open } from "../../state/url";
import { t } from "../../texts/texts";
import { DrawerSection } from "../drawer";

const kLabelLength = 24;

export function MapTab({ packet }: { packet: PacketDetail }) {
  nodesRevision.value;
  const sender = nodes.get(packet.from);
  const from = senderPlace(sender);
  const receivers = receiversOf(packet, agentList.value);
  const placed = receivers.flatMap((receiver) => (receiver.place ? [{ ...receiver, place: receiver.place }] : []));
  const missing = receivers.filter((receiver) => !receiver.place);
  const texts = t.inspector.map;
  const around = precisionMeters(sender?.position?.precision_bits);
  const points: MiniPoint[] = placed.map(({ agent, place }) => ({
    ...place,
    label: cleanName(agent, kLabelLength),
    color: "--agent",
    open: () => open({ agent }),
  }));
  if (from) {
    points.push({
      ...from,
      label: nodeLabel(packet.from, packet.from_name).slice(0, kLabelLength),
      color: "--age-live",
      size: 7,
      open: () => open({ node: packet.from }),
      ...(around === null ? {} : { aroundMeters: around }),
    });
  }
  const lines: MiniLine[] = from
    ? placed.map(({ place, grade, direct }) => ({
        places: [[from.longitude, from.latitude], [place.longitude, place.latitude]],
        color: `--link-${grade}`,
        dashed: !direct,
      }))
    : [];
  return (
    <DrawerSection title={t.inspector.tabs.map}>
      {points.length > 0 ? <MiniMap label={texts.label} points={points} lines={lines} class="packet-map" /> : <p class="faint">{texts.nothing}</p>}
      <ul class="packet-legend">
        <li>
          <span class="legend-dot sender" aria-hidden="true" /> <span class="muted">{texts.sender}</span> <NodeLink id={packet.from} name={packet.from_name} />
        </li>
        {placed.map(({ agent, grade, direct }) => (
          <li key={agent}>
            <span class={`legend-line ${grade} ${direct ? "" : "dashed"}`} aria-hidden="true" />{" "}
            <Open to={{ agent }}>
              <bdi>{cleanName(agent)}</bdi>
            </Open>{" "}
            <span class="muted">
              {texts.grades[grade]}, {direct ? texts.direct : texts.relayed}
            </span>
          </li>
        ))}
      </ul>
      {(missing.length > 0 || !from) && (
        <p class="packet-unplaced">
          <span class="muted">{texts.missing}:</span>{" "}
          {!from && (
            <>
              <NodeLink id={packet.from} name={packet.from_name} /> <span class="faint">({texts.sender})</span>{" "}
            </>
          )}
          {missing.map(({ agent }) => (
            <span key={agent} class="candidate">
              <Open to={{ agent }}>
                <bdi>{cleanName(agent)}</bdi>
              </Open>
            </span>
          ))}
        </p>
      )}
      {lines.length > 0 && <p class="faint inspector-note">{texts.hint}</p>}
    </DrawerSection>
  );
}
