// Decoded content as a tree of names and values: text only.

import type { Json } from "../api/types";
import { cleanName, kUnknown } from "../logic/format";
import { payloadText } from "../logic/payload";
import { zone } from "../state/settings";

// Deeper nesting does not occur in a packet's content; the bound keeps a hostile one from filling the page.
const kDepth = 8;
const kValueLength = 400;

function text(name: string, value: string | number | boolean | null): string {
  if (value === null) return kUnknown;
  const withUnit = typeof value === "number" ? payloadText(name, value, zone.value) : null;
  return withUnit ?? cleanName(String(value), kValueLength);
}

// `name`: of the field that holds the value.
export function PayloadTree({ value, name = "", depth = 0 }: { value: Json; name?: string; depth?: number }) {
  if (value === null || typeof value !== "object") return <span class="tree-value">{text(name, value)}</span>;
  if (depth >= kDepth) return <span class="faint">…</span>;
  const list = Array.isArray(value);
  const entries: [string, Json][] = list ? value.map((v, i) => [String(i), v]) : Object.entries(value);
  return (
    <ul class="tree">
      {entries.map(([key, each]) => (
        <li key={key}>
          <span class="tree-name">{cleanName(key)}</span> <PayloadTree value={each} name={list ? name : key} depth={depth + 1} />
        </li>
      ))}
    </ul>
  );
}
