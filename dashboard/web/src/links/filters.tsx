// What is chosen above the links: the view, the time, the evidence, the node that they are around.

import type { ComponentChildren } from "preact";
import { Icon } from "../components/icons";
import { Open } from "../components/parts";
import { formatCount } from "../logic/format";
import { kLinkSpans, kLinkViews, toggledEvidence, type LinkChoices } from "../logic/link_choices";
import { kEvidences, type Evidence } from "../logic/link_graph";
import { kLongestFirst } from "../logic/link_rows";
import { ask, view } from "../state/url";
import { t } from "../texts/texts";
import type { NameOf } from "./link_parts";

// One of several; the usual one is not written into the address.
export function Choice<T extends string>(props: { label: string; hint?: string; values: readonly T[]; chosen: T; text(value: T): ComponentChildren; onChoose(value: T): void }) {
  return (
    <span class="switch" role="group" aria-label={props.label} title={props.hint}>
      {props.values.map((value) => (
        <button key={value} type="button" aria-pressed={value === props.chosen} onClick={() => props.onChoose(value)}>
          {props.text(value)}
        </button>
      ))}
    </span>
  );
}

export function ViewChoice({ chosen }: { chosen: LinkChoices }) {
  const texts = t.linksPage;
  return (
    <Choice
      label={texts.views}
      values={kLinkViews}
      chosen={chosen.view}
      text={(value) => texts.view[value]}
      onChoose={(value) => ask({ options: { view: value === "map" ? "" : value } })}
    />
  );
}

function EgoChip({ ego, steps, name }: { ego: string; steps: 1 | 2; name: NameOf }) {
  const texts = t.linksPage;
  const called = name(ego);
  return (
    <span class="ego">
      <span class="ego-chip">
        <Open to={{ node: ego }} class="clip" title={texts.egoOpen}>
          <bdi>{texts.ego(called)}</bdi>
        </Open>
        <button type="button" aria-label={texts.egoRemove(called)} title={texts.egoRemove(called)} onClick={() => ask({ options: { ego: "", steps: "" } })}>
          <Icon name="close" />
        </button>
      </span>
      <Choice label={texts.steps} values={["1", "2"] as const} chosen={steps === 2 ? "2" : "1"} text={(value) => texts.step[value]} onChoose={(value) => ask({ options: { steps: value === "2" ? "2" : "" } })} />
    </span>
  );
}

export function LinkFilters({ chosen, counts, name }: { chosen: LinkChoices; counts: Record<Evidence, number> | null; name: NameOf }) {
  const texts = t.linksPage;
  const longest = chosen.view === "table" && view.value.sort === kLongestFirst;
  return (
    <div class="page-head link-filters">
      <span class="link-filter">
        <span class="faint">{texts.since}</span>
        <Choice
          label={texts.since}
          hint={texts.sinceHint}
          values={kLinkSpans}
          chosen={chosen.since}
          text={(value) => texts.span[value]}
          onChoose={(value) => ask({ options: { since: value === "1d" ? "" : value } })}
        />
      </span>
      <div class="quick-filters" role="group" aria-label={texts.evidence}>
        {kEvidences.map((evidence) => (
          <button
            key={evidence}
            type="button"
            class="chip-button"
            aria-pressed={chosen.evidence.includes(evidence)}
            title={texts.evidenceMeaning[evidence]}
            onClick={() => ask({ options: { evidence: toggledEvidence(chosen.evidence, evidence) } })}
          >
            {texts.evidenceName[evidence]}
            <span class="count">{formatCount(counts?.[evidence])}</span>
          </button>
        ))}
        <button
          type="button"
          class="chip-button"
          aria-pressed={longest}
          title={texts.longestHint}
          onClick={() => ask(longest ? { sort: "" } : { sort: kLongestFirst, options: { view: "table" } })}
        >
          {texts.longest}
        </button>
      </div>
      {chosen.ego && <EgoChip ego={chosen.ego} steps={chosen.steps} name={name} />}
    </div>
  );
}
