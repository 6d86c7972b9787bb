// Whether an element has come into view: what is only asked for when someone looks.

import { useEffect, useRef, useState } from "preact/hooks";
import type { RefObject } from "preact";

// Asked for a little before it is on the screen.
const kMargin = "200px";

export function useSeen<Seen extends HTMLElement>(): [RefObject<Seen | null>, boolean] {
  const element = useRef<Seen>(null);
  const [seen, setSeen] = useState(false);
  useEffect(() => {
    if (!element.current) return;
    const observer = new IntersectionObserver(
      (entries) => {
        if (!entries.some((entry) => entry.isIntersecting)) return;
        setSeen(true);
        observer.disconnect();
      },
      { rootMargin: kMargin },
    );
    observer.observe(element.current);
    return () => observer.disconnect();
  }, []);
  return [element, seen];
}
