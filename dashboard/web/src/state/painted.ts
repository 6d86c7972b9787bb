// When heavy work may begin: what is looked for first is painted before it.

import { effect, type ReadonlySignal } from "@preact/signals";

// Once the signal has a value and that is painted; after `waitMs` in any case, since an answer may not come and a page in
// the background is not painted.
export function afterPainted(value: ReadonlySignal<unknown>, waitMs: number): Promise<void> {
  return new Promise((done) => {
    setTimeout(done, waitMs);
    const stop = effect(() => {
      if (value.value === null) return;
      // The first frame draws it, the second comes when that is on the screen.
      requestAnimationFrame(() => requestAnimationFrame(() => done()));
      queueMicrotask(() => stop());
    });
  });
}
