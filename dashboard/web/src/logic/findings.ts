// How grave it is what the server finds amiss.

import type { Finding } from "../api/types";

export type FindingGrade = "bad" | "warn";

export function severityGrade(severity: string): FindingGrade {
  return severity === "critical" ? "bad" : "warn";
}

// How the mesh is, by its worst finding.
export function health(list: Finding[]): "good" | FindingGrade {
  if (list.length === 0) return "good";
  return list.some((finding) => severityGrade(finding.severity) === "bad") ? "bad" : "warn";
}
