// Rings that spread from nodes whose packets were just heard, on a canvas above the map.

type Place = [number, number]; // longitude, latitude

const kLifeMs = 1_100;
// More at once say nothing more, and cost time.
const kMost = 16;
const kRadius: [number, number] = [6, 22]; // CSS pixels, at birth and at the end

export class Pulses {
  private readonly canvas = document.createElement("canvas");
  private readonly calm = matchMedia("(prefers-reduced-motion: reduce)");
  private alive: { place: Place; born: number }[] = [];
  private color = "";
  private frame = 0;

  // `project` gives a place's position in the box, in CSS pixels.
  constructor(
    private readonly box: HTMLElement,
    private readonly project: (place: Place) => { x: number; y: number },
  ) {
    this.canvas.className = "map-pulses";
    this.canvas.setAttribute("aria-hidden", "true");
    box.append(this.canvas);
  }

  setColor(color: string): void {
    this.color = color;
  }

  add(places: Place[]): void {
    if (this.calm.matches || document.hidden) return;
    const born = performance.now();
    this.alive = [...this.alive, ...places.map((place) => ({ place, born }))].slice(-kMost);
    if (!this.frame && this.alive.length > 0) this.frame = requestAnimationFrame(() => this.draw());
  }

  destroy(): void {
    cancelAnimationFrame(this.frame);
    this.canvas.remove();
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
    context.setTransform(scale, 0, 0, scale, 0, 0);
    context.clearRect(0, 0, width, height);
    context.strokeStyle = this.color;
    context.lineWidth = 1.5;
    for (const { place, born } of this.alive) {
      const share = Math.max(0, time - born) / kLifeMs;
      const { x, y } = this.project(place);
      context.globalAlpha = 0.7 * (1 - share);
      context.beginPath();
      context.arc(x, y, kRadius[0] + (kRadius[1] - kRadius[0]) * Math.sqrt(share), 0, 2 * Math.PI);
      context.stroke();
    }
    this.frame = this.alive.length > 0 ? requestAnimationFrame(() => this.draw()) : 0;
  }
}
