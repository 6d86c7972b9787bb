import { describe, expect, it } from "vitest";
import type { LiveReception, Packet } from "../api/types";
import { addReceptions, hold, kEmptyFeed, kFeedRows, push, release, replace } from "./feed";

function packet(id: number): Packet {
  return {
    id, time_us: id, from: "!00000001", from_name: null, to: "!ffffffff", to_name: null, packet_id: id, port: 1, port_name: "TEXT_MESSAGE_APP",
    channel: 0, hop_start: 3, hop_limit: 3, hops: 0, size: 10, flags: [], receptions: 1, best_snr: -5, best_rssi: null, summary: null, agent: "a",
  };
}

function reception(packet: number, id: number, receptions: number, best_snr: number | null = -5): LiveReception {
  return { id, packet, receptions, best_snr, best_rssi: -90, agent: "a", snr: null, rssi: null, hops: 1, time_us: 0, flags: [] };
}

const ids = (packets: Packet[]) => packets.map((p) => p.id);

describe("a feed that nobody reads", () => {
  it("shows the newest first, whatever order they come in", () => {
    expect(ids(push(push(kEmptyFeed, [packet(2)]), [packet(1), packet(3)]).rows)).toEqual([3, 2, 1]);
  });
  it("shows a packet once, as it was told last", () => {
    const feed = push(push(kEmptyFeed, [packet(1)]), [{ ...packet(1), receptions: 4 }]);
    expect(feed.rows.map((p) => p.receptions)).toEqual([4]);
  });
  it("drops the oldest beyond its length", () => {
    const feed = push(kEmptyFeed, Array.from({ length: kFeedRows + 5 }, (_, i) => packet(i + 1)));
    expect(feed.rows.length).toBe(kFeedRows);
    expect(feed.rows.at(-1)?.id).toBe(6);
  });
});

describe("a feed that is held", () => {
  const held = hold(push(kEmptyFeed, [packet(1), packet(2)]));

  it("does not move, and counts what waits", () => {
    const feed = push(push(held, [packet(3)]), [packet(4), packet(5)]);
    expect(ids(feed.rows)).toEqual([2, 1]);
    expect(feed.waiting).toBe(3);
  });
  it("counts a packet once, and none that is shown already", () => {
    expect(push(push(held, [packet(3)]), [packet(3), packet(2)]).waiting).toBe(1);
  });
  it("counts on when more wait than fit, with bounded memory", () => {
    const feed = push(held, Array.from({ length: 500 }, (_, i) => packet(i + 10)));
    expect(feed.waiting).toBe(500);
    expect(feed.pending.length).toBe(kFeedRows);
  });
  it("shows what waited when it is released", () => {
    const feed = release(push(held, [packet(3)]));
    expect(ids(feed.rows)).toEqual([3, 2, 1]);
    expect([feed.waiting, feed.held, feed.pending.length]).toEqual([0, false, 0]);
  });
  it("stands still when the lists are loaded anew, and shows them when it is released", () => {
    const feed = replace(push(held, [packet(3)]), [packet(9), packet(3), packet(2), packet(1)]);
    expect([ids(feed.rows), feed.held, feed.waiting]).toEqual([[2, 1], true, 2]);
    expect(ids(release(feed).rows)).toEqual([9, 3, 2, 1]);
    expect(ids(replace(hold(kEmptyFeed), [packet(9)]).rows)).toEqual([9]);
  });
  it("keeps what was announced while the API answered", () => {
    const list = [packet(5), packet(4)];
    expect(ids(replace(push(kEmptyFeed, [packet(3), packet(6)]), list).rows)).toEqual([6, 5, 4]);
    expect(ids(replace(push(held, [packet(6)]), list).pending)).toEqual([6, 5, 4]);
  });
  it("has no hole after a long gap", () => {
    const news = Array.from({ length: kFeedRows }, (_, i) => packet(i + 1000));
    expect(ids(release(replace(held, news)).rows)).toEqual(ids(news).reverse());
  });
});

describe("receptions", () => {
  it("bring the count and the best signal, in shown and waiting rows", () => {
    const feed = push(hold(push(kEmptyFeed, [packet(1)])), [packet(2)]);
    const after = addReceptions(feed, [reception(1, 12, 3, -2), reception(1, 11, 2), reception(2, 13, 2)]);
    expect(after.rows[0]).toMatchObject({ receptions: 3, best_snr: -2, best_rssi: -90 });
    expect(after.pending[0]).toMatchObject({ receptions: 2 });
  });
  it("told again change nothing, also when the packet is known with more", () => {
    const feed = addReceptions(push(kEmptyFeed, [packet(1)]), [reception(1, 12, 3)]);
    expect(addReceptions(feed, [reception(1, 11, 2, 9)])).toEqual(feed);
  });
  it("of a packet that is not in the list change nothing", () => {
    const feed = push(kEmptyFeed, [packet(1)]);
    expect(addReceptions(feed, [reception(7, 8, 2)]).rows).toEqual(feed.rows);
  });
});
