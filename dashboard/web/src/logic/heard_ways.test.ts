import { describe, expect, it } from "vitest";
import type { LiveReception, Packet } from "../api/types";
import { firstWays, furtherWays } from "./heard_ways";

const packet = (id: number, from: string, agent: string | null, flags: string[] = []) => ({ id, from, agent, flags }) as Packet;
const reception = (packetId: number, agent: string, flags: string[] = []) => ({ packet: packetId, agent, flags }) as LiveReception;

describe("who was just heard by whom", () => {
  const packets = [packet(1, "!00000001", "roof"), packet(2, "!00000002", null), packet(3, "!00000003", "mill", ["encrypted"]), packet(4, "!00000004", "mill", ["own"])];
  it("is told by a packet of its first reception, when that came over the air and its agent is known", () => {
    expect(firstWays(packets)).toEqual([
      { node: "!00000001", agent: "roof" },
      { node: "!00000003", agent: "mill" },
    ]);
  });
  it("is told by each further reception of a packet that is known", () => {
    expect(furtherWays([reception(1, "mill"), reception(9, "mill"), reception(2, "roof", ["mqtt"]), reception(3, "roof")], packets)).toEqual([
      { node: "!00000001", agent: "mill" },
      { node: "!00000003", agent: "roof" },
    ]);
  });
});
