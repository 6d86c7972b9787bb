// Who hears whom as a graph. A signal belongs to one way, from a transmitter to a receiver: the two ways between two nodes
// stay apart, as a pair. Pure.

import type { Link, Micros } from "../api/types";
import { snrGrade, type SignalGrade } from "./signal";

export type Evidence = Link["evidence"];

// From what was measured by a radio with an agent to what was only inferred.
export const kEvidences: Evidence[] = ["direct", "neighbor_info", "traceroute"];

// A grade of a way whose signal nobody told.
export type LinkGrade = SignalGrade | "unknown";
export const kLinkGrades: LinkGrade[] = ["good", "fair", "weak", "unknown"];

// That `to` hears `from`, by all that tells so.
export interface Way {
  key: string; // as in the address: "!from-!to"
  from: string;
  to: string;
  links: Link[]; // in the order of kEvidences
  count: number;
  first_us: Micros;
  last_us: Micros;
  snr: number | null; // dB at the receiver: as measured, else as reported last
  rssi: number | null;
  measured: boolean; // by a radio with an agent; else told by others over the air
}

export interface Pair {
  key: string; // the lesser id first
  a: string;
  b: string;
  there: Way | null; // b hears a
  back: Way | null; // a hears b
}

export interface GraphNode {
  id: string;
  name: string | null;
  hears: number; // nodes
  heardBy: number; // nodes
  neighbours: number; // nodes, either way
}

export interface Graph {
  nodes: Map<string, GraphNode>;
  ways: Way[];
  pairs: Pair[];
}

export const wayKey = (from: string, to: string): string => `${from}-${to}`;
export const pairKey = (one: string, other: string): string => (one < other ? wayKey(one, other) : wayKey(other, one));

const rankOf = (evidence: Evidence): number => kEvidences.indexOf(evidence);

// What is said of a way by its links: all of the same two nodes, at least one.
export function wayOf(links: Link[]): Way {
  const inOrder = [...links].sort((one, other) => rankOf(one.evidence) - rankOf(other.evidence));
  const first = inOrder[0]!;
  const measured = first.evidence === "direct";
  const told = measured && first.snr !== null ? first : inOrder.filter((link) => link.snr !== null).sort((one, other) => other.last_us - one.last_us)[0];
  return {
    key: wayKey(first.from, first.to),
    from: first.from,
    to: first.to,
    links: inOrder,
    count: inOrder.reduce((sum, link) => sum + link.count, 0),
    first_us: Math.min(...inOrder.map((link) => link.first_us)),
    last_us: Math.max(...inOrder.map((link) => link.last_us)),
    snr: told?.snr ?? null,
    rssi: inOrder.find((link) => link.rssi !== null)?.rssi ?? null,
    measured,
  };
}

function addNode(nodes: Map<string, GraphNode>, id: string, name: string | null): GraphNode {
  let node = nodes.get(id);
  if (!node) nodes.set(id, (node = { id, name, hears: 0, heardBy: 0, neighbours: 0 }));
  return node;
}

// Nodes, ways and pairs are in the order of their ids, so that the same links always give the same graph.
export function makeGraph(links: Link[]): Graph {
  const byWay = new Map<string, Link[]>();
  for (const link of links) {
    if (link.from === link.to) continue;
    const key = wayKey(link.from, link.to);
    const known = byWay.get(key);
    if (known) known.push(link);
    else byWay.set(key, [link]);
  }
  const ways = [...byWay.keys()].sort().map((key) => wayOf(byWay.get(key)!));
  const found = new Map<string, GraphNode>();
  const pairs = new Map<string, Pair>();
  for (const way of ways) {
    const { from_name, to_name } = way.links[0]!;
    addNode(found, way.from, from_name).heardBy++;
    addNode(found, way.to, to_name).hears++;
    const key = pairKey(way.from, way.to);
    const forth = way.from < way.to;
    let pair = pairs.get(key);
    if (!pair) {
      const [a, b] = forth ? [way.from, way.to] : [way.to, way.from];
      pairs.set(key, (pair = { key, a, b, there: null, back: null }));
      found.get(a)!.neighbours++;
      found.get(b)!.neighbours++;
    }
    if (forth) pair.there = way;
    else pair.back = way;
  }
  const nodes = new Map([...found.keys()].sort().map((id) => [id, found.get(id)!]));
  return { nodes, ways, pairs: [...pairs.values()] };
}

export const gradeOf = (snr: number | null): LinkGrade => (snr === null ? "unknown" : snrGrade(snr));

// Of the weaker way that is known: a talk needs both.
export function pairSnr(pair: Pair): number | null {
  const known = [pair.there?.snr, pair.back?.snr].filter((snr) => snr != null);
  return known.length > 0 ? Math.min(...known) : null;
}

export const pairMeasured = (pair: Pair): boolean => !!(pair.there?.measured || pair.back?.measured);

// The way that the address names when the pair is opened: the one that is known.
export const pairAddress = (pair: Pair): string => (pair.there ?? pair.back)!.key;

// The links that are passed on the way from a node in at most this many steps, in whichever direction they are heard.
export function linksAround(links: Link[], ego: string, steps: number): Link[] {
  const neighbours = new Map<string, string[]>();
  const add = (one: string, other: string) => {
    const known = neighbours.get(one);
    if (known) known.push(other);
    else neighbours.set(one, [other]);
  };
  for (const { from, to } of links) {
    add(from, to);
    add(to, from);
  }
  const within = new Set([ego]);
  let edge = [ego];
  for (let step = 1; step < steps; step++) {
    edge = edge.flatMap((id) => neighbours.get(id) ?? []).filter((id) => !within.has(id) && within.add(id));
  }
  return links.filter((link) => within.has(link.from) || within.has(link.to));
}

export function countByEvidence(links: Link[]): Record<Evidence, number> {
  const counts: Record<Evidence, number> = { direct: 0, neighbor_info: 0, traceroute: 0 };
  for (const link of links) counts[link.evidence]++;
  return counts;
}

// How many ways these links tell of.
export const countWays = (links: Link[]): number => new Set(links.filter((link) => link.from !== link.to).map((link) => wayKey(link.from, link.to))).size;

// Those with the most neighbours first.
export function byNeighbours(graph: Graph): GraphNode[] {
  return [...graph.nodes.values()].sort((one, other) => other.neighbours - one.neighbours || (one.id < other.id ? -1 : 1));
}
