import { expect, it } from "vitest";
import type { Agent, Node, PacketDetail } from "../api/types";
import { receiversOf, senderPlace } from "./packet_map";

const agents = [
  { id: "roof", location: { name: null, latitude: 47.6, longitude: -122.3 } },
  { id: "nowhere", location: { name: null, latitude: null, longitude: null } },
] as unknown as Agent[];

it("each agent is there once, by its best reception over the air", () => {
  const receptions = [
    { agent: "roof", snr: -14, hops: 0, flags: [] },
    { agent: "roof", snr: 3, hops: 1, flags: [] },
    { agent: "nowhere", snr: null, hops: null, flags: [] },
    { agent: "net", snr: null, hops: null, flags: ["mqtt"] },
  ];
  expect(receiversOf({ receptions } as unknown as PacketDetail, agents)).toEqual([
    { agent: "roof", place: { latitude: 47.6, longitude: -122.3 }, grade: "good", direct: false },
    { agent: "nowhere", place: null, grade: "unknown", direct: false },
  ]);
});

it("a sender without a fix has no place", () => {
  const at = (latitude: number, longitude: number) => senderPlace({ position: { latitude, longitude } } as Node);
  expect(at(0, 0)).toBeNull();
  expect(at(1, 2)).toEqual({ latitude: 1, longitude: 2 });
  expect(senderPlace(undefined)).toBeNull();
});
