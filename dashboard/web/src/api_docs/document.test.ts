import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { canTry, type OpenApi, schemaName, typeText } from "./document";

const document = JSON.parse(
  readFileSync(new URL("../../../api/openapi.json", import.meta.url), "utf8"),
) as OpenApi;

it("types are told on one line", () => {
  expect(typeText({ type: ["integer", "null"], minimum: 0, maximum: 7 })).toBe("integer or null, 0 to 7");
  expect(typeText({ type: "array", items: { $ref: "#/components/schemas/Packet" } })).toBe("list of Packet");
  expect(typeText({ enum: ["asc", "desc"] })).toBe('"asc", "desc"');
  expect(typeText({})).toBe("any");
});

it("every reference of the server's document leads to a schema", () => {
  const names = [...JSON.stringify(document).matchAll(/"\$ref":"([^"]+)"/g)].map(([, ref]) => schemaName(ref ?? ""));
  expect(names.length).toBeGreaterThan(20);
  for (const name of names) expect(document.components.schemas).toHaveProperty(name);
});

it("only questions that need nothing filled in can be tried", () => {
  const tried = Object.entries(document.paths)
    .filter(([path, operations]) => operations.get && canTry(path, operations.get))
    .map(([path]) => path);
  expect(tried).toContain("/api/v1/packets");
  expect(tried).not.toContain("/api/v1/search");
  expect(tried).not.toContain("/api/v1/live");
  expect(tried).not.toContain("/api/v1/packets/{id}");
});
