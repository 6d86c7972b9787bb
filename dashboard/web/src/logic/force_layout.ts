// Places for the nodes of a graph: linked ones pull each other, all push each other, until it is at rest. The same graph
// always comes to rest in the same way: nothing is left to chance. Pure.

import { QuadTree } from "./quad_tree";

const kLinkLength = 46;
const kPush = 110;
const kPullToMiddle = 0.055;
const kKeptSpeed = 0.6;
const kHeatLost = 0.025; // of each step
const kHeatMin = 0.004; // below it is at rest: about 220 steps
const kNearSquared = 36; // nodes nearer than this push no harder
const kSpiralStep = 14;
const kGoldenAngle = Math.PI * (3 - Math.sqrt(5));

export interface Point {
  x: number;
  y: number;
}

export class ForceLayout {
  readonly x: Float64Array;
  readonly y: Float64Array;
  private readonly speedX: Float64Array;
  private readonly speedY: Float64Array;
  private readonly degree: Float64Array;
  private readonly tree: QuadTree;
  private heat = 1;
  private held: { node: number; x: number; y: number } | null = null;

  // `links`: indexes of two nodes each. `known`: where nodes stood before; others start beside their neighbours.
  constructor(
    readonly ids: string[],
    private readonly links: [number, number][],
    known: Map<string, Point> = new Map(),
  ) {
    const count = ids.length;
    this.x = new Float64Array(count);
    this.y = new Float64Array(count);
    this.speedX = new Float64Array(count);
    this.speedY = new Float64Array(count);
    this.degree = new Float64Array(count);
    for (const [one, other] of links) {
      this.degree[one]!++;
      this.degree[other]!++;
    }
    this.place(known);
    this.tree = new QuadTree(this.x, this.y);
    if (ids.length === 0) this.heat = 0;
    else if (known.size > 0 && ids.every((id) => known.has(id))) this.heat = 0.1;
    else if (known.size > 0) this.heat = 0.4;
  }

  get settled(): boolean {
    return this.heat < kHeatMin && this.held === null;
  }

  // The best connected in the middle, the others on a spiral around them.
  private place(known: Map<string, Point>): void {
    const order = this.ids.map((_, i) => i).sort((one, other) => this.degree[other]! - this.degree[one]! || one - other);
    order.forEach((node, rank) => {
      const radius = kSpiralStep * Math.sqrt(rank + 0.5);
      this.x[node] = radius * Math.cos(rank * kGoldenAngle);
      this.y[node] = radius * Math.sin(rank * kGoldenAngle);
    });
    if (known.size === 0) return;
    const neighbours: number[][] = this.ids.map(() => []);
    for (const [one, other] of this.links) {
      neighbours[one]!.push(other);
      neighbours[other]!.push(one);
    }
    this.ids.forEach((id, node) => {
      const before = known.get(id);
      const beside = before ? [] : neighbours[node]!.map((other) => known.get(this.ids[other]!)).filter((point) => point !== undefined);
      if (before) [this.x[node], this.y[node]] = [before.x, before.y];
      else if (beside.length > 0) {
        // Each in a direction of its own: two on one place would not know where to go.
        this.x[node] = beside.reduce((sum, point) => sum + point.x, 0) / beside.length + kSpiralStep * Math.cos(node * kGoldenAngle);
        this.y[node] = beside.reduce((sum, point) => sum + point.y, 0) / beside.length + kSpiralStep * Math.sin(node * kGoldenAngle);
      }
    });
  }

  // One step. Does nothing when at rest.
  tick(): void {
    if (this.settled) return;
    this.heat = Math.max(this.held ? 0.1 : 0, this.heat * (1 - kHeatLost));
    this.pull();
    this.push();
    for (let i = 0; i < this.x.length; i++) {
      this.speedX[i] = (this.speedX[i]! - this.x[i]! * kPullToMiddle * this.heat) * kKeptSpeed;
      this.speedY[i] = (this.speedY[i]! - this.y[i]! * kPullToMiddle * this.heat) * kKeptSpeed;
      this.x[i]! += this.speedX[i]!;
      this.y[i]! += this.speedY[i]!;
    }
    if (this.held) this.keepHeld();
  }

  private pull(): void {
    for (const [one, other] of this.links) {
      const dx = this.x[other]! + this.speedX[other]! - this.x[one]! - this.speedX[one]!;
      const dy = this.y[other]! + this.speedY[other]! - this.y[one]! - this.speedY[one]!;
      const length = Math.max(0.01, Math.hypot(dx, dy));
      const degreeOne = this.degree[one]!;
      const degreeOther = this.degree[other]!;
      const pull = (((length - kLinkLength) / length) * this.heat) / Math.min(degreeOne, degreeOther);
      // The one with more links is moved less.
      const share = degreeOne / (degreeOne + degreeOther);
      this.speedX[other]! -= dx * pull * share;
      this.speedY[other]! -= dy * pull * share;
      this.speedX[one]! += dx * pull * (1 - share);
      this.speedY[one]! += dy * pull * (1 - share);
    }
  }

  private push(): void {
    this.tree.build();
    const force = kPush * this.heat;
    for (let i = 0; i < this.x.length; i++) {
      let [x, y] = [0, 0];
      this.tree.around(i, (mass, dx, dy, squared) => {
        const push = (force * mass) / Math.max(squared, kNearSquared);
        x -= dx * push;
        y -= dy * push;
      });
      this.speedX[i]! += x;
      this.speedY[i]! += y;
    }
  }

  // Someone drags a node: it stays where it is put, the others give way.
  hold(node: number, x: number, y: number): void {
    this.held = { node, x, y };
    this.heat = Math.max(this.heat, 0.1);
    this.keepHeld();
  }

  letGo(): void {
    this.held = null;
  }

  private keepHeld(): void {
    const { node, x, y } = this.held!;
    this.x[node] = x;
    this.y[node] = y;
    this.speedX[node] = this.speedY[node] = 0;
  }

  places(): Map<string, Point> {
    return new Map(this.ids.map((id, i) => [id, { x: this.x[i]!, y: this.y[i]! }]));
  }
}
