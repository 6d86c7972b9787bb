// Finds the places of a graph's nodes beside the page, so that thousands of them never hold it up. LayoutThread is the
// other end.

import { ForceLayout, type Point } from "../logic/force_layout";

export type ToWorker =
  // Another graph. `known`: where nodes stood before.
  | { kind: "graph"; turn: number; ids: string[]; links: [number, number][]; known: Map<string, Point> }
  | { kind: "hold"; turn: number; node: number; x: number; y: number }
  | { kind: "letGo"; turn: number }
  // The places that were told last are drawn: tell the next.
  | { kind: "drawn"; turn: number };

export interface FromWorker {
  turn: number; // of the graph that they are of
  x: Float64Array;
  y: Float64Array;
  settled: boolean;
}

// Messages are looked at this often.
const kSliceMs = 12;

let layout: ForceLayout | null = null;
let turn = 0;
let asked = true; // for places: nobody draws faster than it is asked
let told = false; // that it is at rest
let timer: ReturnType<typeof setTimeout> | undefined;

function tell(): void {
  if (!layout || !asked || told) return;
  asked = false;
  told = layout.settled;
  const [x, y] = [layout.x.slice(), layout.y.slice()];
  const message: FromWorker = { turn, x, y, settled: layout.settled };
  postMessage(message, { transfer: [x.buffer, y.buffer] });
}

function run(): void {
  timer = undefined;
  const until = performance.now() + kSliceMs;
  while (layout && !layout.settled && performance.now() < until) layout.tick();
  tell();
  if (layout && !layout.settled) timer = setTimeout(run);
}

addEventListener("message", ({ data }: MessageEvent<ToWorker>) => {
  if (data.kind === "graph") {
    layout = new ForceLayout(data.ids, data.links, data.known);
    turn = data.turn;
    asked = true;
  } else if (data.turn !== turn || !layout) {
    return;
  } else if (data.kind === "hold") {
    layout.hold(data.node, data.x, data.y);
  } else if (data.kind === "letGo") {
    layout.letGo();
  } else {
    asked = true;
    tell();
    return;
  }
  told = false;
  timer ??= setTimeout(run);
});
