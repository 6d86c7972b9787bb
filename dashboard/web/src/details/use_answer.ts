// An answer of the API as a component's state.

import { useEffect, useState } from "preact/hooks";
import { ApiError } from "../api/client";
import { reason } from "../state/reason";
import { t } from "../texts/texts";

export interface Answer<T> {
  data: T | null;
  error: string | null;
}

// Asks when the component appears and whenever `version` changes; the former answer stays until the new one is there.
export function useAnswer<T>(question: (signal: AbortSignal) => Promise<T>, version: unknown): Answer<T> {
  const [answer, setAnswer] = useState<Answer<T>>({ data: null, error: null });
  useEffect(() => {
    const abort = new AbortController();
    question(abort.signal).then(
      (data) => setAnswer({ data, error: null }),
      (error: unknown) => {
        if (abort.signal.aborted) return;
        const why = error instanceof ApiError && error.status === 404 ? t.drawer.notFound : reason(error);
        setAnswer((before) => ({ ...before, error: why }));
      },
    );
    return () => abort.abort();
  }, [version]);
  return answer;
}
