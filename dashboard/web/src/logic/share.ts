// A part of a whole as text.

import { formatNumber, kUnknown } from "./format";

// "7.3 %". What is not nothing is never "0.0 %", what is not all never "100.0 %", and of nothing there is no share.
export function formatShare(part: number, whole: number): string {
  if (whole <= 0) return kUnknown;
  const percent = Math.min(100, Math.max(0, (part / whole) * 100));
  if (percent > 0 && percent < 0.1) return `< ${formatNumber(0.1, 1, "%")}`;
  if (percent < 100 && percent > 99.9) return `> ${formatNumber(99.9, 1, "%")}`;
  return formatNumber(percent, percent === 0 || percent === 100 ? 0 : 1, "%");
}
