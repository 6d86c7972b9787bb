// A way as a ladder: each node, and between two of them how well the one heard the other.

import type { Step } from "../api/traceroutes";
import { NodeLink, nodeLabel, Snr } from "../components/parts";
import { RoleMark } from "../components/role_mark";
import { formatCount } from "../logic/format";
import { ageOf, shapeOf } from "../logic/roles";
import { hopCount } from "../logic/routes";
import { nodes, now } from "../state/store";
import { t } from "../texts/texts";

// A node by its long name; null: a relay that did not say who it is.
export const stepLabel = (node: string | null): string =>
  node === null ? t.traceroutesPage.unknownRelay : nodeLabel(node, nodes.get(node)?.long_name ?? null);

function StepNode({ id }: { id: string | null }) {
  if (id === null) {
    return (
      <span class="step-node muted" title={t.traceroutesPage.unknownRelayHint}>
        <span class="step-unknown" aria-hidden="true">
          ?
        </span>
        {t.traceroutesPage.unknownRelay}
      </span>
    );
  }
  const node = nodes.get(id);
  return (
    <span class="step-node">
      <RoleMark shape={shapeOf(node?.role ?? null)} age={ageOf(node?.last_heard_us ?? null, now.peek())} />
      <NodeLink id={id} name={node?.long_name ?? null} />
    </span>
  );
}

function StepSignal({ step }: { step: Step }) {
  if (step.snr === null) {
    return (
      <span class="step-signal faint" title={t.traceroutesPage.notMeasuredHint}>
        {t.traceroutesPage.notMeasured} {t.traceroutesPage.stepSnr}
      </span>
    );
  }
  return (
    <span class="step-signal" title={t.traceroutesPage.stepHint(stepLabel(step.node))}>
      <Snr value={step.snr} /> <span class="faint">{t.traceroutesPage.stepSnr}</span>
    </span>
  );
}

export function HopLadder({ title, steps }: { title: string; steps: Step[] }) {
  return (
    <section class="ladder" aria-label={title}>
      <h3>
        {title} <span class="faint">{t.traceroutesPage.hops(formatCount(hopCount(steps)))}</span>
      </h3>
      {steps.length === 0 && <p class="muted">{t.traceroutesPage.noWay}</p>}
      <ol>
        {steps.map((step, i) => (
          <li key={i}>
            {i > 0 && <StepSignal step={step} />}
            <StepNode id={step.node} />
          </li>
        ))}
      </ol>
    </section>
  );
}
