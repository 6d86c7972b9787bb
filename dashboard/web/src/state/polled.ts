// An answer of the API that is asked for again and again while it is looked at.

import { useEffect, useState } from "preact/hooks";

// Null until the first answer; a question that fails leaves the answer before.
export function usePolled<T>(question: (signal: AbortSignal) => Promise<T>, everyMs: number): T | null {
  const [answer, setAnswer] = useState<T | null>(null);
  useEffect(() => {
    const abort = new AbortController();
    let timer: ReturnType<typeof setTimeout> | undefined;
    const ask = async () => {
      try {
        if (!document.hidden) setAnswer(await question(abort.signal));
      } catch {
        // The store says when the server is away.
      }
      if (!abort.signal.aborted) timer = setTimeout(() => void ask(), everyMs);
    };
    void ask();
    return () => {
      abort.abort();
      clearTimeout(timer);
    };
  }, []);
  return answer;
}
