// When heavy work may begin: the figures, which say whether the mesh is well, are painted first.

import { effect } from "@preact/signals";
import { stats } from "./store";

// Without an answer the rest is worth more than waiting.
const kWaitMs = 3_000;

// Once the figures are known and painted, or have not come for a while.
export function afterFirstFigures(): Promise<void> {
  if (stats.peek()?.nodes) return Promise.resolve();
  return new Promise((done) => {
    const timer = setTimeout(done, kWaitMs);
    const stop = effect(() => {
      if (!stats.value?.nodes) return;
      clearTimeout(timer);
      // The first frame draws them, the second comes when that is on the screen.
      requestAnimationFrame(() => requestAnimationFrame(() => done()));
      queueMicrotask(() => stop());
    });
  });
}
