// In which order nodes stand at the sides of the matrix: those that hear one another beside each other, so that groups
// show as squares along the diagonal. Pure, and the same for the same graph.

import { byNeighbours, type Graph } from "./link_graph";

// A mesh's groups are found in a few rounds; the bound ends what would go to and fro.
const kRoundsMax = 20;
// A move that wins less is left to the order of the nodes.
const kGainMin = 1e-9;

// The nodes with the most neighbours, at most this many.
export function mostConnected(graph: Graph, limit: number): string[] {
  return byNeighbours(graph)
    .slice(0, limit)
    .map((node) => node.id);
}

// The group of each node: nodes go to the group of their neighbours where the share of links within groups grows most
// (the first phase of the Louvain method), in the order given.
export function groupsOf(neighbours: Map<string, Set<string>>): Map<string, string> {
  const ids = [...neighbours.keys()];
  const group = new Map(ids.map((id) => [id, id]));
  const degree = (id: string) => neighbours.get(id)!.size;
  const total = new Map(ids.map((id) => [id, degree(id)]));
  const ends = ids.reduce((sum, id) => sum + degree(id), 0);
  for (let round = 0, moved = true; moved && round < kRoundsMax; round++) {
    moved = false;
    for (const id of ids) {
      const from = group.get(id)!;
      total.set(from, total.get(from)! - degree(id));
      const links = new Map<string, number>([[from, 0]]);
      for (const neighbour of neighbours.get(id)!) {
        const other = group.get(neighbour)!;
        links.set(other, (links.get(other) ?? 0) + 1);
      }
      const gain = (to: string) => links.get(to)! - (total.get(to)! * degree(id)) / ends;
      let best = from;
      for (const to of links.keys()) if (gain(to) > gain(best) + kGainMin) best = to;
      group.set(id, best);
      total.set(best, total.get(best)! + degree(id));
      moved ||= best !== from;
    }
  }
  return group;
}

// The largest group first; within one the best connected node first.
export function clusterOrder(graph: Graph, ids: string[]): string[] {
  const neighbours = new Map(ids.map((id) => [id, new Set<string>()]));
  for (const { a, b } of graph.pairs) {
    if (!neighbours.has(a) || !neighbours.has(b)) continue;
    neighbours.get(a)!.add(b);
    neighbours.get(b)!.add(a);
  }
  const group = groupsOf(neighbours);
  const members = new Map<string, string[]>();
  for (const id of ids) members.set(group.get(id)!, [...(members.get(group.get(id)!) ?? []), id]);
  const degree = (id: string) => neighbours.get(id)!.size;
  return [...members.values()]
    .map((each) => each.sort((one, other) => degree(other) - degree(one) || (one < other ? -1 : 1)))
    .sort((one, other) => other.length - one.length || (one[0]! < other[0]! ? -1 : 1))
    .flat();
}

export function nameOrder(ids: string[], name: (id: string) => string): string[] {
  return [...ids].sort((one, other) => name(one).localeCompare(name(other)) || (one < other ? -1 : 1));
}
