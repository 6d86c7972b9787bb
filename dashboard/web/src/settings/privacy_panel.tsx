// What readers are not shown, or not yet. It is set in the server's configuration alone.

import type { ComponentChildren } from "preact";
import { Panel } from "../components/parts";
import { formatCount, formatDuration, formatMeters } from "../logic/format";
import { precisionMeters } from "../logic/precision";
import { stats } from "../state/store";
import { t } from "../texts/texts";

const kExactBits = 32;

function Row({ name, children }: { name: string; children: ComponentChildren }) {
  return (
    <tr>
      <th scope="row">{name}</th>
      <td>{children}</td>
    </tr>
  );
}

function placesText(bits: number): string {
  const texts = t.settingsPage.privacy;
  if (bits >= kExactBits) return texts.exact;
  return bits === 0 ? texts.noPlaces : texts.rounded(formatMeters(precisionMeters(bits) ?? 0), String(bits));
}

export function PrivacyPanel() {
  const texts = t.settingsPage.privacy;
  const known = stats.value;
  if (!known) return null;
  const { position_precision: bits, hidden_nodes: hidden, delay_s: delay } = known.privacy;
  return (
    <Panel title={texts.title}>
      <div class="settings-body">
        <table class="small-table settings-privacy" data-precision={bits} data-hidden={hidden} data-delay={delay}>
          <tbody>
            <Row name={texts.places}>{placesText(bits)}</Row>
            <Row name={texts.delay}>{delay === 0 ? texts.noDelay : formatDuration(delay)}</Row>
            <Row name={texts.hidden}>{hidden === 0 ? texts.nobody : texts.nodes(formatCount(hidden), formatCount(known.records.hidden))}</Row>
          </tbody>
        </table>
        <p class="faint">{texts.note}</p>
        <pre class="settings-example mono" aria-label={texts.example}>
          {"[privacy]\nposition_precision = 14\ndelay = 15m\nhidden_nodes = !a1b2c3d4"}
        </pre>
      </div>
    </Panel>
  );
}
