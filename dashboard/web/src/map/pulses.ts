// What was just heard, on a canvas above the map: rings that spread from senders, arcs from them to the agents that heard
// them. Nothing of it for those who asked their system for less motion.

export type Place = [longitude: number, latitude: number];

const kLifeMs = 1_100;
const kArcLifeMs = 1_500;
// More at once say nothing more, and cost time.
const kMost = 16;
const kRadius: [number, number] = [6, 22]; // CSS pixels, at birth and at the end
const kBend = 0.16; // how far an arc swings out, in parts of its length
const kTail = 0.45; // the part of an arc that is drawn at one time

interface Arc {
  from: Place;
  to: Place;
}

type Pixel = { x: number; y: number };

export class Pulses {
  private readonly canvas = document.createElement("canvas");
  private readonly calm = matchMedia("(prefers-reduced-motion: reduce)");
  private alive: { place: Place; born: number }[] = [];
  private arcs: (Arc & { born: number })[] = [];
  private color = "";
  private arcColor = "";
  private frame = 0;

  // `project` gives a place's position in the box, in CSS pixels.
  constructor(
    private readonly box: HTMLElement,
    private readonly project: (place: Place) => Pixel,
  ) {
    this.canvas.className = "map-pulses";
    this.canvas.setAttribute("aria-hidden", "true");
    box.append(this.canvas);
  }

  setColors(ring: string, arc: string): void {
    this.color = ring;
    this.arcColor = arc;
  }

  add(places: Place[]): void {
    if (this.calm.matches || document.hidden) return;
    const born = performance.now();
    this.alive = [...this.alive, ...places.map((place) => ({ place, born }))].slice(-kMost);
    this.wake();
  }

  addArcs(arcs: Arc[]): void {
    if (this.calm.matches || document.hidden) return;
    const born = performance.now();
    this.arcs = [...this.arcs, ...arcs.map((arc) => ({ ...arc, born }))].slice(-kMost);
    this.wake();
  }

  destroy(): void {
    cancelAnimationFrame(this.frame);
    this.canvas.remove();
  }

  private wake(): void {
    if (!this.frame && this.alive.length + this.arcs.length > 0) this.frame = requestAnimationFrame(() => this.draw());
  }

  private draw(): void {
    const { clientWidth: width, clientHeight: height } = this.box;
    const scale = devicePixelRatio;
    if (this.canvas.width !== width * scale || this.canvas.height !== height * scale) {
      this.canvas.width = width * scale;
      this.canvas.height = height * scale;
    }
    const context = this.canvas.getContext("2d");
    if (!context) return;
    const time = performance.now();
    this.alive = this.alive.filter((pulse) => time - pulse.born < kLifeMs);
    this.arcs = this.arcs.filter((arc) => time - arc.born < kArcLifeMs);
    context.setTransform(scale, 0, 0, scale, 0, 0);
    context.clearRect(0, 0, width, height);
    context.lineCap = "round";
    for (const { place, born } of this.alive) this.drawRing(context, place, Math.max(0, time - born) / kLifeMs);
    for (const arc of this.arcs) this.drawArc(context, arc, Math.max(0, time - arc.born) / kArcLifeMs);
    this.frame = 0;
    this.wake();
  }

  private drawRing(context: CanvasRenderingContext2D, place: Place, share: number): void {
    const { x, y } = this.project(place);
    context.strokeStyle = this.color;
    context.lineWidth = 1.5;
    context.globalAlpha = 0.7 * (1 - share);
    context.beginPath();
    context.arc(x, y, kRadius[0] + (kRadius[1] - kRadius[0]) * Math.sqrt(share), 0, 2 * Math.PI);
    context.stroke();
  }

  // A piece of a bent line that runs from the sender to the agent.
  private drawArc(context: CanvasRenderingContext2D, { from, to }: Arc, share: number): void {
    const [a, b] = [this.project(from), this.project(to)];
    const bend = { x: (a.x + b.x) / 2 + (b.y - a.y) * kBend, y: (a.y + b.y) / 2 - (b.x - a.x) * kBend };
    const at = (t: number): Pixel => ({
      x: (1 - t) ** 2 * a.x + 2 * (1 - t) * t * bend.x + t ** 2 * b.x,
      y: (1 - t) ** 2 * a.y + 2 * (1 - t) * t * bend.y + t ** 2 * b.y,
    });
    const head = Math.min(1, share * (1 + kTail));
    const tail = Math.max(0, share * (1 + kTail) - kTail);
    context.strokeStyle = this.arcColor;
    context.lineWidth = 1.8;
    context.globalAlpha = 0.75 * (1 - share * 0.5);
    context.beginPath();
    const kSteps = 18;
    for (let i = 0; i <= kSteps; i++) {
      const { x, y } = at(tail + ((head - tail) * i) / kSteps);
      context.lineTo(x, y);
    }
    context.stroke();
  }
}
