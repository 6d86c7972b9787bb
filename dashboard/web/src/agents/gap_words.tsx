// What a gap was, in words.

import type { Micros } from "../api/types";
import { cleanName, formatCount, formatDateTime, formatDuration } from "../logic/format";
import type { Cause, Mark } from "../logic/lanes";
import { zone } from "../state/settings";
import { t } from "../texts/texts";

const kReasonLength = 200;

export function CauseName({ cause }: { cause: Cause }) {
  return (
    <span class="cause" title={t.agentsPage.causeHints[cause]}>
      <i class={`swatch gap-${cause}`} aria-hidden="true" />
      {t.agentsPage.causes[cause]}
    </span>
  );
}

export function GapWords({ mark, now }: { mark: Mark; now: Micros }) {
  const texts = t.agentsPage.gap;
  const at = (time: Micros) => formatDateTime(time, zone.value);
  const lasted = (mark.until_us ?? now) - mark.from_us;
  const isMoment = mark.until_us === mark.from_us;
  const words = [
    mark.count > 1 && texts.several(formatCount(mark.count)),
    isMoment ? texts.at(at(mark.from_us)) : mark.until_us === null ? texts.since(at(mark.from_us)) : texts.span(at(mark.from_us), at(mark.until_us)),
    mark.count === 1 && !isMoment && texts.lasted(formatDuration(lasted / 1e6)),
    mark.records > 0 ? texts.records(formatCount(mark.records)) : texts.countUnknown,
  ].filter(Boolean);
  const reason = cleanName(mark.reason, kReasonLength);
  return (
    <>
      <CauseName cause={mark.cause} /> {words.join(" · ")}
      {reason && (
        <>
          {" · "}
          <bdi>{reason}</bdi>
        </>
      )}
    </>
  );
}
