import { describe, expect, it } from "vitest";
import type { FilterVocabulary } from "../api/types";
import { accept, complete, quoted } from "./completion";

const field = (name: string, kind: FilterVocabulary["fields"][number]["kind"]) => ({ name, kind, unit: null, meaning: `what ${name} is`, example: `${name}:1` });
const vocabulary: FilterVocabulary = {
  fields: [
    field("from", "node"),
    { ...field("port", "name"), values: [{ name: "text", number: 1, full_name: "TEXT_MESSAGE_APP" }, { name: "position", number: 3, full_name: "POSITION_APP" }] },
    field("is", "trait"),
    field("hops", "number"),
    field("since", "time"),
    field("agent", "agent"),
  ],
  traits: [{ name: "encrypted", meaning: "delivered encrypted" }],
};
const names = { nodes: [{ name: "Base camp", meaning: "!0000000a" }, { name: "HILL", meaning: "!0000000b" }], agents: ["roof"] };
const texts = (text: string, caret = text.length) => complete(vocabulary, names, text, caret).map((s) => s.text);

describe("completion", () => {
  it("offers fields, those that begin with what is typed first", () => {
    expect(texts("")).toHaveLength(6);
    expect(texts("po")).toEqual(["port:"]);
    expect(texts("port:text -ag")).toEqual(["agent:"]);
    expect(texts("p")).toEqual(["port:", "hops:"]);
  });
  it("offers the values of a field", () => {
    expect(texts("port:")).toEqual(["text", "position"]);
    expect(texts("port:text,po")).toEqual(["position"]);
    expect(texts("is:enc")).toEqual(["encrypted"]);
    expect(texts("from:ba")).toEqual(['"Base camp"']);
    expect(texts("agent:r")).toEqual(["roof"]);
    expect(texts("hops:")).toEqual([]);
    expect(texts("colour:")).toEqual([]);
  });
  it("offers nothing inside of quotation marks, nor what is there already", () => {
    expect(texts('from:"Base po')).toEqual([]);
    expect(texts("port:text")).toEqual([]);
  });
  it("puts what is taken where it belongs", () => {
    const [suggestion] = complete(vocabulary, names, "po hops:2", 2);
    expect(accept("po hops:2", suggestion!)).toEqual({ text: "port: hops:2", caret: 5 });
    const [value] = complete(vocabulary, names, "is:enc", 6);
    expect(accept("is:enc", value!)).toEqual({ text: "is:encrypted ", caret: 13 });
  });
  it("quotes names that would be read otherwise", () => {
    expect(quoted("HILL")).toBe("HILL");
    expect(quoted('a "b"')).toBe('"a \\"b\\""');
    expect(quoted("!x")).toBe('"!x"');
  });
});
