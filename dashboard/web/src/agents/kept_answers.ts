// Answers about one agent of many: a few questions at a time, and what was answered lately is not asked again when
// its row comes back onto the screen.

import { useEffect, useState } from "preact/hooks";
import { makeLimited } from "../api/limited";
import type { Answer } from "../details/use_answer";
import { reason } from "../state/reason";
import { useEvery } from "./use_every";

const kAtATime = 4;
const kKeptMost = 500;

const limited = makeLimited(kAtATime);
const kept = new Map<string, { at: number; data: unknown }>();

function keep(key: string, data: unknown): void {
  kept.delete(key);
  kept.set(key, { at: performance.now(), data });
  const [oldest] = kept.keys();
  if (kept.size > kKeptMost && oldest !== undefined) kept.delete(oldest);
}

// `key` names the question; its answer holds for `ageMs` milliseconds.
export function useKeptAnswer<T>(key: string, ageMs: number, question: (signal: AbortSignal) => Promise<T>): Answer<T> {
  const [failed, setFailed] = useState<{ key: string; error: string } | null>(null);
  const [, draw] = useState(0);
  const again = useEvery(ageMs);
  useEffect(() => {
    const known = kept.get(key);
    if (known && performance.now() - known.at < ageMs / 2) return;
    const abort = new AbortController();
    limited(question, abort.signal).then(
      (data) => {
        keep(key, data);
        if (abort.signal.aborted) return;
        setFailed(null);
        draw((before) => before + 1);
      },
      (error: unknown) => !abort.signal.aborted && setFailed({ key, error: reason(error) }),
    );
    return () => abort.abort();
  }, [key, ageMs, again]);
  return { data: (kept.get(key)?.data as T | undefined) ?? null, error: failed?.key === key ? failed.error : null };
}
