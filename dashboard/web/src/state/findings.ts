// What the server finds amiss, asked for again and again.

import { signal } from "@preact/signals";
import { getFindings } from "../api/client";
import type { Finding } from "../api/types";

const kAskMs = 15_000;

export const findings = signal<Finding[] | null>(null);

// Begins to ask; for the life of the page. Without an answer those of before stay: the store says when the server is away.
export function startFindings(): void {
  const ask = async () => {
    try {
      if (!document.hidden) findings.value = await getFindings(AbortSignal.timeout(kAskMs));
    } catch {
      // Asked again below.
    }
    setTimeout(() => void ask(), kAskMs);
  };
  void ask();
}
