import { expect, it } from "vitest";
import type { Agent } from "../api/types";
import { formatBytes, knownChannels } from "./storage";

it("sizes have three figures and a unit", () => {
  expect([0, 999, 1000, 99_400, 99_600, 999_600, 12_345_678, 3.2e15, null].map(formatBytes)).toEqual([
    "0 B", "999 B", "1.0 KB", "99.4 KB", "100 KB", "1.0 MB", "12.3 MB", "3200 TB", "–",
  ]);
});

it("a channel is one by name and hash, however many radios have it", () => {
  const agent = (...channels: [string, number][]) => ({ channels: channels.map(([name, hash], index) => ({ index, name, hash, role: 1 })) }) as unknown as Agent;
  expect(knownChannels([agent(["B", 1]), agent(["A", 8], ["A", 8]), agent(["A", 8], ["A", 9])])).toEqual([
    { name: "A", hash: 8, agents: 2 },
    { name: "A", hash: 9, agents: 1 },
    { name: "B", hash: 1, agents: 1 },
  ]);
  expect(knownChannels([])).toEqual([]);
});
