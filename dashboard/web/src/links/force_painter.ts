// Draws the graph of the links on a canvas.

import { cleanName } from "../logic/format";
import { kLinkGrades, gradeOf, pairMeasured, pairSnr, type Graph, type LinkGrade } from "../logic/link_graph";
import { radiusOf, type Look } from "../logic/graph_picture";
import type { Layout } from "./layout_thread";
import type { NameOf } from "./link_parts";

const kWidths: Record<LinkGrade, number> = { good: 2.2, fair: 1.6, weak: 1.1, unknown: 0.9 };
const kDash = [5, 4];
// Dashes cost time: while many lines move they are drawn in full.
const kDashedMovingMax = 1200;
const kLabelsMax = 90;
// Of a large graph that is seen as a whole, names are shown of the best connected only.
const kLargeFrom = 150;
const kLabelsOfLarge = 24;
const kCloseScale = 1.1;
const kLabelLength = 22;
const kFontSize = 11;

interface Palette {
  grades: Record<LinkGrade, string>;
  node: string;
  agent: string;
  surface: string;
  text: string;
  font: string;
}

export function readGraphPalette(): Palette {
  const computed = getComputedStyle(document.documentElement);
  const token = (name: string) => computed.getPropertyValue(name).trim();
  return {
    grades: { good: token("--link-good"), fair: token("--link-fair"), weak: token("--link-weak"), unknown: token("--link-unknown") },
    node: token("--muted"),
    agent: token("--agent"),
    surface: token("--surface"),
    text: token("--text"),
    font: token("--font"),
  };
}

// What to draw: nodes and lines by their index in the layout.
export interface Scene {
  layout: Layout;
  lines: [number, number][]; // the pairs, in the graph's order
  grades: LinkGrade[]; // of each line
  measured: boolean[];
  neighbours: number[]; // of each node
  labels: string[];
  radios: boolean[]; // nodes that have an agent
  ranked: number[]; // nodes, the best connected first
}

export function sceneOf(graph: Graph, layout: Layout, lines: [number, number][], name: NameOf, radios: Set<string>): Scene {
  const nodes = layout.ids.map((id) => graph.nodes.get(id)!);
  const neighbours = nodes.map((node) => node.neighbours);
  return {
    layout,
    lines,
    grades: graph.pairs.map((pair) => gradeOf(pairSnr(pair))),
    measured: graph.pairs.map(pairMeasured),
    neighbours,
    labels: nodes.map((node) => cleanName(name(node.id), kLabelLength)),
    radios: layout.ids.map((id) => radios.has(id)),
    ranked: nodes.map((_, i) => i).sort((one, other) => neighbours[other]! - neighbours[one]! || one - other),
  };
}

export interface Emphasis {
  node: number | null; // the pointer is over it
  line: number | null;
  ego: number | null;
  chosen: number | null; // the line of the drawer
}

export class ForcePainter {
  constructor(private readonly context: CanvasRenderingContext2D) {}

  draw(scene: Scene, look: Look, emphasis: Emphasis, palette: Palette, width: number, height: number, moving: boolean): void {
    const { context } = this;
    const lit = scene.lines.flatMap(([one, other], i) => (i === emphasis.line || i === emphasis.chosen || one === emphasis.node || other === emphasis.node ? [i] : []));
    const near = new Set(lit.flatMap((i) => scene.lines[i]!));
    if (emphasis.node !== null) near.add(emphasis.node);
    context.clearRect(0, 0, width, height);
    const dashed = !moving || scene.lines.length <= kDashedMovingMax;
    const [crowd, wide] = scene.lines.length > 1500 ? [0.3, 0.5] : scene.lines.length > 300 ? [0.5, 1] : [0.8, 1];
    context.globalAlpha = lit.length > 0 ? crowd * 0.4 : crowd;
    this.lines(scene, look, palette, scene.lines.map((_, i) => i), dashed, wide);
    context.globalAlpha = 1;
    this.lines(scene, look, palette, lit, true, 1.6);
    this.nodes(scene, look, palette, near, emphasis);
    this.labels(scene, look, palette, near, emphasis, width, height);
  }

  // A path for each look, the weakest first: changing the look of a canvas costs more than a line.
  private lines(scene: Scene, look: Look, palette: Palette, shown: number[], dashed: boolean, wider: number): void {
    const { context } = this;
    const { x, y } = scene.layout;
    for (const grade of [...kLinkGrades].reverse()) {
      for (const measured of [false, true]) {
        context.beginPath();
        for (const i of shown) {
          if (scene.grades[i] !== grade || scene.measured[i] !== measured) continue;
          const [one, other] = scene.lines[i]!;
          context.moveTo(x[one]! * look.scale + look.x, y[one]! * look.scale + look.y);
          context.lineTo(x[other]! * look.scale + look.x, y[other]! * look.scale + look.y);
        }
        context.setLineDash(dashed && !measured ? kDash : []);
        context.lineWidth = kWidths[grade] * wider;
        context.strokeStyle = palette.grades[grade];
        context.stroke();
      }
    }
    context.setLineDash([]);
  }

  private nodes(scene: Scene, look: Look, palette: Palette, near: Set<number>, emphasis: Emphasis): void {
    const { context } = this;
    // The best connected on top.
    for (let rank = scene.ranked.length - 1; rank >= 0; rank--) {
      const i = scene.ranked[rank]!;
      const px = scene.layout.x[i]! * look.scale + look.x;
      const py = scene.layout.y[i]! * look.scale + look.y;
      const radius = radiusOf(scene.neighbours[i]!, look.scale);
      context.globalAlpha = near.size > 0 && !near.has(i) ? 0.35 : 1;
      context.beginPath();
      context.arc(px, py, radius, 0, 2 * Math.PI);
      context.fillStyle = scene.radios[i] ? palette.agent : palette.node;
      context.fill();
      context.lineWidth = 1.4;
      context.strokeStyle = scene.radios[i] ? palette.text : palette.surface;
      context.stroke();
      if (i !== emphasis.ego && i !== emphasis.node) continue;
      context.beginPath();
      context.arc(px, py, radius + 4, 0, 2 * Math.PI);
      context.lineWidth = 2;
      context.strokeStyle = palette.text;
      context.stroke();
    }
    context.globalAlpha = 1;
  }

  // Of what is pointed at, then of the best connected; none covers another.
  private labels(scene: Scene, look: Look, palette: Palette, near: Set<number>, emphasis: Emphasis, width: number, height: number): void {
    const { context } = this;
    context.font = `${kFontSize}px ${palette.font}`;
    context.textAlign = "center";
    context.textBaseline = "top";
    context.lineJoin = "round";
    const taken: [left: number, top: number, right: number][] = [];
    const first = [emphasis.node, emphasis.ego, ...near].filter((i) => i !== null);
    const order = near.size > 0 ? first : [...first, ...scene.ranked];
    const most = near.size === 0 && scene.ranked.length >= kLargeFrom && look.scale < kCloseScale ? kLabelsOfLarge : kLabelsMax;
    for (const i of order) {
      if (taken.length >= most) break;
      const px = scene.layout.x[i]! * look.scale + look.x;
      const top = scene.layout.y[i]! * look.scale + look.y + radiusOf(scene.neighbours[i]!, look.scale) + 3;
      if (px < 0 || px > width || top < -kFontSize || top > height) continue;
      const half = context.measureText(scene.labels[i]!).width / 2 + 3;
      const covers = taken.some(([left, y, right]) => px + half > left && px - half < right && Math.abs(top - y) < kFontSize + 3);
      if (covers) continue;
      taken.push([px - half, top, px + half]);
      context.lineWidth = 3;
      context.strokeStyle = palette.surface;
      context.strokeText(scene.labels[i]!, px, top);
      context.fillStyle = palette.text;
      context.fillText(scene.labels[i]!, px, top);
    }
  }
}
