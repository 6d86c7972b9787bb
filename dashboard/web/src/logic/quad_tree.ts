// Points in nested squares, so that the push of many far points is worked out as that of one (Barnes and Hut). Pure.

// How wide a square may be, seen from a point, to count as one: its side by its distance, squared.
const kWideSquared = 1.21;
// Points nearer to each other than 2^-kDepthMax of the whole square share a leaf.
const kDepthMax = 24;

export class QuadTree {
  private readonly child: Int32Array; // four for each square: -1 nothing, ≥ 0 a square, ≤ -2 the point -2 - value
  private readonly next: Int32Array; // of a point: the next one in the same leaf, -1: none
  private readonly mass: Float64Array;
  private readonly sumX: Float64Array;
  private readonly sumY: Float64Array;
  // Squares still to be looked at by around(), and their sides.
  private readonly waiting: number[] = [];
  private readonly sides: number[] = [];
  private squares = 0;
  private left = 0;
  private top = 0;
  private side = 1;

  constructor(
    private readonly x: Float64Array,
    private readonly y: Float64Array,
  ) {
    const most = Math.max(64, x.length * 8);
    this.child = new Int32Array(most * 4);
    this.next = new Int32Array(x.length);
    this.mass = new Float64Array(most);
    this.sumX = new Float64Array(most);
    this.sumY = new Float64Array(most);
  }

  // Reads the points anew.
  build(): void {
    const { x, y } = this;
    let [left, right, top, bottom] = [Infinity, -Infinity, Infinity, -Infinity];
    for (let i = 0; i < x.length; i++) {
      left = Math.min(left, x[i]!);
      right = Math.max(right, x[i]!);
      top = Math.min(top, y[i]!);
      bottom = Math.max(bottom, y[i]!);
    }
    this.left = left;
    this.top = top;
    this.side = Math.max(1, right - left, bottom - top) * 1.001;
    this.squares = 0;
    this.square();
    this.next.fill(-1);
    for (let i = 0; i < x.length; i++) this.add(i);
  }

  private square(): number {
    const made = this.squares++;
    this.child.fill(-1, made * 4, made * 4 + 4);
    this.mass[made] = this.sumX[made] = this.sumY[made] = 0;
    return made;
  }

  private count(square: number, point: number): void {
    this.mass[square]!++;
    this.sumX[square]! += this.x[point]!;
    this.sumY[square]! += this.y[point]!;
  }

  private add(point: number): void {
    let [square, left, top, side] = [0, this.left, this.top, this.side];
    for (let depth = 0; ; depth++) {
      this.count(square, point);
      side /= 2;
      const right = this.x[point]! >= left + side ? 1 : 0;
      const below = this.y[point]! >= top + side ? 1 : 0;
      left += right * side;
      top += below * side;
      const slot = square * 4 + below * 2 + right;
      const there = this.child[slot]!;
      if (there === -1) {
        this.child[slot] = -2 - point;
        return;
      }
      if (there >= 0) {
        square = there;
        continue;
      }
      const other = -2 - there;
      // Out of squares or of depth: the points are all but on one place.
      if (depth >= kDepthMax || this.squares >= this.mass.length) {
        this.next[point] = other;
        this.child[slot] = -2 - point;
        return;
      }
      square = this.square();
      this.child[slot] = square;
      // The point that was here goes one square deeper; this one follows it in the next round.
      const otherRight = this.x[other]! >= left + side / 2 ? 1 : 0;
      const otherBelow = this.y[other]! >= top + side / 2 ? 1 : 0;
      this.child[square * 4 + otherBelow * 2 + otherRight] = -2 - other;
      for (let each = other; each !== -1; each = this.next[each]!) this.count(square, each);
    }
  }

  // Tells every other point, or heap of far points, as (how many, dx, dy, distance squared).
  around(point: number, tell: (mass: number, dx: number, dy: number, squared: number) => void): void {
    const { waiting, sides } = this;
    waiting.push(0);
    sides.push(this.side);
    const px = this.x[point]!;
    const py = this.y[point]!;
    while (waiting.length > 0) {
      const square = waiting.pop()!;
      const side = sides.pop()!;
      const mass = this.mass[square]!;
      const dx = this.sumX[square]! / mass - px;
      const dy = this.sumY[square]! / mass - py;
      const squared = dx * dx + dy * dy;
      if ((side * side) / kWideSquared < squared) {
        tell(mass, dx, dy, squared);
        continue;
      }
      for (let slot = square * 4; slot < square * 4 + 4; slot++) {
        const child = this.child[slot]!;
        if (child >= 0) {
          waiting.push(child);
          sides.push(side / 2);
        } else if (child < -1) {
          for (let each = -2 - child; each !== -1; each = this.next[each]!) {
            if (each === point) continue;
            const x = this.x[each]! - px;
            const y = this.y[each]! - py;
            tell(1, x, y, x * x + y * y);
          }
        }
      }
    }
  }
}
