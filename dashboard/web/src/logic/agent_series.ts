// What an agent received, hour by hour or day by day, with what is not known told apart from nothing.

import type { AgentSeries, Gap } from "../api/agents";
import type { Micros } from "../api/types";

export interface Steps {
  times: Micros[]; // begin of each step
  values: (number | null)[]; // receptions; null: nobody listened in all of this step
}

// A month of hours; a step that is too short for the range would ask for more than is drawn.
const kStepsMost = 800;

// Every step of the answer from the first upload on. Within a gap that covers all of a step nothing is known.
export function stepsOf(series: AgentSeries, gaps: Gap[], firstSeen: Micros): Steps {
  const step = series.step_us;
  const counted = new Map((series.series[0]?.points ?? []).map((point) => [point.start_us, point.receptions ?? 0]));
  const times: Micros[] = [];
  for (let time = series.since_us; time < series.until_us && times.length < kStepsMost; time += step) times.push(time);
  // To the end of the running step, so that it has its full width.
  const last = times.at(-1);
  const unheard = (time: Micros) =>
    time + step <= firstSeen || gaps.some((gap) => gap.start_us <= time && (gap.until_us ?? series.until_us) >= Math.min(time + step, series.until_us));
  const values = times.map((time) => counted.get(time) ?? (unheard(time) ? null : 0));
  return last === undefined ? { times, values } : { times: [...times, last + step], values: [...values, null] };
}

// For a small curve: what is not known is drawn as nothing.
export const sparkValues = (series: AgentSeries): number[] => stepsOf(series, [], series.since_us).values.slice(0, -1).map((value) => value ?? 0);
