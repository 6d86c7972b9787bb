import { describe, expect, it } from "vitest";
import type { AgentGap, Link, LinkHour, Telemetry } from "../api/node_page";
import { activityOf, firstDay, levelTexts } from "./node_activity";
import { identitySteps, keyHex, shortKey } from "./node_identity";
import { deafTimes, visibleIn, type Listener } from "./node_listening";
import { metricLabel, metricLook, metricSeries, metricWords } from "./node_metrics";
import { neighboursOf, snrCurve } from "./node_neighbours";
import { daysOf, rangeOf, windowAt } from "./node_range";
import { placesOf, staysOf, trackOf, type PlacedAt } from "./node_track";

const kHour = 3600e6;
const kNow = Date.UTC(2026, 10, 28, 2, 30) * 1000;

describe("the range", () => {
  it("is the default when the address says something else", () => {
    expect([rangeOf("7d"), rangeOf("9d"), rangeOf(undefined)]).toEqual(["7d", "24h", "24h"]);
    expect([daysOf("6h"), daysOf("30d")]).toEqual([7, 30]);
  });
  it("stays the same for a while and never ends before now", () => {
    const at = (us: number) => windowAt("24h", us);
    const start = Math.floor(kNow / 240e6) * 240e6 + 1;
    expect(at(start)).toEqual(at(start + 200e6));
    expect(at(start).until).toBeGreaterThanOrEqual(start);
    expect(at(start).until - at(start).since).toBe(24 * kHour);
    expect(at(start)).not.toEqual(at(start + 300e6));
  });
});

describe("when nobody listened", () => {
  const window = { since: kNow - 10 * kHour, until: kNow };
  const gap = (from: number, until: number | null, cause: AgentGap["cause"] = "radio_away"): AgentGap => ({
    start_us: kNow + from * kHour, until_us: until === null ? null : kNow + until * kHour, cause, records: 0, reason: null,
    radio: null,
  });
  const listener = (gaps: AgentGap[], more: Partial<Listener> = {}): Listener => ({ radios: 0, first_seen_us: 0, last_upload_us: kNow, gaps, ...more });
  const hours = (listeners: Listener[]) => deafTimes(listeners, window, kNow)?.map((s) => [(s.from_us - kNow) / kHour, (s.until_us - kNow) / kHour]);

  it("is when no agent did", () => {
    expect(hours([listener([gap(-8, -4)]), listener([gap(-6, -2)])])).toEqual([[-6, -4]]);
    expect(hours([listener([gap(-8, -4)]), listener([])])).toEqual([]);
    // One radio of two was away; both were when the agent did not run.
    expect(hours([listener([gap(-8, -4), gap(-2, -1, "agent_stopped")], { radios: 2 })])).toEqual([[-2, -1]]);
    expect(hours([listener([gap(-8, -6), gap(-7, -5, "agent_stopped"), gap(-2, null)])])).toEqual([[-8, -5], [-2, 0]]);
  });
  it("is before an agent's first upload, and after the last of one that is offline", () => {
    expect(hours([listener([], { first_seen_us: kNow - 3 * kHour })])?.map((s) => s[1])).toEqual([-3]);
    expect(hours([listener([], { last_upload_us: kNow - kHour })])).toEqual([[-1, 0]]);
    expect(hours([listener([], { last_upload_us: kNow - 60e6 })])).toEqual([]);
  });
  it("is not when single records were refused, and not known without an agent", () => {
    expect(hours([listener([gap(-8, -4, "set_aside")])])).toEqual([]);
    expect(deafTimes([], window, kNow)).toBeNull();
  });
  it("is shown when it can be seen", () => {
    const stretch = (us: number) => [{ from_us: kNow - us, until_us: kNow }];
    expect(visibleIn(stretch(1e6), window)).toEqual([]);
    expect(visibleIn(stretch(60e6), window)).toHaveLength(1);
  });
});

describe("telemetry", () => {
  const window = { since: 0, until: 10 * kHour };
  const raw = (points: [number, object][]): Telemetry => ({
    node: "!a1b2c3d4", kind: "device", since_us: 0, until_us: window.until, step_us: 0,
    points: points.map(([hour, fields], packet) => ({ packet, time_us: hour * kHour, fields: fields as Record<string, never> })),
  });

  it("has units by the protocol's names, and shows what is not known as it is", () => {
    expect([metricLook("ch3_voltage").unit, metricLook("ch3_current").unit, metricLook("pm25_environmental").unit, metricLook("soil_temperature").unit]).toEqual(["V", "mA", "µg/m³", "°C"]);
    expect(metricLook("flux_capacity")).toEqual({ unit: "", digits: null, scale: 1 });
    const labels = { voltage: "Voltage", "ch#_voltage": "Channel # voltage" };
    expect([metricLabel("voltage", labels), metricLabel("ch3_voltage", labels), metricLabel("flux_capacity", labels), metricLabel("constructor", labels)])
      .toEqual(["Voltage", "Channel 3 voltage", "Flux capacity", "Constructor"]);
  });
  it("becomes curves over the whole window, which break where values are missing", () => {
    const [volts, flux] = metricSeries(raw([[1, { voltage: 4 }], [1.1, { voltage: 3.9, flux: 7 }], [1.2, { voltage: 3.8 }], [5, { voltage: 3 }]]), window, []);
    expect(volts!.values).toEqual([null, 4, 3.9, 3.8, null, 3, null]);
    expect([volts!.times[0], volts!.times.at(-1)]).toEqual([0, window.until]);
    expect([volts!.least, volts!.greatest, volts!.last.value, volts!.count, volts!.low]).toEqual([3, 4, 3, 4, null]);
    expect([flux!.name, flux!.digits]).toEqual(["flux", 0]);
  });
  it("breaks where nobody listened, however short", () => {
    const values = (deaf: { from_us: number; until_us: number }[]) => metricSeries(raw([[1, { iaq: 1 }], [2, { iaq: 2 }]]), window, deaf)[0]!.values;
    expect(values([])).toEqual([null, 1, 2, null]);
    expect(values([{ from_us: 1.2 * kHour, until_us: 1.3 * kHour }])).toEqual([null, 1, null, 2, null]);
  });
  it("has the least and the greatest of each step where values are rolled up, in the shown unit", () => {
    const answer: Telemetry = {
      node: "!a1b2c3d4", kind: "host", since_us: 0, until_us: window.until, step_us: kHour,
      points: [{ start_us: kHour, fields: { load1: { count: 3, min: 10, max: 200, mean: 50 } } }],
    };
    const [load] = metricSeries(answer, window, []);
    expect([load!.times[1], load!.values[1], load!.low![1], load!.high![1], load!.count]).toEqual([1.5 * kHour, 0.5, 0.1, 2, 3]);
  });
  it("keeps what is said in words", () => {
    expect(metricWords(raw([[1, { user_string: "old", load1: 3 }], [2, { user_string: "new" }]]))).toEqual([["user_string", "new"]]);
  });
});

describe("activity", () => {
  const point = (hoursAgo: number, packets: number) => ({ start_us: Math.floor(kNow / kHour) * kHour - hoursAgo * kHour, packets, receptions: 2 * packets, airtime_us: 1e6 });

  it("is by day and hour, with what is still to come", () => {
    const { days, most } = activityOf([point(0, 4), point(3, 9), point(24 * 7, 99)], 7, kNow, "utc", null);
    expect(days).toHaveLength(7);
    expect(days[0]!.from_us).toBe(firstDay(7, kNow, "utc"));
    expect(days[6]!.hours.slice(0, 4).map((hour) => [hour!.packets, hour!.state])).toEqual([[0, "known"], [0, "known"], [4, "running"], [0, "future"]]);
    expect([days[5]!.hours[23]!.packets, days[5]!.hours[23]!.receptions, most]).toEqual([9, 18, 9]);
  });
  it("is not known where nobody listened for the whole hour", () => {
    const state = (until: number) => activityOf([], 7, kNow, "utc", [{ from_us: 0, until_us: until }]).days[6]!.hours.slice(0, 3).map((hour) => hour!.state);
    expect(state(kNow)).toEqual(["deaf", "deaf", "deaf"]);
    expect(state(kNow - kHour)).toEqual(["deaf", "known", "running"]);
  });
  it("has levels that tell one packet from none", () => {
    const { days, bounds } = activityOf([point(0, 1), point(1, 100)], 7, kNow, "utc", null);
    expect(days[6]!.hours.slice(0, 3).map((hour) => hour!.level)).toEqual([0, 5, 1]);
    expect(levelTexts(bounds)).toEqual([
      { level: 1, text: "1–4" }, { level: 2, text: "5–16" }, { level: 3, text: "17–36" }, { level: 4, text: "37–64" }, { level: 5, text: "65–100" },
    ]);
    expect(levelTexts([0, 0, 1, 1, 2]).map((each) => each.text)).toEqual(["1", "2"]);
  });
});

describe("positions", () => {
  const at = (minute: number, latitude: number, more: Partial<PlacedAt> = {}): PlacedAt => ({
    id: minute, latitude, longitude: 10, altitude: null, precision_bits: 32, time_us: minute * 60e6, ground_speed: null, sats_in_view: null, ...more,
  });

  it("are put together where a node stayed", () => {
    const stays = staysOf([at(9, 48), at(8, 48, { altitude: 500 }), at(5, 47), at(1, 48)]);
    expect(stays.map((stay) => [stay.latitude, stay.reports, stay.from_us / 60e6, stay.until_us / 60e6])).toEqual([[48, 2, 8, 9], [47, 1, 5, 5], [48, 1, 1, 1]]);
    expect(stays[0]!.altitude).toBe(500);
  });
  it("are joined by lines that fade, without a hole between", () => {
    const parts = trackOf(staysOf(Array.from({ length: 9 }, (_, i) => at(9 - i, 48 - i))));
    expect(parts.map((part) => part.fade)).toEqual([3, 2, 1, 0]);
    expect(parts[1]!.places.at(-1)).toEqual(parts[0]!.places[0]);
    expect(parts[3]!.places[0]).toEqual([10, 48]);
    expect(trackOf(staysOf([at(1, 48)]))).toEqual([]);
  });
  it("are at least the last known one", () => {
    const node = (positions: PlacedAt[]) => ({ positions, position: { latitude: 1, longitude: 2, altitude: 3, precision_bits: 16, time_us: 4 } }) as unknown as Parameters<typeof placesOf>[0];
    expect(staysOf(placesOf(node([])))).toMatchObject([{ packet: null, latitude: 1, altitude: 3, reports: 1 }]);
    expect(placesOf(node([at(1, 48)]))).toEqual([at(1, 48)]);
  });
});

describe("neighbours", () => {
  const link = (from: string, to: string, evidence: Link["evidence"], snr: number | null, last = 1): Link => ({
    from, from_name: null, to, to_name: null, evidence, count: 2, first_us: 0, last_us: last, snr, rssi: null,
  });

  it("are one for each node, by the best evidence and then the signal", () => {
    const links = [link("b", "a", "traceroute", 9, 5), link("b", "a", "direct", -3), link("c", "a", "direct", 4), link("d", "a", "neighbor_info", 12), link("a", "e", "direct", null)];
    const heard = neighboursOf(links, "a", "in");
    expect(heard.map((n) => [n.id, n.link.snr, n.last_us, n.evidence.map((e) => e.kind)])).toEqual([
      ["c", 4, 1, ["direct"]], ["b", -3, 5, ["direct", "traceroute"]], ["d", 12, 1, ["neighbor_info"]],
    ]);
    expect(neighboursOf(links, "a", "out").map((n) => n.id)).toEqual(["e"]);
  });
  it("have a curve with a gap where nothing was measured", () => {
    const hour = (n: number, p50: number | null): LinkHour => ({ start_us: n * kHour, count: 1, snr: p50 === null ? null : { p10: p50 - 1, p50, p90: p50 + 1 }, rssi: null });
    const curve = snrCurve([hour(0, 0), hour(1, 12), hour(2, null), hour(4, -40)], 0, 5 * kHour, 100, 32);
    expect([curve.lines, curve.hours]).toEqual([["M10.0 12.0L30.0 0.0"], 3]);
    expect(curve.dots).toEqual([{ x: 90, y: 32 }]);
  });
});

describe("identity", () => {
  it("tells what was before, and that a key changed", () => {
    const steps = identitySteps([
      { time_us: 3, field: "public_key", value: "bb" }, { time_us: 2, field: "long_name", value: "New" },
      { time_us: 1, field: "public_key", value: "aa" }, { time_us: 1, field: "long_name", value: "Old" },
    ]);
    expect(steps.map((step) => [step.time_us, step.keyChanged])).toEqual([[3, true], [2, false], [1, false]]);
    expect(steps[1]!.changes).toEqual([{ field: "long_name", before: "Old", value: "New" }]);
    expect(steps[2]!.changes.map((change) => change.field)).toEqual(["long_name", "public_key"]);
  });
  it("shows a key by its begin and end", () => {
    expect(keyHex("PYqC/w==")).toBe("3d8a82ff");
    expect(keyHex("no base64!")).toBe("no base64!");
    expect(shortKey("0123456789abcdef0123")).toBe("01234567…cdef0123");
  });
});
