// What the map says about a node by shape and by brightness: its role and how long ago it was heard.

import type { Micros, Node } from "../api/types";

export type Shape = "circle" | "square" | "triangle" | "diamond" | "hexagon";
export type Age = "live" | "recent" | "day" | "old";

export const kShapes: Shape[] = ["circle", "square", "triangle", "diamond", "hexagon"];
export const kAges: Age[] = ["live", "recent", "day", "old"];

const kShapeOfRole: Record<string, Shape> = {
  CLIENT_BASE: "square",
  ROUTER: "triangle",
  ROUTER_CLIENT: "triangle",
  ROUTER_LATE: "triangle",
  REPEATER: "triangle",
  TRACKER: "diamond",
  TAK_TRACKER: "diamond",
  LOST_AND_FOUND: "diamond",
  SENSOR: "hexagon",
};

// Clients of every kind, and nodes whose role is not known, are circles.
export function shapeOf(role: string | null): Shape {
  return (role && kShapeOfRole[role]) || "circle";
}

const kMinute = 60e6;

// The first bound is what a busy node beats, the second the server's meaning of "online".
export function ageOf(lastHeard: Micros | null, now: Micros): Age {
  if (lastHeard == null) return "old";
  const age = now - lastHeard;
  if (age < 15 * kMinute) return "live";
  if (age < 120 * kMinute) return "recent";
  if (age < 1440 * kMinute) return "day";
  return "old";
}

export function isOnline(node: Node, now: Micros): boolean {
  const age = ageOf(node.last_heard_us, now);
  return age === "live" || age === "recent";
}

// "ROUTER_LATE" → "Router late"
export function roleName(role: string | null): string {
  if (!role) return "Unknown role";
  const words = role.toLowerCase().replaceAll("_", " ");
  return words.charAt(0).toUpperCase() + words.slice(1);
}
