// The graph of the links on a canvas: finds its places, then stands still; can be dragged, zoomed and pointed at.

import { lineAt, lookAtAll, nodeAt, radiusOf, zoomed, type Look } from "../logic/graph_picture";
import type { Graph } from "../logic/link_graph";
import { ForcePainter, readGraphPalette, sceneOf, type Emphasis, type Scene } from "./force_painter";
import { LayoutThread } from "./layout_thread";
import type { NameOf } from "./link_parts";

// While places are found, the page rests this many times as long as a drawing took: a large graph is drawn less often.
const kRestOfDrawing = 1;
const kMargin = 44;
const kReach = 5;
// A finger that moves less than this has tapped.
const kTapPixels = 4;
const kWheelStep = 0.0016;

export interface ForceEvents {
  node(id: string): void; // a node was clicked
  line(index: number): void; // a line was clicked, by the index of its pair
  hover(what: { node: string } | { line: number } | null, x: number, y: number): void;
  settled(is: boolean): void;
}

type Pressed = { x: number; y: number; node: number | null; dragged: boolean };

export class ForceCanvas {
  private scene: Scene | null = null;
  private look: Look = { scale: 1, x: 0, y: 0 };
  private moved = false; // by the person: then the look stays
  private palette = readGraphPalette();
  private readonly emphasis: Emphasis = { node: null, line: null, ego: null, chosen: null };
  private readonly painter: ForcePainter;
  private readonly observer: ResizeObserver;
  private readonly pointers = new Map<number, { x: number; y: number }>();
  private pressed: Pressed | null = null;
  private readonly thread = new LayoutThread(() => this.onPlaces());
  private frame = 0;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private drawMs = 0; // of the last drawing
  private drawnAt = -Infinity;
  private width = 0;
  private height = 0;
  private toldSettled: boolean | null = null;
  private readonly still = matchMedia("(prefers-reduced-motion: reduce)");

  constructor(
    private readonly canvas: HTMLCanvasElement,
    private readonly events: ForceEvents,
  ) {
    this.painter = new ForcePainter(canvas.getContext("2d")!);
    this.observer = new ResizeObserver(() => this.resize());
    this.observer.observe(canvas);
    canvas.addEventListener("pointerdown", (event) => this.onDown(event));
    canvas.addEventListener("pointermove", (event) => this.onMove(event));
    canvas.addEventListener("pointerup", (event) => this.onUp(event));
    canvas.addEventListener("pointercancel", (event) => this.onUp(event));
    canvas.addEventListener("pointerleave", () => this.point(null, null));
    canvas.addEventListener("wheel", (event) => this.onWheel(event), { passive: false });
  }

  destroy(): void {
    cancelAnimationFrame(this.frame);
    clearTimeout(this.timer);
    this.thread.destroy();
    this.observer.disconnect();
    this.scene = null;
  }

  show(graph: Graph, name: NameOf, radios: Set<string>, ego: string | null): void {
    const ids = [...graph.nodes.keys()];
    const index = new Map(ids.map((id, i) => [id, i]));
    const lines = graph.pairs.map((pair): [number, number] => [index.get(pair.a)!, index.get(pair.b)!]);
    const before = this.scene;
    const same = before !== null && before.layout.ids.join() === ids.join() && JSON.stringify(before.lines) === JSON.stringify(lines);
    const layout = same ? before.layout : this.thread.show(ids, lines);
    this.scene = sceneOf(graph, layout, lines, name, radios);
    this.emphasis.ego = ego === null ? null : (index.get(ego) ?? null);
    this.emphasis.node = this.emphasis.line = null;
    // Another part of the mesh: look at all of it.
    if (before && Math.abs(before.layout.ids.length - ids.length) > ids.length / 4) this.moved = false;
    this.soon();
  }

  choose(line: number | null): void {
    this.emphasis.chosen = line;
    this.soon();
  }

  restyle(): void {
    this.palette = readGraphPalette();
    this.soon();
  }

  fit(): void {
    this.moved = false;
    this.soon();
  }

  zoom(factor: number): void {
    this.zoomAt(factor, this.width / 2, this.height / 2);
  }

  private resize(): void {
    this.width = this.canvas.clientWidth;
    this.height = this.canvas.clientHeight;
    this.soon();
  }

  private soon(): void {
    this.frame ||= requestAnimationFrame(() => this.step());
  }

  private step(): void {
    this.frame = 0;
    const scene = this.scene;
    if (!scene || this.width === 0) return;
    const settled = scene.layout.settled;
    if (settled !== this.toldSettled) this.events.settled((this.toldSettled = settled));
    if (!scene.layout.placed) return;
    if (!this.moved) this.look = lookAtAll(scene.layout.x, scene.layout.y, this.width, this.height, kMargin);
    // Who does not want things to move sees them when they stand still, and while dragging.
    if (settled || !this.still.matches || this.pressed) this.draw(scene, !settled);
    if (!settled) this.thread.drawn();
  }

  // New places: at once when nodes stand still now, else when the page had time for something else.
  private onPlaces(): void {
    clearTimeout(this.timer);
    const wait = this.scene?.layout.settled ? 0 : this.drawnAt + this.drawMs * kRestOfDrawing - performance.now();
    if (wait <= 0) this.soon();
    else this.timer = setTimeout(() => this.soon(), wait);
  }

  private draw(scene: Scene, moving: boolean): void {
    const begin = performance.now();
    const ratio = Math.min(2, devicePixelRatio);
    const [width, height] = [Math.round(this.width * ratio), Math.round(this.height * ratio)];
    if (this.canvas.width !== width || this.canvas.height !== height) Object.assign(this.canvas, { width, height });
    this.canvas.getContext("2d")!.setTransform(ratio, 0, 0, ratio, 0, 0);
    this.painter.draw(scene, this.look, this.emphasis, this.palette, this.width, this.height, moving);
    this.drawnAt = performance.now();
    this.drawMs = this.drawnAt - begin;
  }

  private at(x: number, y: number): { node: number | null; line: number | null } {
    const scene = this.scene;
    if (!scene) return { node: null, line: null };
    const { scale } = this.look;
    const px = (x - this.look.x) / scale;
    const py = (y - this.look.y) / scale;
    const node = nodeAt(scene.layout.x, scene.layout.y, px, py, (i) => (radiusOf(scene.neighbours[i]!, scale) + kReach) / scale);
    return { node, line: node === null ? lineAt(scene.lines, scene.layout.x, scene.layout.y, px, py, kReach / scale) : null };
  }

  private point(node: number | null, line: number | null, x = 0, y = 0): void {
    const scene = this.scene;
    if (!scene) return;
    this.canvas.style.cursor = node !== null || line !== null ? "pointer" : "";
    this.events.hover(node !== null ? { node: scene.layout.ids[node]! } : line !== null ? { line } : null, x, y);
    if (node === this.emphasis.node && line === this.emphasis.line) return;
    Object.assign(this.emphasis, { node, line });
    this.soon();
  }

  private place(event: PointerEvent | WheelEvent): { x: number; y: number } {
    const box = this.canvas.getBoundingClientRect();
    return { x: event.clientX - box.left, y: event.clientY - box.top };
  }

  private onDown(event: PointerEvent): void {
    if (event.button !== 0) return;
    const at = this.place(event);
    this.pointers.set(event.pointerId, at);
    this.canvas.setPointerCapture(event.pointerId);
    this.pressed = this.pointers.size > 1 ? null : { ...at, node: this.at(at.x, at.y).node, dragged: false };
  }

  private onMove(event: PointerEvent): void {
    const at = this.place(event);
    const before = this.pointers.get(event.pointerId);
    if (!before) {
      const { node, line } = this.at(at.x, at.y);
      this.point(node, line, at.x, at.y);
      return;
    }
    if (this.pointers.size > 1) this.pinch(event.pointerId, before, at);
    else if (this.pressed) this.drag(this.pressed, before, at);
    this.pointers.set(event.pointerId, at);
  }

  private pinch(id: number, before: { x: number; y: number }, at: { x: number; y: number }): void {
    const other = [...this.pointers].find(([each]) => each !== id)![1];
    const apart = (one: { x: number; y: number }) => Math.max(1, Math.hypot(one.x - other.x, one.y - other.y));
    this.look = { ...this.look, x: this.look.x + (at.x - before.x) / 2, y: this.look.y + (at.y - before.y) / 2 };
    this.zoomAt(apart(at) / apart(before), (at.x + other.x) / 2, (at.y + other.y) / 2);
  }

  private drag(pressed: Pressed, before: { x: number; y: number }, at: { x: number; y: number }): void {
    if (!pressed.dragged && Math.hypot(at.x - pressed.x, at.y - pressed.y) < kTapPixels) return;
    pressed.dragged = true;
    this.moved = true;
    this.events.hover(null, 0, 0);
    if (pressed.node === null) this.look = { ...this.look, x: this.look.x + at.x - before.x, y: this.look.y + at.y - before.y };
    else this.thread.hold(pressed.node, (at.x - this.look.x) / this.look.scale, (at.y - this.look.y) / this.look.scale);
    this.soon();
  }

  private onUp(event: PointerEvent): void {
    const at = this.place(event);
    this.pointers.delete(event.pointerId);
    const pressed = this.pressed;
    this.pressed = null;
    this.thread.letGo();
    this.soon();
    if (!pressed || pressed.dragged || event.type === "pointercancel") return;
    const { node, line } = this.at(at.x, at.y);
    if (node !== null) this.events.node(this.scene!.layout.ids[node]!);
    else if (line !== null) this.events.line(line);
  }

  private onWheel(event: WheelEvent): void {
    event.preventDefault();
    const { x, y } = this.place(event);
    const lines = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? 16 : 1;
    this.zoomAt(Math.exp(-event.deltaY * lines * kWheelStep), x, y);
  }

  private zoomAt(factor: number, x: number, y: number): void {
    this.moved = true;
    this.look = zoomed(this.look, factor, x, y);
    this.soon();
  }
}
