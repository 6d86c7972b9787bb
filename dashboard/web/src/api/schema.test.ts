import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import openapiTS, { astToString, COMMENT_HEADER } from "openapi-typescript";
import { expect, it } from "vitest";

const kDocument = new URL("../../../api/openapi.json", import.meta.url);

it("the types are those of the server's OpenAPI document (else: npm run api)", async () => {
  const types = COMMENT_HEADER + astToString(await openapiTS(kDocument));
  expect(readFileSync(fileURLToPath(new URL("./schema.d.ts", import.meta.url)), "utf8")).toBe(types);
});
