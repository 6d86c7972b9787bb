import { expect, it } from "vitest";
import type { Node } from "../api/types";
import { bestFit, fitOf, fittingNodes, withinBytes } from "./palette";

const node = (id: string, short_name: string | null, long_name: string | null, last_heard_us = 0) => ({ id, short_name, long_name, last_heard_us }) as Node;

it("a text fits as a whole, from its beginning, from a word's beginning, or somewhere", () => {
  expect(["Base", "Base camp", "The base", "Database", "Roof"].map((text) => fitOf(text, "base"))).toEqual([0, 1, 2, 3, null]);
  expect(bestFit([null, "Database", "base"], "BASE")).toBe(0);
  expect(bestFit([null, null], "x")).toBeNull();
});

it("a text is cut between characters", () => {
  expect(withinBytes("aé😀b", 7)).toBe("aé😀");
  expect(withinBytes("aé😀b", 6)).toBe("aé");
  expect(withinBytes("", 6)).toBe("");
});

it("nodes are found by either name and by their id, the best first, then the one heard last", () => {
  const nodes = [node("!00000001", "AB", "Old base"), node("!00000002", "BASE", null), node("!0000ba5e", null, null), node("!00000003", "X", "New base", 9)];
  expect(fittingNodes(nodes, "base", 9).map((n) => n.id)).toEqual(["!00000002", "!00000003", "!00000001"]);
  expect(fittingNodes(nodes, "ba5e", 9).map((n) => n.id)).toEqual(["!0000ba5e"]);
  expect(fittingNodes(nodes, "0000", 2)).toHaveLength(2);
  expect(fittingNodes([], "a", 2)).toEqual([]);
});
