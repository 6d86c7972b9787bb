import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { openLive, type LiveHandlers } from "./live";

// As much of an EventSource as the stream uses; the test plays the browser's part.
class FakeSource extends EventTarget {
  static readonly CLOSED = 2;
  static all: FakeSource[] = [];
  readyState = 0;
  constructor(readonly url: string) {
    super();
    FakeSource.all.push(this);
  }
  close() {
    this.readyState = FakeSource.CLOSED;
  }
  opens() {
    this.readyState = 1;
    this.dispatchEvent(new Event("open"));
  }
  fails(forGood: boolean) {
    this.readyState = forGood ? FakeSource.CLOSED : 0;
    this.dispatchEvent(new Event("error"));
  }
  sends(name: string, data: unknown, lastEventId = "") {
    this.dispatchEvent(Object.assign(new Event(name), { data: JSON.stringify(data), lastEventId }));
  }
}

const source = () => FakeSource.all.at(-1)!;
let handlers: { [name in keyof LiveHandlers]: ReturnType<typeof vi.fn> };

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal("EventSource", FakeSource);
  FakeSource.all = [];
  const names = ["connection", "reload", "packet", "reception", "node", "agent", "stats"] as const;
  handlers = Object.fromEntries(names.map((name) => [name, vi.fn()])) as unknown as typeof handlers;
});

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

describe("the live stream", () => {
  it("loads everything when it opens first, and hands events on", () => {
    openLive("/live", handlers);
    source().opens();
    source().sends("packet", { id: 7 }, "7");
    expect(handlers.connection.mock.calls).toEqual([["connecting"], ["live"]]);
    expect(handlers.reload).toHaveBeenCalledTimes(1);
    expect(handlers.packet).toHaveBeenCalledWith({ id: 7 });
  });

  it("resumes without loading when the browser has an event to resume from", () => {
    openLive("/live", handlers);
    source().opens();
    source().sends("packet", { id: 7 }, "7");
    source().fails(false);
    source().opens();
    expect(handlers.connection.mock.calls.map(([state]) => state)).toEqual(["connecting", "live", "lost", "live"]);
    expect(handlers.reload).toHaveBeenCalledTimes(1);
    expect(FakeSource.all.length).toBe(1);
  });

  it("loads everything after a loss when there was no event yet", () => {
    openLive("/live", handlers);
    source().opens();
    source().fails(false);
    source().opens();
    expect(handlers.reload).toHaveBeenCalledTimes(2);
  });

  it("is opened anew, and everything loaded, when the browser gave up", () => {
    openLive("/live", handlers);
    source().opens();
    source().sends("packet", { id: 7 }, "7");
    source().fails(true);
    vi.advanceTimersByTime(3_000);
    expect(FakeSource.all.length).toBe(2);
    source().opens();
    expect(handlers.reload).toHaveBeenCalledTimes(2);
  });

  it("loads everything when the server says that there is a gap", () => {
    openLive("/live", handlers);
    source().opens();
    source().sends("reset", {});
    source().sends("skipped", { count: 9 });
    expect(handlers.reload).toHaveBeenCalledTimes(3);
  });

  it("stays closed once it is ended", () => {
    const end = openLive("/live", handlers);
    source().opens();
    source().fails(true);
    end();
    vi.advanceTimersByTime(60_000);
    expect(FakeSource.all.length).toBe(1);
  });
});
