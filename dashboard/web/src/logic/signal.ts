// How good a signal-to-noise ratio is. LoRa is received far below the noise; the bounds are those of the usual presets
// (spreading factor 11 loses packets below about -17 dB).

export type SignalGrade = "good" | "fair" | "weak";

const kFloorDb = -20;
const kCeilingDb = 10;

export function snrGrade(snr: number): SignalGrade {
  if (snr >= -5) return "good";
  if (snr >= -12) return "fair";
  return "weak";
}

// 0 … 1 along the scale from the weakest that is received to the best that is reported.
export function snrShare(snr: number): number {
  return Math.min(1, Math.max(0, (snr - kFloorDb) / (kCeilingDb - kFloorDb)));
}
