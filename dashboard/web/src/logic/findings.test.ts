import { expect, it } from "vitest";
import type { Finding } from "../api/types";
import { health } from "./findings";

it("the worst finding is how the mesh is; one that a newer server knows is a warning", () => {
  const of = (...severities: string[]) => health(severities.map((severity) => ({ severity }) as Finding));
  expect([of(), of("warning"), of("unheard of"), of("warning", "critical")]).toEqual(["good", "warn", "warn", "bad"]);
});
