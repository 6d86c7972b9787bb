// What a colour means, on every panel: green keeps the promise, yellow and orange may break it, red breaks it. Blue is a
// quantity that is neither good nor bad.
import { FieldColorBuilder, FieldColorModeId, ThresholdsConfigBuilder, ThresholdsMode } from "@grafana/grafana-foundation-sdk/dashboard";

export const GOOD = "green";
export const WARNING = "yellow";
export const SERIOUS = "orange";
export const BAD = "red";
export const NEUTRAL = "blue";

export interface Step {
  from: number;
  color: string;
}

/** The first colour below the first step, then each from its value on. */
export function thresholds(base: string, ...steps: Step[]): ThresholdsConfigBuilder {
  return new ThresholdsConfigBuilder()
    .mode(ThresholdsMode.Absolute)
    .steps([{ value: null, color: base }, ...steps.map(({ from, color }) => ({ value: from, color }))]);
}

/** Good until `from`, bad from there on. */
export const badFrom = (from: number) => thresholds(GOOD, { from, color: BAD });
/** Good until `warning`, then to be looked at, bad from `from` on. */
export const badFromAfter = (warning: number, from: number) =>
  thresholds(GOOD, { from: warning, color: WARNING }, { from, color: BAD });
/** Bad until `from`, good from there on. */
export const goodFrom = (from: number) => thresholds(BAD, { from, color: GOOD });
export const goodFromAfter = (warning: number, from: number) =>
  thresholds(BAD, { from: warning, color: WARNING }, { from, color: GOOD });
/** A quantity without a verdict. */
export const neutral = () => thresholds(NEUTRAL);

export const byThreshold = () => new FieldColorBuilder().mode(FieldColorModeId.Thresholds);
/** A series keeps its colour from panel to panel, whichever others are there. */
export const byName = () => new FieldColorBuilder().mode(FieldColorModeId.PaletteClassicByName);
export const fixed = (color: string) => new FieldColorBuilder().mode(FieldColorModeId.Fixed).fixedColor(color);
