// How the node's names, role, hardware and key changed, the newest change first.

import type { NodeHistory } from "../api/node_page";
import { Ago, Panel, SkeletonRows } from "../components/parts";
import type { Answer } from "../details/use_answer";
import { cleanName } from "../logic/format";
import { identitySteps, shortKey, type IdentityChange } from "../logic/node_identity";
import { roleName } from "../logic/roles";
import { t } from "../texts/texts";

const kStepsShown = 20;

function Value({ field, value }: { field: IdentityChange["field"]; value: string }) {
  if (field === "public_key") {
    return (
      <span class="mono" title={cleanName(value, 80)}>
        {shortKey(cleanName(value, 80))}
      </span>
    );
  }
  return <bdi>{field === "role" ? roleName(cleanName(value)) : cleanName(value)}</bdi>;
}

function Change({ change }: { change: IdentityChange }) {
  const texts = t.nodePage.identity;
  return (
    <>
      <dt>{texts.fields[change.field]}</dt>
      <dd>
        <Value field={change.field} value={change.value} />
        {change.before !== null && (
          <div class="faint">
            {texts.before}: <Value field={change.field} value={change.before} />
          </div>
        )}
      </dd>
    </>
  );
}

export function IdentityPanel({ history }: { history: Answer<NodeHistory> }) {
  const texts = t.nodePage.identity;
  const { data, error } = history;
  const steps = data ? identitySteps(data.changes).slice(0, kStepsShown) : [];
  return (
    <Panel title={texts.title} class="node-identity">
      <div class="node-body">
        {error && <p class="drawer-error">{t.loadError(error)}</p>}
        {!data && !error && <SkeletonRows count={4} />}
        {data && steps.length === 0 && <p class="empty">{texts.none}</p>}
        <ol class="timeline">
          {steps.map((step) => (
            <li key={step.time_us} class={step.keyChanged ? "warned" : undefined}>
              <p class="faint">
                <Ago time={step.time_us} suffix />
                {step.changes.every((change) => change.before === null) && ` · ${texts.first}`}
              </p>
              {step.keyChanged && <p class="status warn">{texts.keyChanged}</p>}
              <dl class="facts">
                {step.changes.map((change, i) => (
                  <Change key={i} change={change} />
                ))}
              </dl>
            </li>
          ))}
        </ol>
      </div>
    </Panel>
  );
}
