// What someone chose on the page of the links, as the address holds it. Pure.

import { kEvidences, type Evidence } from "./link_graph";

export const kLinkViews = ["map", "force", "matrix", "table"] as const;
export type LinkView = (typeof kLinkViews)[number];

// Links that were seen in the last hour, day, week, or ever.
export const kLinkSpans = ["1h", "1d", "7d", "all"] as const;
export type LinkSpan = (typeof kLinkSpans)[number];

export const kMatrixOrders = ["cluster", "name"] as const;
export type MatrixOrder = (typeof kMatrixOrders)[number];

export interface LinkChoices {
  view: LinkView;
  evidence: Evidence[]; // all of them unless some were chosen
  since: LinkSpan;
  ego: string | null;
  steps: 1 | 2;
  order: MatrixOrder;
}

const kNodeId = /^![0-9a-f]{8}$/;

function oneOf<T extends string>(text: string | undefined, allowed: readonly T[], usual: T): T {
  return allowed.find((each) => each === text) ?? usual;
}

export function readChoices(options: Record<string, string>): LinkChoices {
  const asked = (options["evidence"] ?? "").split(",");
  const evidence = kEvidences.filter((each) => asked.includes(each));
  const ego = options["ego"] ?? "";
  return {
    view: oneOf(options["view"], kLinkViews, "map"),
    evidence: evidence.length > 0 ? evidence : kEvidences,
    since: oneOf(options["since"], kLinkSpans, "1d"),
    ego: kNodeId.test(ego) ? ego : null,
    steps: options["steps"] === "2" ? 2 : 1,
    order: oneOf(options["order"], kMatrixOrders, "cluster"),
  };
}

// The option's text after one kind was switched on or off. All of them, and none, are what is usual.
export function toggledEvidence(chosen: Evidence[], toggled: Evidence): string {
  // From "all" one click asks for that kind alone: what is looked for is more often one kind than all but one.
  const next = chosen.length === kEvidences.length ? [toggled] : kEvidences.filter((each) => (each === toggled) !== chosen.includes(each));
  return next.length === kEvidences.length ? "" : next.join(",");
}
