// The packets that a query asks for: the newest ones, kept current by a live stream of their own, and older ones page by
// page.

import { useEffect, useRef, useState } from "preact/hooks";
import { ApiError, getPacketPage } from "../api/client";
import { openLive } from "../api/live";
import type { LiveReception, Packet } from "../api/types";
import { addReceptions, append, emptyFeed, hold, push, release, replace, type Feed } from "../logic/feed";
import type { Mistake } from "../query/query_bar";
import { reason } from "./reason";

const kPageRows = 200;
// What one table holds; older packets are asked for with `until:`.
const kRowsMax = 5_000;
const kShowMs = 200;
const kRetryMs = 5_000;
// A question looks at a bounded number of packets: so many are asked for one page before someone has to say "go on".
const kSearchesMax = 5;

export interface AskedPackets {
  feed: Feed;
  loaded: boolean;
  mistake: Mistake | null;
  searching: boolean;
  more: boolean; // there are older ones
  older(goOn?: boolean): void; // loads some more; after kSearchesMax questions without an answer only when told to go on
  hold(): void;
  release(): void;
}

// What is known of one query; made anew with the next.
interface State {
  feed: Feed;
  loaded: boolean;
  mistake: Mistake | null;
  searching: boolean;
  cursor: string | null;
  tired: boolean; // kSearchesMax questions have found nothing
}

const kStart: State = { feed: emptyFeed(kRowsMax), loaded: false, mistake: null, searching: false, cursor: null, tired: false };

const mistakeOf = (error: unknown): Mistake => ({ message: reason(error), place: error instanceof ApiError ? error.place : null });

export function useAskedPackets(query: string): AskedPackets {
  const [state, setState] = useState<State>(kStart);
  const change = (part: (before: State) => Partial<State>) => setState((before) => ({ ...before, ...part(before) }));
  // The question that runs: one at a time.
  const running = useRef<AbortController | null>(null);

  useEffect(() => {
    const abort = new AbortController();
    running.current = null;
    setState(kStart);
    let retry: ReturnType<typeof setTimeout> | undefined;
    let stopLive: (() => void) | undefined;
    let arrived: Packet[] = [];
    let receptions: LiveReception[] = [];
    let showing: ReturnType<typeof setTimeout> | undefined;
    const show = () => {
      showing = undefined;
      const [packets, more] = [arrived, receptions];
      arrived = [];
      receptions = [];
      change(({ feed }) => ({ feed: addReceptions(push(feed, packets), more) }));
    };
    const soon = () => (showing ??= setTimeout(show, kShowMs));
    // The newest page. What older pages there are stays only when it reaches down to them.
    const load = async () => {
      clearTimeout(retry);
      try {
        const page = await getPacketPage(query, kPageRows, null, abort.signal);
        change(({ feed }) => ({ feed: replace(feed, page.packets), loaded: true, mistake: null, cursor: page.next_cursor, tired: false }));
        stopLive ??= openLive(`/api/v1/live?${new URLSearchParams({ q: query })}`, {
          connection: () => {},
          reload: () => void load(),
          packet: (packet) => (arrived.push(packet), soon()),
          // Without a filter the stream tells further receptions by themselves.
          reception: (reception) => (receptions.push(reception), soon()),
          node: () => {},
          agent: () => {},
          stats: () => {},
        });
      } catch (error) {
        if (abort.signal.aborted) return;
        const mistake = mistakeOf(error);
        change(() => ({ mistake }));
        if (!mistake.place) retry = setTimeout(() => void load(), kRetryMs);
      }
    };
    void load();
    return () => {
      abort.abort();
      running.current?.abort();
      stopLive?.();
      clearTimeout(retry);
      clearTimeout(showing);
    };
  }, [query]);

  const older = async (goOn = false) => {
    if (running.current || state.cursor === null || (state.tired && !goOn) || state.feed.rows.length >= kRowsMax) return;
    const abort = new AbortController();
    running.current = abort;
    change(() => ({ searching: true, tired: false }));
    try {
      let cursor: string | null = state.cursor;
      let found = 0;
      for (let searches = 0; cursor !== null && found === 0 && searches < kSearchesMax; searches++) {
        const page: Awaited<ReturnType<typeof getPacketPage>> = await getPacketPage(query, kPageRows, cursor, abort.signal);
        found = page.packets.length;
        cursor = page.next_cursor;
        const after = cursor;
        change(({ feed }) => ({ feed: append(feed, page.packets), cursor: after }));
      }
      change(() => ({ searching: false, tired: found === 0 && cursor !== null }));
    } catch (error) {
      if (!abort.signal.aborted) change(() => ({ searching: false, tired: true, mistake: mistakeOf(error) }));
    } finally {
      if (running.current === abort) running.current = null;
    }
  };

  return {
    feed: state.feed,
    loaded: state.loaded,
    mistake: state.mistake,
    searching: state.searching,
    more: state.cursor !== null && state.feed.rows.length < kRowsMax,
    older: (goOn) => void older(goOn),
    hold: () => change(({ feed }) => ({ feed: hold(feed) })),
    release: () => change(({ feed }) => ({ feed: release(feed) })),
  };
}
