// The mark of a node as the map draws it: a shape for the role, brightness for the age.

import type { Age, Shape } from "../logic/roles";

const kPaths: Record<Shape, string> = {
  circle: "M7 2.2a4.8 4.8 0 100 9.6 4.8 4.8 0 000-9.6z",
  square: "M3.4 2.6h7.2c.5 0 .8.3.8.8v7.2c0 .5-.3.8-.8.8H3.4c-.5 0-.8-.3-.8-.8V3.4c0-.5.3-.8.8-.8z",
  triangle: "M7 1.2l5.6 9.9H1.4z",
  diamond: "M7 .8L13.2 7 7 13.2.8 7z",
  hexagon: "M7 1.2l5 2.9v5.8l-5 2.9-5-2.9V4.1z",
};

// What it says stands beside it as text.
export function RoleMark({ shape, age }: { shape: Shape; age?: Age }) {
  const old = age === "old";
  return (
    <svg class="role-mark" viewBox="0 0 14 14" width="12" height="12" aria-hidden="true">
      <path
        d={kPaths[shape]}
        fill={old ? "none" : age ? `var(--age-${age})` : "var(--muted)"}
        stroke={old ? "var(--age-day)" : "none"}
        stroke-width="1.6"
      />
    </svg>
  );
}
