// How far back the page looks; it is part of the address.

import { kRanges, rangeOf, type Range } from "../logic/lanes";
import { ask, view } from "../state/url";
import { t } from "../texts/texts";

const kRangeFirst: Range = "24h";

export const shownRange = (): Range => rangeOf(view.value.options["range"]);

export function RangeSwitch() {
  const shown = shownRange();
  return (
    <div class="switch" role="group" aria-label={t.agentsPage.range}>
      {kRanges.map((range) => (
        <button key={range} type="button" aria-pressed={range === shown} onClick={() => ask({ options: { range: range === kRangeFirst ? "" : range } })}>
          {t.agentsPage.ranges[range]}
        </button>
      ))}
    </div>
  );
}
