// The map's marks, drawn for the theme at hand: a shape for the role, brightness for the age, hollow when old.

import type { Map as MapLibre } from "maplibre-gl";
import { kAges, kShapes, type Age, type Shape } from "../logic/roles";

const kScale = 2; // pixels of an image per CSS pixel
const kNodeSize = 20;

export type Palette = Record<"surface" | "text" | "agent" | "onAgent" | "line" | Age, string>;

export function readPalette(): Palette {
  const style = getComputedStyle(document.documentElement);
  const token = (name: string) => style.getPropertyValue(name).trim();
  return {
    surface: token("--surface"),
    text: token("--text"),
    agent: token("--agent"),
    onAgent: token("--on-accent"),
    line: token("--line-strong"),
    live: token("--age-live"),
    recent: token("--age-recent"),
    day: token("--age-day"),
    old: token("--age-old"),
  };
}

function canvas(size: number): CanvasRenderingContext2D {
  const element = document.createElement("canvas");
  element.width = element.height = size * kScale;
  const context = element.getContext("2d", { willReadFrequently: true });
  if (!context) throw new Error("this browser has no 2D canvas");
  context.scale(kScale, kScale);
  return context;
}

function polygon(context: CanvasRenderingContext2D, center: number, radius: number, corners: number, turn: number): void {
  for (let i = 0; i < corners; i++) {
    const angle = turn + (i * 2 * Math.PI) / corners;
    context.lineTo(center + radius * Math.cos(angle), center + radius * Math.sin(angle));
  }
  context.closePath();
}

// Radii differ so that all shapes look equally large.
export function tracePath(context: CanvasRenderingContext2D, shape: Shape, center: number, scale = 1): void {
  const up = -Math.PI / 2;
  context.beginPath();
  if (shape === "circle") context.arc(center, center, 5 * scale, 0, 2 * Math.PI);
  else if (shape === "square") context.roundRect(center - 4.7 * scale, center - 4.7 * scale, 9.4 * scale, 9.4 * scale, 1.5 * scale);
  else if (shape === "triangle") polygon(context, center, 6.8 * scale, 3, up);
  else if (shape === "diamond") polygon(context, center, 6.6 * scale, 4, up);
  else polygon(context, center, 5.9 * scale, 6, up);
}

function nodeMark(shape: Shape, age: Age, palette: Palette): ImageData {
  const context = canvas(kNodeSize);
  context.lineJoin = "round";
  tracePath(context, shape, kNodeSize / 2);
  context.lineWidth = 3.4;
  context.strokeStyle = palette.surface;
  context.stroke();
  context.fillStyle = age === "old" ? palette.surface : palette[age];
  context.fill();
  if (age === "old") {
    context.lineWidth = 1.7;
    context.strokeStyle = palette.day;
    context.stroke();
  }
  return pixels(context);
}

function agentMark(palette: Palette): ImageData {
  const size = 24;
  const context = canvas(size);
  context.beginPath();
  context.roundRect(2, 2, 20, 20, 6);
  context.fillStyle = palette.agent;
  context.fill();
  context.lineWidth = 2;
  context.strokeStyle = palette.surface;
  context.stroke();
  context.strokeStyle = context.fillStyle = palette.onAgent;
  context.lineWidth = 1.6;
  context.lineCap = "round";
  for (const [radius, from, to] of [[3.6, 0.75, 1.25], [3.6, 1.75, 2.25], [6.6, 0.78, 1.22], [6.6, 1.78, 2.22]] as const) {
    context.beginPath();
    context.arc(12, 11, radius, from * Math.PI, to * Math.PI);
    context.stroke();
  }
  context.beginPath();
  context.arc(12, 11, 1.5, 0, 2 * Math.PI);
  context.fill();
  context.fillRect(11.3, 12, 1.4, 6);
  return pixels(context);
}

function selectionMark(palette: Palette): ImageData {
  const size = 34;
  const context = canvas(size);
  context.beginPath();
  context.arc(size / 2, size / 2, 13, 0, 2 * Math.PI);
  context.lineWidth = 4;
  context.strokeStyle = palette.surface;
  context.stroke();
  context.lineWidth = 2;
  context.strokeStyle = palette.text;
  context.stroke();
  return pixels(context);
}

// A disc with a ring whose bright part is the share of nodes that are online.
function clusterMark(radius: number, share: number, palette: Palette): ImageData {
  const size = 2 * radius + 6;
  const center = size / 2;
  const context = canvas(size);
  const ring = (from: number, to: number, width: number, color: string) => {
    context.beginPath();
    context.arc(center, center, radius - 1.5, from, to);
    context.lineWidth = width;
    context.strokeStyle = color;
    context.stroke();
  };
  context.beginPath();
  context.arc(center, center, radius, 0, 2 * Math.PI);
  context.fillStyle = palette.surface;
  context.fill();
  ring(0, 2 * Math.PI, 3, palette.old);
  const start = -Math.PI / 2;
  if (share > 0) ring(start, start + share * 2 * Math.PI, 3, palette.live);
  return pixels(context);
}

function pixels(context: CanvasRenderingContext2D): ImageData {
  return context.getImageData(0, 0, context.canvas.width, context.canvas.height);
}

// Cluster marks are many (size × share) and few are seen: each is drawn when the map first asks for it.
const kClusterId = /^cluster-(\d+)-(\d+)$/;

export function drawMissing(map: MapLibre, id: string, palette: Palette): void {
  const match = kClusterId.exec(id);
  if (!match || map.hasImage(id)) return;
  map.addImage(id, clusterMark(Number(match[1]), Number(match[2]) / 12, palette), { pixelRatio: kScale });
}

export function addMarks(map: MapLibre, palette: Palette): void {
  const add = (id: string, image: ImageData) => {
    if (!map.hasImage(id)) map.addImage(id, image, { pixelRatio: kScale });
  };
  for (const shape of kShapes) for (const age of kAges) add(`node-${shape}-${age}`, nodeMark(shape, age, palette));
  add("agent", agentMark(palette));
  add("selection", selectionMark(palette));
}
