// The nodes that a query asks for. The server says which; what is known of them comes from the store, which is live.

import { useEffect, useState } from "preact/hooks";
import { ApiError, getNodeIds } from "../api/client";
import type { Node } from "../api/types";
import type { Mistake } from "../query/query_bar";
import { reason } from "./reason";
import { nodes, nodesRevision } from "./store";

// Nodes come to hold, and cease to: asked again this often.
const kAskAgainMs = 10_000;

export interface AskedNodes {
  rows: Node[] | null; // null: not known yet
  mistake: Mistake | null;
}

export function useAskedNodes(query: string): AskedNodes {
  const [ids, setIds] = useState<{ query: string; ids: string[] } | null>(null);
  const [mistake, setMistake] = useState<Mistake | null>(null);
  useEffect(() => {
    setMistake(null);
    if (query === "") return;
    const abort = new AbortController();
    let timer: ReturnType<typeof setTimeout> | undefined;
    const ask = async () => {
      try {
        setIds({ query, ids: await getNodeIds(query, abort.signal) });
        setMistake(null);
      } catch (error) {
        if (abort.signal.aborted) return;
        const place = error instanceof ApiError ? error.place : null;
        setMistake({ message: reason(error), place });
        if (place) return; // the same text will be wrong again
      }
      if (!abort.signal.aborted) timer = setTimeout(() => void ask(), kAskAgainMs);
    };
    void ask();
    return () => {
      abort.abort();
      clearTimeout(timer);
    };
  }, [query]);
  nodesRevision.value; // drawn anew when a node has changed
  if (query === "") return { rows: [...nodes.values()], mistake: null };
  // What was found for the query before stays until this one is answered.
  const rows = ids?.ids.map((id) => nodes.get(id)).filter((node) => node !== undefined) ?? null;
  return { rows, mistake };
}
