import { expect, it } from "vitest";
import type { PacketDetail, Reception } from "../api/types";
import { arrivalsOf, besides, endingIn, relatedOf } from "./packet_receptions";

const reception = (agent: string, time_us: number, flags: Reception["flags"] = []) => ({ id: time_us, agent, time_us, flags }) as Reception;

it("arrivals are on one scale from the first to the last over the air", () => {
  const { arrivals, span } = arrivalsOf([reception("late", 3_000), reception("first", 1_000), reception("cached", 90_000_000, ["replay"]), reception("middle", 2_000)]);
  expect(span).toBe(2_000);
  expect(arrivals.map((a) => [a.reception.agent, a.after, a.share, a.way])).toEqual([
    ["first", 0, 0, null],
    ["middle", 1_000, 0.5, null],
    ["late", 2_000, 1, null],
    ["cached", null, 0, "replay"],
  ]);
});

it("one arrival has no scale, none has no rows", () => {
  expect(arrivalsOf([reception("only", 5)]).arrivals[0]).toMatchObject({ after: 0, share: 0 });
  expect(arrivalsOf([])).toEqual({ arrivals: [], span: 0 });
});

it("candidates end in the byte, small ones too", () => {
  expect(endingIn(0x0b, ["!379f4c0b", "!000000b0", "!12345f0b"])).toEqual(["!12345f0b", "!379f4c0b"]);
});

it("an acknowledgement names a packet of the one it goes to", () => {
  const packet = { to: "!da852e88", mesh_packet: { decoded: { request_id: 7, reply_id: 0 } } } as unknown as PacketDetail;
  expect(relatedOf(packet)).toEqual([{ kind: "request", packetId: 7, from: "!da852e88" }]);
  expect(relatedOf({ ...packet, mesh_packet: null })).toEqual([]);
});

it("besides says what is before and after", () => {
  expect(besides([9, 7, 5], 7)).toEqual({ at: 1, before: 9, after: 5 });
  expect(besides([9, 7, 5], 5)).toEqual({ at: 2, before: 7, after: null });
  expect(besides([9, 7, 5], 4)).toEqual({ at: -1, before: null, after: null });
});
