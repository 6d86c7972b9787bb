// Where the node is and was: a map with its track, and the places it told last.

import { useMemo } from "preact/hooks";
import type { NodeDetail } from "../api/types";
import { Ago, Open, Panel } from "../components/parts";
import { formatAge, formatCount, formatMeters, formatNumber, kUnknown } from "../logic/format";
import { placesOf, staysOf, trackOf, type Stay } from "../logic/node_track";
import { precisionMeters } from "../logic/precision";
import { MiniMap, type MiniLine, type MiniPoint } from "../map/mini_map";
import { open } from "../state/url";
import { t } from "../texts/texts";

const kListed = 8;
// A smaller circle is hidden by the point in its middle.
const kCircleShown = 200; // metres
// By age of a part of the track, the newest first.
const kFade = ["--age-live", "--age-recent", "--age-day", "--age-old"];
const kFormats = [
  ["GPX", "gpx"],
  ["GeoJSON", "geojson"],
  ["KML", "kml"],
] as const;

function precisionText(bits: number | null): string {
  const meters = precisionMeters(bits);
  if (meters === null) return bits === null || bits <= 0 ? t.nodePage.position.unknownPrecision : t.nodePage.position.exact;
  return t.node.precision(formatMeters(meters));
}

function details(stay: Stay): string {
  const texts = t.nodePage.position;
  const parts = [precisionText(stay.precision_bits)];
  if (stay.satellites) parts.push(texts.satellites(formatCount(stay.satellites)));
  if (stay.speed) parts.push(formatNumber(stay.speed, 0, "km/h"));
  return parts.join(" · ");
}

function Places({ stays }: { stays: Stay[] }) {
  const texts = t.nodePage.position;
  return (
    <>
      <table class="small-table">
        <thead>
          <tr>
            <th>{texts.columns.until}</th>
            <th>{texts.columns.place}</th>
            <th class="number">{texts.columns.altitude}</th>
            <th class="number">{texts.columns.stay}</th>
            <th class="number">{texts.columns.reports}</th>
          </tr>
        </thead>
        <tbody>
          {stays.slice(0, kListed).map((stay) => (
            <tr key={stay.from_us + stay.latitude} data-packet={stay.packet}>
              <td>
                {stay.packet === null ? (
                  <Ago time={stay.until_us} suffix />
                ) : (
                  <Open to={{ packet: stay.packet }}>
                    <Ago time={stay.until_us} suffix />
                  </Open>
                )}
              </td>
              <td>
                {formatNumber(stay.latitude, 5)}, {formatNumber(stay.longitude, 5)}
                <div class="faint">{details(stay)}</div>
              </td>
              <td class="number">{formatNumber(stay.altitude, 0, "m")}</td>
              <td class="number">{stay.reports > 1 ? formatAge(Math.max(2e6, stay.until_us - stay.from_us)) : kUnknown}</td>
              <td class="number">{formatCount(stay.reports)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {stays.length > kListed && <p class="faint">{texts.more(formatCount(stays.length - kListed))}</p>}
    </>
  );
}

export function PositionPanel({ node }: { node: NodeDetail }) {
  const texts = t.nodePage.position;
  const positions = placesOf(node);
  const newest = positions[0];
  const { stays, points, lines } = useMemo(() => {
    const stays = staysOf(positions);
    const points = stays.map((stay, i): MiniPoint => {
      const around = precisionMeters(stay.precision_bits);
      return {
        longitude: stay.longitude,
        latitude: stay.latitude,
        color: kFade[Math.min(kFade.length - 1, Math.floor((i / stays.length) * kFade.length))]!,
        size: i === 0 ? 6 : 3,
        ...(i === 0 && around !== null && { aroundMeters: around }),
        ...(stay.packet !== null && { open: () => open({ packet: stay.packet }) }),
      };
    });
    const lines = trackOf(stays).map((part): MiniLine => ({ places: part.places, color: kFade[part.fade]!, width: 2 }));
    // What is newest is drawn last, over the others.
    return { stays, points: points.reverse(), lines };
  }, [positions.length, newest?.id, newest?.time_us]);
  const downloads = (
    <span class="node-downloads">
      {kFormats.map(([name, ending]) => (
        <a key={ending} class="button" href={`/api/v1/export/tracks.${ending}?${new URLSearchParams({ q: `from:${node.id}` })}`} title={texts.download(name)} download>
          {name}
        </a>
      ))}
    </span>
  );
  const note = <span class="faint clip">{texts.summary(formatCount(stays.length), formatCount(positions.length))}</span>;
  return (
    <Panel title={texts.title} class="node-position" note={newest && note} tools={node.positions.length > 0 && downloads}>
      <div class="node-body">
        {!newest && <p class="empty">{texts.none}</p>}
        {newest && (
          <>
            <MiniMap label={texts.label} points={points} lines={lines} class="node-map" />
            <p class="node-key faint">
              {lines.length > 0 && <span>{texts.track}</span>}
              {(precisionMeters(newest.precision_bits) ?? 0) >= kCircleShown && <span>{texts.circle}</span>}
            </p>
            <Places stays={stays} />
          </>
        )}
      </div>
    </Panel>
  );
}
