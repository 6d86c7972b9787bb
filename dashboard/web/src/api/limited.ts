// Questions that wait for one another, so that a long list does not ask everything at once.

export type Limited = <T>(question: (signal: AbortSignal) => Promise<T>, signal: AbortSignal) => Promise<T>;

// Runs at most `most` questions at a time, in the order in which they came. One that is given up while it waits is never
// asked.
export function makeLimited(most: number): Limited {
  let running = 0;
  const waiting = new Set<() => void>();
  // The place of one that has ended goes to the first that waits.
  const leave = () => {
    const [first] = waiting;
    if (!first) {
      running--;
      return;
    }
    waiting.delete(first);
    first();
  };
  const enter = (signal: AbortSignal) =>
    new Promise<void>((begin, giveUp) => {
      waiting.add(begin);
      signal.addEventListener("abort", () => waiting.delete(begin) && giveUp(signal.reason), { once: true });
    });
  return async (question, signal) => {
    signal.throwIfAborted();
    if (running < most) running++;
    else await enter(signal);
    try {
      signal.throwIfAborted();
      return await question(signal);
    } finally {
      leave();
    }
  };
}
