// WCAG AA: text has a contrast of 4.5 to what it stands on, marks and lines that carry meaning 3.

import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";

const css = readFileSync(new URL("./tokens.css", import.meta.url), "utf8");

function tokens(theme: string): Record<string, string> {
  const block = css.slice(css.indexOf(`[data-theme="${theme}"]`));
  return Object.fromEntries([...block.slice(0, block.indexOf("}")).matchAll(/--([\w-]+): (#[0-9a-f]{6});/g)].map((m) => [m[1], m[2]]));
}

function luminance(color: string): number {
  const [r, g, b] = [1, 3, 5].map((at) => {
    const share = parseInt(color.slice(at, at + 2), 16) / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r! + 0.7152 * g! + 0.0722 * b!;
}

function contrast(a: string, b: string): number {
  const [dark, light] = [luminance(a), luminance(b)].sort((x, y) => x - y);
  return (light! + 0.05) / (dark! + 0.05);
}

describe.each(["dark", "light"])("the %s theme", (theme) => {
  const color = tokens(theme);
  const on = (text: string, surface: string) => contrast(color[text]!, color[surface]!);

  it.each(["bg", "surface", "raised"])("has readable text on %s", (surface) => {
    for (const text of ["text", "muted", "faint", "accent", "good", "warn", "bad"]) {
      expect(on(text, surface), `${text} on ${surface}`).toBeGreaterThanOrEqual(4.5);
    }
  });
  it("has readable buttons and map labels", () => {
    expect(on("on-accent", "accent")).toBeGreaterThanOrEqual(4.5);
    expect(on("place", "land")).toBeGreaterThanOrEqual(4.5);
    expect(on("text", "land")).toBeGreaterThanOrEqual(4.5);
  });
  it("has marks that stand out", () => {
    const marks = Object.keys(color).filter((name) => name.startsWith("port-"));
    expect(marks.length).toBe(9);
    for (const mark of [...marks, "curve", "age-live"]) expect(on(mark, "surface"), mark).toBeGreaterThanOrEqual(3);
    expect(on("agent", "land")).toBeGreaterThanOrEqual(3);
  });
  it("has the same names as the other", () => {
    expect(Object.keys(color)).toEqual(Object.keys(tokens(theme === "dark" ? "light" : "dark")));
  });
});

describe("before the script has set a theme", () => {
  it("a dark system gets the dark theme's background and text, any other the light theme", () => {
    const block = css.slice(css.indexOf("@media (prefers-color-scheme: dark)"));
    const early = [...block.matchAll(/--([\w-]+): (#[0-9a-f]{6});/g)].map((m) => [m[1], m[2]]);
    expect(early.map(([name]) => name)).toEqual(["bg", "text"]);
    for (const [name, color] of early) expect(color).toBe(tokens("dark")[name!]);
    expect(css).toMatch(/:root,\n:root\[data-theme="light"\] \{/);
  });
});
