// What telemetry fields are: their units, by the protocol's names, and their values as curves.

import type { Telemetry } from "../api/node_page";
import type { Micros } from "../api/types";
import type { TimeWindow } from "./node_range";
import type { Stretch } from "./node_listening";

export interface MetricLook {
  unit: string;
  digits: number | null; // after the point; null: as many as the values need
  scale: number; // a field's value times this is in `unit`
  range?: [number, number]; // of the chart, where the value's limits are known
}

const look = (unit: string, digits: number, scale = 1, range?: [number, number]): MetricLook => ({ unit, digits, scale, ...(range && { range }) });

// The first whose form the name has.
const kLooks: [RegExp, MetricLook][] = [
  [/^battery_level$/, look("%", 0, 1, [0, 105])],
  [/^(channel_utilization|air_util_tx)$/, look("%", 1)],
  [/(^|_)uptime(_seconds)?$/, look("h", 1, 1 / 3600)],
  [/voltage/, look("V", 2)],
  [/current/, look("mA", 1)],
  [/temperature/, look("°C", 1)],
  [/humidity/, look("%", 1)],
  [/^soil_moisture$/, look("%", 0)],
  [/^barometric_pressure$/, look("hPa", 1)],
  [/^gas_resistance$/, look("MΩ", 2)],
  [/^distance$/, look("mm", 0)],
  [/(^|_)lux$/, look("lx", 1)],
  [/^wind_direction$/, look("°", 0, 1, [0, 360])],
  [/^wind_/, look("m/s", 1)],
  [/^weight$/, look("kg", 2)],
  [/^radiation$/, look("µR/h", 1)],
  [/^rainfall_/, look("mm", 1)],
  [/^lightning_distance_km$/, look("km", 0)],
  [/^pm_(voc|nox)_idx$/, look("", 0)],
  [/^pm\d+_/, look("µg/m³", 0)],
  [/^particles_tps$/, look("µm", 2)],
  [/^particles_\d+um$/, look("/ 0.1 l", 0)],
  [/^co2$/, look("ppm", 0)],
  [/^form_formaldehyde$/, look("ppb", 1)],
  [/^heart_bpm$/, look("/ min", 0)],
  [/^sp_o2$/, look("%", 0)],
  [/^noise_floor$/, look("dBm", 0)],
  [/^heap_.*bytes$/, look("kB", 0, 1e-3)],
  [/^freemem_bytes$/, look("MB", 0, 1e-6)],
  [/^diskfree\d_bytes$/, look("GB", 2, 1e-9)],
  [/_bytes$/, look("B", 0)],
  [/^load\d+$/, look("", 2, 0.01)],
  [/^(num_|iaq$|wifi$|ble$|lightning_strike_count)/, look("", 0)],
];

const kUnknownLook: MetricLook = { unit: "", digits: null, scale: 1 };

export const metricLook = (name: string): MetricLook => kLooks.find(([form]) => form.test(name))?.[1] ?? kUnknownLook;

// Words for a field without a text of its own: its text without the number in it, else its name.
export function metricLabel(name: string, labels: Record<string, string>): string {
  const exact = Object.hasOwn(labels, name) ? labels[name] : undefined;
  if (exact) return exact;
  const numbered = /^(.*?)(\d+)(.*)$/.exec(name);
  const general = numbered && `${numbered[1]}#${numbered[3]}`;
  const words = general && Object.hasOwn(labels, general) ? labels[general]!.replace("#", numbered![2]!) : name.replaceAll("_", " ");
  return words.charAt(0).toUpperCase() + words.slice(1);
}

// One field over time. Rolled up (a value stands for several): `low` and `high` are the least and the greatest of each step.
export interface MetricSeries {
  name: string;
  look: MetricLook;
  digits: number;
  times: Micros[];
  values: (number | null)[];
  low: (number | null)[] | null;
  high: (number | null)[] | null;
  last: { time: Micros; value: number };
  least: number;
  greatest: number;
  count: number; // of single values
}

interface Sample {
  time: Micros;
  value: number;
  low: number;
  high: number;
  count: number;
}

// Values further apart than so many times the usual distance are not joined: nothing is known between them.
const kApart = 4;
// Digits of an unknown field whose values are no whole numbers.
const kDigits = 2;

function samplesOf(answer: Telemetry, window: TimeWindow): Map<string, Sample[]> {
  const samples = new Map<string, Sample[]>();
  for (const point of answer.points) {
    const time = "time_us" in point ? point.time_us : Math.min(point.start_us + answer.step_us / 2, window.until);
    if (time < window.since) continue;
    for (const [name, value] of Object.entries(point.fields as Record<string, unknown>)) {
      const { scale } = metricLook(name);
      let sample: Sample | null = null;
      if (typeof value === "number") sample = { time, value: value * scale, low: value * scale, high: value * scale, count: 1 };
      else if (typeof value === "object" && value !== null && "mean" in value) {
        const { mean, min, max, count } = value as { mean: number; min: number; max: number; count: number };
        sample = { time, value: mean * scale, low: min * scale, high: max * scale, count };
      }
      if (!sample) continue;
      const list = samples.get(name);
      if (list) list.push(sample);
      else samples.set(name, [sample]);
    }
  }
  return samples;
}

// The time from which on two neighbours are not joined.
function apart(samples: Sample[], step: Micros): Micros {
  const distances = samples.slice(1).map((sample, i) => sample.time - samples[i]!.time).sort((a, b) => a - b);
  return Math.max(kApart * (distances[Math.floor(distances.length / 2)] ?? 0), 2 * step);
}

const within = (stretches: Stretch[], from: Micros, until: Micros) => stretches.some((s) => s.from_us < until && s.until_us > from);

// Every field of an answer as a curve from the begin of the window to its end, so that all charts have the same time
// scale. A curve breaks where nobody listened, and where values are missing.
export function metricSeries(answer: Telemetry, window: TimeWindow, deaf: Stretch[]): MetricSeries[] {
  return [...samplesOf(answer, window)].map(([name, samples]) => {
    const step = answer.step_us;
    const far = apart(samples, step);
    const shown: (Sample | { time: Micros; value: null; low: null; high: null })[] = [];
    const nothing = (time: Micros) => shown.push({ time, value: null, low: null, high: null });
    nothing(Math.min(window.since, samples[0]!.time - 1));
    samples.forEach((sample, i) => {
      const before = samples[i - 1];
      if (before && (sample.time - before.time > far || within(deaf, before.time + step / 2, sample.time - step / 2))) nothing((before.time + sample.time) / 2);
      shown.push(sample);
    });
    const last = samples.at(-1)!;
    nothing(Math.max(window.until, last.time + 1));
    const look = metricLook(name);
    return {
      name,
      look,
      digits: look.digits ?? (samples.every((s) => Number.isInteger(s.low) && Number.isInteger(s.high)) ? 0 : kDigits),
      times: shown.map((s) => s.time),
      values: shown.map((s) => s.value),
      low: step > 0 ? shown.map((s) => s.low) : null,
      high: step > 0 ? shown.map((s) => s.high) : null,
      last: { time: last.time, value: last.value },
      least: Math.min(...samples.map((s) => s.low)),
      greatest: Math.max(...samples.map((s) => s.high)),
      count: samples.reduce((sum, s) => sum + s.count, 0),
    };
  });
}

// Fields that are words, newest value each: they have no curve. Only single values tell them.
export function metricWords(answer: Telemetry): [name: string, value: string][] {
  const words = new Map<string, string>();
  for (const point of answer.points) {
    for (const [name, value] of Object.entries(point.fields as Record<string, unknown>)) {
      if (typeof value === "string" && value) words.set(name, value);
      if (typeof value === "boolean") words.set(name, String(value));
      if (Array.isArray(value)) words.set(name, value.join(", "));
    }
  }
  return [...words];
}
