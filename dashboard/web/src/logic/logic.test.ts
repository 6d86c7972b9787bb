import { describe, expect, it } from "vitest";
import type { Agent, Ledger, Node } from "../api/types";
import { agentState } from "./agents";
import { portLook } from "./ports";
import { ageOf, isOnline, roleName, shapeOf } from "./roles";
import { lastSixtySeconds, lostRecords, minuteSeries, sparkPath } from "./series";
import { snrGrade, snrShare } from "./signal";
import { addressOf, parseView, withSelection } from "./view";

const kMinute = 60e6;
const kNow = 1000 * kMinute + 15e6; // a quarter into a minute

describe("series by minute", () => {
  const points = [
    { t_us: 998 * kMinute, packets: 8, receptions: 20 },
    { t_us: 1000 * kMinute, packets: 5, receptions: 9 },
  ];
  it("has a zero for a minute without packets", () => {
    expect(minuteSeries(points, kNow, 4).map((p) => p.packets)).toEqual([0, 8, 0, 5]);
  });
  it("counts the last 60 seconds across two minutes", () => {
    const steady = [999, 1000].map((m) => ({ t_us: m * kMinute, packets: m === 999 ? 60 : 15, receptions: 0 }));
    expect(lastSixtySeconds(steady, kNow, "packets")).toBe(60);
    expect(lastSixtySeconds([], kNow, "packets")).toBe(0);
  });
});

describe("sparkPath", () => {
  it("runs from left to right on a scale from zero", () => {
    expect(sparkPath([0, 5, 10], 100, 20)).toBe("M0.0 20.0L50.0 10.0L100.0 0.0");
  });
  it("is flat for zeros, and nothing for a single value", () => {
    expect(sparkPath([0, 0], 100, 20)).toBe("M0.0 20.0L100.0 20.0");
    expect(sparkPath([3], 100, 20)).toBe("");
  });
});

describe("lost records", () => {
  const ledger: Ledger = { captured: 100, delivered: 85, duplicate: 5, set_aside: 1, dropped: 0, filtered: 4, waiting: 10 };
  it("are none when the books balance", () => {
    expect(lostRecords(ledger)).toBe(0);
  });
  it("are those dropped and those unexplained", () => {
    expect(lostRecords({ ...ledger, delivered: 75, dropped: 7 })).toBe(10);
  });
  it("are never fewer than none, when figures are of slightly different moments", () => {
    expect(lostRecords({ ...ledger, delivered: 95 })).toBe(0);
  });
});

describe("the state of an agent", () => {
  const agent = (state: string | null, silentSeconds: number): Agent =>
    ({ last_upload_us: kNow - silentSeconds * 1e6, link: state ? { state, description: null, reason: null } : null }) as unknown as Agent;
  it("is that of its radio link while it uploads", () => {
    expect(agentState(agent("ready", 10), kNow)).toEqual({ grade: "good", word: "Ready" });
    expect(agentState(agent("down", 10), kNow).grade).toBe("bad");
    expect(agentState(agent("connecting", 10), kNow).grade).toBe("warn");
  });
  it("is offline when it is silent, whatever it said before", () => {
    expect(agentState(agent("ready", 301), kNow)).toEqual({ grade: "bad", word: "Offline" });
  });
  it("may be unknown", () => {
    expect(agentState(agent(null, 1), kNow).grade).toBe("unknown");
    expect(agentState(agent("unknown", 1), kNow).grade).toBe("unknown");
  });
});

describe("nodes on the map", () => {
  it("have a shape by role; an unknown role is a client", () => {
    expect(["ROUTER", "REPEATER", "TRACKER", "SENSOR", "CLIENT_BASE", "CLIENT", "NEW_ROLE"].map(shapeOf)).toEqual([
      "triangle", "triangle", "diamond", "hexagon", "square", "circle", "circle",
    ]);
    expect(shapeOf(null)).toBe("circle");
  });
  it("fade with age", () => {
    const ages = [0, 14, 16, 119, 121, 1439, 1441].map((minutes) => ageOf(kNow - minutes * kMinute, kNow));
    expect(ages).toEqual(["live", "live", "recent", "recent", "day", "day", "old"]);
    expect(ageOf(null, kNow)).toBe("old");
  });
  it("are online as the server counts it", () => {
    expect(isOnline({ last_heard_us: kNow - 119 * kMinute } as Node, kNow)).toBe(true);
    expect(isOnline({ last_heard_us: kNow - 121 * kMinute } as Node, kNow)).toBe(false);
  });
  it("have readable roles", () => {
    expect([roleName("ROUTER_LATE"), roleName(null)]).toEqual(["Router late", "Unknown role"]);
  });
});

it("ports have a word; an unknown one has its name or number", () => {
  expect(portLook(67, "TELEMETRY_APP")).toEqual({ label: "Telemetry", kind: "telemetry" });
  expect(portLook(null, null).kind).toBe("encrypted");
  expect(portLook(257, "ATAK_FORWARDER").label).toBe("Atak forwarder");
  expect(portLook(300, null).label).toBe("Port 300");
});

it("signals are graded, and fill the scale from its floor to its ceiling", () => {
  expect([-20, -12, -5].map(snrGrade)).toEqual(["weak", "fair", "good"]);
  expect([-30, -20, -5, 10, 12].map(snrShare)).toEqual([0, 0, 0.5, 1, 1]);
});

describe("the address", () => {
  const nothing = { page: "overview", subject: null, query: "", sort: "", options: {}, node: null, packet: null, agent: null, link: null } as const;
  const read = (address: string) => parseView(new URL(address, "http://x").pathname, new URL(address, "http://x").search);
  it("holds what is shown, there and back", () => {
    for (const view of [
      { ...nothing, node: "!0a1b2c3d" },
      { ...nothing, packet: 1_790_000_000_000_001 },
      { ...nothing, agent: "roof & <b>" },
      { ...nothing, page: "nodes" as const, query: 'port:text "a & b" hops:<3', packet: 7 },
      { ...nothing, page: "nodes" as const, query: "role:router", sort: "-heard" },
      { ...nothing, page: "nodes" as const, subject: "!0a1b2c3d", options: { range: "7d" } },
      { ...nothing, page: "agents" as const, subject: "roof & <b>/2" },
      { ...nothing, page: "links" as const, options: { layout: "matrix", since: "1d" }, link: "!0a1b2c3d-!00000001" },
    ]) {
      expect(read(addressOf(view))).toEqual(view);
    }
    expect(addressOf(nothing)).toBe("/");
    expect(read("/nodes/?q=x").page).toBe("nodes");
  });
  it("forgets what was chosen within the drawer when something of another kind is open there, or nothing", () => {
    const packet = read("/packets?q=x&facets=hidden&tab=bytes&packet=7");
    expect(addressOf(withSelection(packet, { packet: 8 }))).toBe("/packets?q=x&facets=hidden&tab=bytes&packet=8");
    expect(addressOf(withSelection(packet, {}))).toBe("/packets?q=x&facets=hidden");
    expect(addressOf(withSelection(packet, { node: "!0a1b2c3d" }))).toBe("/packets?q=x&facets=hidden&node=%210a1b2c3d");
    const link = read("/links?link_evidence=traceroute&link_span=7d&view=table&link=!0a1b2c3d-!00000001");
    expect(withSelection(link, { link: "!00000002-!00000001" }).options).toEqual({ link_evidence: "traceroute", link_span: "7d", view: "table" });
    expect(withSelection(link, {}).options).toEqual({ view: "table" });
    expect(link.options["link_span"]).toBe("7d");
  });
  it("with anything else selects nothing", () => {
    expect(read("/?node=javascript:alert(1)&packet=-3")).toEqual(nothing);
    expect(read("/somewhere?packet=1e400")).toEqual(nothing);
    expect(read("/nodes/%E0%A4%A?link=!0a1b2c3d")).toEqual(nothing);
    expect(read("/nodes/constructor")).toEqual(nothing);
  });
});
