import { describe, expect, it } from "vitest";
import type { Packet } from "../api/types";
import { facetValues, namedValues, termState, toggleTerm } from "./facets";

describe("toggleTerm", () => {
  it("adds a term, and one more value to it", () => {
    expect(toggleTerm("", "port", "text")).toBe("port:text");
    expect(toggleTerm("hops:<3", "port", "text")).toBe("hops:<3 port:text");
    expect(toggleTerm("port:text hops:<3", "port", "position")).toBe("port:text,position hops:<3");
  });
  it("takes a value away, and the term with its last one", () => {
    expect(toggleTerm("port:text,position words", "port", "text")).toBe("port:position words");
    expect(toggleTerm("port:position words", "port", "position")).toBe("words");
    expect(toggleTerm("PORT:Text", "port", "text")).toBe("");
  });
  it("negates, turns over, and takes the negation back", () => {
    expect(toggleTerm("", "port", "text", true)).toBe("-port:text");
    expect(toggleTerm("-port:text", "port", "position", true)).toBe("-port:text,position");
    expect(toggleTerm("port:text,position", "port", "text", true)).toBe("port:position -port:text");
    expect(toggleTerm("-port:text", "port", "text")).toBe("port:text");
    expect(toggleTerm("-port:text", "port", "text", true)).toBe("");
  });
  it("puts names in quotation marks, and finds them there", () => {
    const name = 'north "old", mill';
    const query = toggleTerm("", "agent", name);
    expect(query).toBe('agent:"north \\"old\\", mill"');
    expect(termState(query, "agent", name)).toBe("in");
    expect(toggleTerm(`${query} words`, "agent", "site-7")).toBe('agent:"north \\"old\\", mill",site-7 words');
    expect(toggleTerm(query, "agent", name)).toBe("");
  });
  it("leaves a node's id without quotation marks", () => {
    expect(toggleTerm("", "from", "!a1b2c3d4")).toBe("from:!a1b2c3d4");
  });
  it("leaves all else as it was typed", () => {
    expect(toggleTerm('"port:text" is:direct -since:2h', "port", "text")).toBe('"port:text" is:direct -since:2h port:text');
    expect(termState('"port:text"', "port", "text")).toBeNull();
  });
});

it("namedValues lists wanted and unwanted values once", () => {
  expect(namedValues("port:text,position -port:routing port:text", "port")).toEqual(["text", "position", "routing"]);
});

describe("facetValues", () => {
  const packet = (change: Partial<Packet>) => ({ from: "!00000001", port: 1, hops: 0, channel: 0, ...change }) as Packet;
  it("counts rows, the most frequent first, hops in their order", () => {
    const rows = [packet({ hops: 3 }), packet({ hops: 3, port: null }), packet({ hops: 0, port: null }), packet({ hops: null, port: null })];
    expect(facetValues("port", rows).map(({ value, count }) => [value, count])).toEqual([["none", 3], ["1", 1]]);
    expect(facetValues("hops", rows).map(({ value, count }) => [value, count])).toEqual([["0", 1], ["3", 2]]);
  });
  it("counts packets for the agent that told of them first", () => {
    const rows = [packet({ agent: "mill" }), packet({ agent: "roof" }), packet({ agent: null }), packet({ agent: "roof" })];
    expect(facetValues("agent", rows).map(({ value, count }) => [value, count])).toEqual([["roof", 2], ["mill", 1]]);
  });
  it("shows the busiest senders only", () => {
    const rows = Array.from({ length: 40 }, (_, i) => packet({ from: `!000000${(i % 20).toString(16).padStart(2, "0")}` }));
    expect(facetValues("from", rows)).toHaveLength(8);
  });
});
