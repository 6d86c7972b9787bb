// The places of a graph's nodes as they are found by a worker.

import type { Point } from "../logic/force_layout";
import "../trusted_types";
import type { FromWorker, ToWorker } from "./layout_worker";
import workerUrl from "./layout_worker?worker&url";

// Of one graph: the places found so far.
export interface Layout {
  readonly ids: string[];
  x: Float64Array;
  y: Float64Array;
  placed: boolean; // every node has a place
  settled: boolean; // places stay as they are
}

export class LayoutThread {
  private readonly worker = new Worker(workerUrl, { type: "module" });
  private turn = 0;
  private layout: Layout | null = null;
  private held: { node: number; x: number; y: number } | null = null;

  // `found`: there are new places; drawn() asks for the next.
  constructor(private readonly found: () => void) {
    this.worker.addEventListener("message", ({ data }: MessageEvent<FromWorker>) => {
      if (data.turn !== this.turn || !this.layout) return;
      const { x, y, settled } = data;
      Object.assign(this.layout, { x, y, settled, placed: true });
      this.keepHeld();
      this.found();
    });
  }

  destroy(): void {
    this.worker.terminate();
    this.layout = null;
  }

  // `links`: indexes of two nodes each. Nodes that are known already begin where they stand.
  show(ids: string[], links: [number, number][]): Layout {
    const known = new Map<string, Point>();
    const before = this.layout;
    if (before?.placed) before.ids.forEach((id, i) => known.set(id, { x: before.x[i]!, y: before.y[i]! }));
    this.held = null;
    this.turn++;
    const place = (axis: "x" | "y") => Float64Array.from(ids, (id) => known.get(id)?.[axis] ?? 0);
    this.layout = { ids, x: place("x"), y: place("y"), placed: ids.every((id) => known.has(id)), settled: ids.length === 0 };
    this.send({ kind: "graph", turn: this.turn, ids, links, known });
    return this.layout;
  }

  drawn(): void {
    this.send({ kind: "drawn", turn: this.turn });
  }

  // Someone drags a node: it stays where it is put, the others give way.
  hold(node: number, x: number, y: number): void {
    if (!this.layout) return;
    this.held = { node, x, y };
    this.layout.settled = false;
    this.keepHeld();
    this.send({ kind: "hold", turn: this.turn, node, x, y });
  }

  letGo(): void {
    if (!this.held) return;
    this.held = null;
    this.send({ kind: "letGo", turn: this.turn });
  }

  private keepHeld(): void {
    if (!this.held || !this.layout) return;
    this.layout.x[this.held.node] = this.held.x;
    this.layout.y[this.held.node] = this.held.y;
  }

  private send(message: ToWorker): void {
    this.worker.postMessage(message);
  }
}
