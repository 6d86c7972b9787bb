// A reason to ask again.

import { useEffect, useState } from "preact/hooks";

// Rises every `ms` milliseconds, though not while nobody looks at the page.
export function useEvery(ms: number): number {
  const [count, setCount] = useState(0);
  useEffect(() => {
    const timer = setInterval(() => {
      if (!document.hidden) setCount((before) => before + 1);
    }, ms);
    return () => clearInterval(timer);
  }, [ms]);
  return count;
}
