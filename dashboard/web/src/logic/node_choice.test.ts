import { describe, expect, it } from "vitest";
import { choiceText, chosenNode, matchNodes } from "./node_choice";

const kNodes = [
  { id: "!00000002", short_name: "MILL", long_name: "Old mill" },
  { id: "!00000001", short_name: "HB", long_name: "Harbor, Pier 3" },
  { id: "!00000003", short_name: null, long_name: null },
  { id: "!00000004", short_name: "HB", long_name: "Harbor \u202eevil" },
];

describe("the choice of a node", () => {
  it("is offered by every name that it has, cleaned", () => {
    expect(kNodes.map(choiceText)).toEqual([
      "Old mill · MILL · !00000002",
      "Harbor, Pier 3 · HB · !00000001",
      "!00000003",
      "Harbor \ufffdevil · HB · !00000004",
    ]);
    expect(matchNodes(kNodes, "HARBOR", 9).map((node) => node.id)).toEqual(["!00000004", "!00000001"]);
    expect(matchNodes(kNodes, "", 2)).toHaveLength(2);
  });
  it("understands what is offered, an id, a whole name and what only one has", () => {
    expect(["Old mill · MILL · !00000002", "!0000000A", "mill", "pier", "Old mill"].map((text) => chosenNode(kNodes, text))).toEqual([
      "!00000002", "!0000000a", "!00000002", "!00000001", "!00000002",
    ]);
  });
  it("does not guess", () => {
    expect(["HB", "harbor", "", "nobody"].map((text) => chosenNode(kNodes, text))).toEqual([null, null, null, null]);
  });
});
