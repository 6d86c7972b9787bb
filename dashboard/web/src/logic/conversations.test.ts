import { describe, expect, it } from "vitest";
import type { Message } from "../api/types";
import { countPlaces, deliveryOf, gather, parsePlace } from "./conversations";

const message = (id: number, more: Partial<Message> = {}): Message => ({
  id,
  time_us: id * 1e6,
  from: "!00000001",
  from_name: "One",
  to: "!ffffffff",
  packet_id: 100 + id,
  channel: 0,
  text: `text ${id}`,
  reply_id: null,
  emoji: null,
  hops_min: 0,
  hops_max: 2,
  receptions: 1,
  ack: null,
  ...more,
});
const reaction = (id: number, to: number, text: string, from = "!00000002") => message(id, { reply_id: to, emoji: 1, text, from });

describe("conversations", () => {
  it("are read from the oldest to the newest", () => {
    expect(gather([message(3), message(2), message(1)]).map((entry) => entry.message.id)).toEqual([1, 2, 3]);
  });
  it("show what an answer answers, or that it is missing", () => {
    const [first, answer, other] = gather([message(3, { reply_id: 999 }), message(2, { reply_id: 101 }), message(1)]);
    expect(first!.original).toBeNull();
    expect(answer!.original).toMatchObject({ id: 1 });
    expect(other).toMatchObject({ original: "missing", isReaction: false });
  });
  it("take the newest message before the answer when a packet's number came again", () => {
    const entries = gather([message(5, { packet_id: 7 }), message(4, { reply_id: 7 }), message(2, { packet_id: 7 }), message(1, { packet_id: 7 })]);
    expect(entries.find((entry) => entry.message.id === 4)!.original).toMatchObject({ id: 2 });
  });
  it("find an original that the log has after its answer", () => {
    expect(gather([message(2), message(1, { reply_id: 102 })])[0]!.original).toMatchObject({ id: 2 });
  });
  it("are not led astray by a message that answers itself", () => {
    expect(gather([message(1, { reply_id: 101 })])[0]!.original).toBe("missing");
  });
  it("gather reactions under their message, everyone once", () => {
    const entries = gather([
      reaction(5, 101, "👎"),
      reaction(4, 101, "👍", "!00000003"),
      reaction(3, 101, "👍"),
      reaction(2, 101, "👍"),
      message(1),
    ]);
    expect(entries).toHaveLength(1);
    expect(entries[0]!.reactions.map(({ text, from }) => [text, from.map((who) => who.id)])).toEqual([
      ["👍", ["!00000002", "!00000003"]],
      ["👎", ["!00000002"]],
    ]);
  });
  it("let a reaction to a missing message, or to a reaction, stand alone", () => {
    const entries = gather([reaction(3, 102, "👍"), reaction(2, 999, "👍"), message(1)]);
    expect(entries.map((entry) => entry.isReaction)).toEqual([false, true, true]);
  });
  it("take an emoji that reacts to nothing for a message", () => {
    expect(gather([message(1, { emoji: 1, text: "👍" })])[0]).toMatchObject({ isReaction: false, original: null });
  });
  it("count channels and direct messages apart", () => {
    const entries = gather([message(4, { channel: 31 }), message(3, { to: "!00000009" }), message(2, { channel: 31 }), message(1)]);
    expect(countPlaces(entries)).toEqual([{ place: 0, count: 1 }, { place: 31, count: 2 }, { place: "direct", count: 1 }]);
  });
  it("have a place that the address can name", () => {
    expect(["direct", "31", "0", "x", "-1", undefined].map(parsePlace)).toEqual(["direct", 31, 0, null, null, null]);
  });
});

describe("the delivery of a message", () => {
  const direct = { to: "!00000009" };
  it("is what the answer says", () => {
    const ack = { time_us: 2e6, from: "!00000009" };
    expect(deliveryOf(message(1, { ...direct, ack: { ...ack, error: "NONE" } }), 0)).toBe("delivered");
    expect(deliveryOf(message(1, { ...direct, ack: { ...ack, error: "MAX_RETRANSMIT" } }), 0)).toBe("failed");
  });
  it("is pending for a while, then unknown", () => {
    expect([60e6, 600e6].map((now) => deliveryOf(message(1, direct), now))).toEqual(["pending", "unknown"]);
  });
  it("is nothing for a message to everyone", () => {
    expect(deliveryOf(message(1), 600e6)).toBeNull();
  });
});
