// The live stream: one EventSource that is always open or about to be.

import type { Agent, LiveReception, Node, Packet, Stats } from "./types";

export type Connection = "connecting" | "live" | "lost";

export interface LiveHandlers {
  connection(state: Connection): void;
  // The stream cannot tell what happened since the last event: everything must be loaded anew. Also called once at first.
  reload(): void;
  packet(packet: Packet): void;
  reception(reception: LiveReception): void;
  node(node: Node): void;
  agent(agent: Agent): void;
  stats(stats: Partial<Stats>): void;
}

// An EventSource reconnects by itself after a lost connection, with the last event's id; it gives up for good when the
// server answers with an error. Then it is opened anew after this time, and what was missed is loaded.
const kReopenMs = 3_000;

// Returns a function that ends the stream.
export function openLive(url: string, handlers: LiveHandlers): () => void {
  let source: EventSource | null = null;
  let timer: ReturnType<typeof setTimeout> | undefined;

  const connect = () => {
    const opened = new EventSource(url);
    source = opened;
    // Whether the browser has an event id to resume from; without one the server cannot know what was missed.
    let resumable = false;
    opened.addEventListener("open", () => {
      handlers.connection("live");
      if (!resumable) handlers.reload();
    });
    opened.addEventListener("error", () => {
      handlers.connection("lost");
      if (opened.readyState !== EventSource.CLOSED) return;
      clearTimeout(timer);
      timer = setTimeout(connect, kReopenMs);
    });
    const on = (name: string, handle: (data: never) => void) =>
      opened.addEventListener(name, (event) => {
        const { data, lastEventId } = event as MessageEvent<string>;
        resumable ||= lastEventId !== "";
        handle(JSON.parse(data) as never);
      });
    on("packet", handlers.packet);
    on("reception", handlers.reception);
    on("node", handlers.node);
    on("agent", handlers.agent);
    on("stats", handlers.stats);
    // Some events were left out because this browser could not keep up: the lists are loaded as after a gap.
    on("skipped", handlers.reload);
    opened.addEventListener("reset", () => handlers.reload());
  };

  handlers.connection("connecting");
  connect();
  return () => {
    clearTimeout(timer);
    source?.close();
  };
}
