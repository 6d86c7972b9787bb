// What the server finds for a text among everything: asked for while someone types.

import { useEffect, useState } from "preact/hooks";
import { search } from "../api/client";
import type { SearchResults } from "../api/types";

// Typing goes on for about this long between two letters: asked for once it pauses.
const kPauseMs = 140;

export interface Found {
  text: string; // for which it was found
  results: SearchResults | null; // null: not known yet, or the server did not answer
  failed: boolean;
}

export function useFound(text: string): Found {
  const [found, setFound] = useState<Found>({ text: "", results: null, failed: false });
  useEffect(() => {
    if (!text) return;
    const abort = new AbortController();
    const timer = setTimeout(() => {
      search(text, abort.signal).then(
        (results) => setFound({ text, results, failed: false }),
        () => !abort.signal.aborted && setFound({ text, results: null, failed: true }),
      );
    }, kPauseMs);
    return () => {
      clearTimeout(timer);
      abort.abort();
    };
  }, [text]);
  return found;
}
