// The links since a time, asked for again while the page is shown.

import { useEffect, useState } from "preact/hooks";
import { getLinks, type LinkList } from "../api/links";
import { reason } from "../state/reason";

// Links change slowly and are many: a list of thousands is not asked for more often than this.
const kAskAgainMs = 30_000;

export interface AskedLinks {
  list: LinkList | null; // null: not known yet
  error: string | null;
}

export function useLinks(since: string): AskedLinks {
  const [answer, setAnswer] = useState<{ since: string; list: LinkList } | null>(null);
  const [error, setError] = useState<string | null>(null);
  useEffect(() => {
    const abort = new AbortController();
    let timer: ReturnType<typeof setTimeout> | undefined;
    const ask = async () => {
      if (!document.hidden) {
        try {
          setAnswer({ since, list: await getLinks(since, abort.signal) });
          setError(null);
        } catch (failure) {
          if (abort.signal.aborted) return;
          setError(reason(failure));
        }
      }
      if (!abort.signal.aborted) timer = setTimeout(() => void ask(), kAskAgainMs);
    };
    const onVisible = () => {
      if (document.hidden) return;
      clearTimeout(timer);
      void ask();
    };
    void ask();
    document.addEventListener("visibilitychange", onVisible);
    return () => {
      abort.abort();
      clearTimeout(timer);
      document.removeEventListener("visibilitychange", onVisible);
    };
  }, [since]);
  return { list: answer?.since === since ? answer.list : null, error };
}
