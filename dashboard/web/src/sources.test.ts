// Rules that hold for every source file of the pages.

import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";

const kFolder = fileURLToPath(new URL(".", import.meta.url));
const sources = (readdirSync(kFolder, { recursive: true }) as string[])
  .filter((path) => /\.(tsx?|css)$/.test(path) && !path.endsWith(".test.ts"))
  .map((path) => ({ path, text: readFileSync(kFolder + path, "utf8") }));

function expectNone(pattern: RegExp) {
  expect(sources.filter(({ text }) => pattern.test(text)).map(({ path }) => path)).toEqual([]);
}

it("no source turns a string into markup or script: names come from the air", () => {
  expect(sources.length).toBeGreaterThan(20);
  expectNone(/innerHTML|outerHTML|insertAdjacentHTML|setHTML|dangerouslySet|document\.write|DOMParser|createContextualFragment|srcdoc|\beval\(|new Function/);
});

it("no source names another host: the pages work without internet", () => {
  expectNone(/https?:\/\/|@import|url\(\s*["']?\/\//);
});

it("colours stand in tokens.css alone, so that both themes have them", () => {
  const styles = sources.filter(({ path }) => path.endsWith(".css") && !path.endsWith("tokens.css"));
  expect(styles.filter(({ text }) => /#[0-9a-f]{3,8}\b|\brgba?\(|\bhsla?\(/i.test(text)).map(({ path }) => path)).toEqual([]);
});
