// How good a signal-to-noise ratio is. LoRa is received far below the noise; the bounds are those of the usual presets
// (spreading factor 11 loses packets below about -17 dB).

export type SignalGrade = "good" | "fair" | "weak";

const kFloorDb = -20;
const kCeilingDb = 10;

// From how many dB.
export const kGradeFrom = { good: -5, fair: -12 };

export function snrGrade(snr: number): SignalGrade {
  if (snr >= kGradeFrom.good) return "good";
  if (snr >= kGradeFrom.fair) return "fair";
  return "weak";
}

// 0 … 1 along the scale from the weakest that is received to the best that is reported.
export function snrShare(snr: number): number {
  return Math.min(1, Math.max(0, (snr - kFloorDb) / (kCeilingDb - kFloorDb)));
}
