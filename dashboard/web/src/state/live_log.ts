// Rows of the API as a list that goes on by itself: asked for anew when something says so and every few seconds, and older
// ones page by page.

import { useEffect, useRef, useState } from "preact/hooks";
import type { Page } from "../api/messages";
import { append, emptyLog, hold, refresh, release, type LiveLog } from "../logic/live_log";
import { reason } from "./reason";

const kPageRows = 200;
// What has just come is on the first few rows.
const kNewsRows = 50;
const kRowsMax = 2_000;
// What the stream does not tell of a row (further receptions, an answer that it was delivered) is seen this late at most.
const kRefreshMs = 10_000;

export interface AskedLog<T extends { id: number }> {
  log: LiveLog<T>;
  error: string | null;
  searching: boolean;
  more: boolean; // there are older ones, and room for them
  older(): void;
  hold(): void;
  release(): void;
}

type Question<T> = (limit: number, cursor: string | null, signal: AbortSignal) => Promise<Page<T>>;

interface State<T extends { id: number }> {
  key: string;
  log: LiveLog<T>;
  error: string | null;
  searching: boolean;
}

// `key`: with another one all begins anew. `news`: with another value the newest rows are asked for again.
export function useLiveLog<T extends { id: number }>(question: Question<T>, key: string, news: unknown): AskedLog<T> {
  const start = (): State<T> => ({ key, log: emptyLog<T>(), error: null, searching: false });
  const [kept, setState] = useState<State<T>>(start);
  // Rows of the former question are not shown for those of this one, not even once.
  const state = kept.key === key ? kept : start();
  const change = (part: (before: State<T>) => Partial<State<T>>) =>
    setState((before) => {
      const current = before.key === key ? before : start();
      return { ...current, ...part(current) };
    });
  const running = useRef<AbortController | null>(null);
  const askAnew = useRef<() => void>(() => {});

  useEffect(() => {
    const abort = new AbortController();
    running.current?.abort();
    running.current = null;
    let asking = false;
    let again = false;
    const load = async (count: number) => {
      if (asking) {
        again = true;
        return;
      }
      asking = true;
      try {
        const page = await question(count, null, abort.signal);
        change(({ log }) => ({ log: refresh(log, page.rows, page.next, kRowsMax), error: null }));
      } catch (error) {
        if (!abort.signal.aborted) change(() => ({ error: reason(error) }));
      }
      asking = false;
      if (again && !abort.signal.aborted) {
        again = false;
        void load(count);
      }
    };
    askAnew.current = () => void load(kNewsRows);
    void load(kPageRows);
    const timer = setInterval(() => !document.hidden && void load(kPageRows), kRefreshMs);
    return () => {
      abort.abort();
      running.current?.abort();
      clearInterval(timer);
    };
  }, [key]);

  const first = useRef(true);
  useEffect(() => {
    if (!first.current) askAnew.current();
    first.current = false;
  }, [news]);

  const older = async () => {
    if (running.current || state.log.cursor === null || state.log.rows.length >= kRowsMax) return;
    const abort = new AbortController();
    running.current = abort;
    change(() => ({ searching: true }));
    try {
      const page = await question(kPageRows, state.log.cursor, abort.signal);
      change(({ log }) => ({ log: append(log, page.rows, page.next, kRowsMax), searching: false, error: null }));
    } catch (error) {
      if (!abort.signal.aborted) change(() => ({ searching: false, error: reason(error) }));
    } finally {
      if (running.current === abort) running.current = null;
    }
  };

  return {
    log: state.log,
    error: state.error,
    searching: state.searching,
    more: state.log.cursor !== null && state.log.rows.length < kRowsMax,
    older: () => void older(),
    hold: () => !state.log.held && change(({ log }) => ({ log: hold(log) })),
    release: () => state.log.held && change(({ log }) => ({ log: release(log, kRowsMax) })),
  };
}
