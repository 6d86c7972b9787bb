// The parts of OpenAPI 3.1 that the server's document uses.

export interface Schema {
  $ref?: string;
  type?: string | string[];
  description?: string;
  enum?: (string | number | null)[];
  minimum?: number;
  maximum?: number;
  default?: string | number | boolean;
  pattern?: string;
  items?: Schema;
  properties?: Record<string, Schema>;
  required?: string[];
  anyOf?: Schema[];
}

export interface Parameter {
  name: string;
  in: string;
  required?: boolean;
  description?: string;
  schema?: Schema;
}

export interface Answer {
  description: string;
  content?: Record<string, { schema?: Schema }>;
}

export interface Operation {
  summary: string;
  description?: string;
  parameters?: Parameter[];
  responses: Record<string, Answer>;
}

export interface OpenApi {
  info: { title: string; version: string; description?: string };
  paths: Record<string, Record<string, Operation>>;
  components: { schemas: Record<string, Schema> };
}

// "#/components/schemas/Node" is Node.
export const schemaName = (ref: string) => ref.slice(ref.lastIndexOf("/") + 1);

// The type on one line: "integer or null, 0 to 7", "list of Packet".
export function typeText(schema: Schema): string {
  if (schema.$ref) return schemaName(schema.$ref);
  if (schema.anyOf) return schema.anyOf.map(typeText).join(" or ");
  if (schema.enum) return schema.enum.map((value) => JSON.stringify(value)).join(", ");
  const types = [schema.type ?? "any"].flat();
  const text = types.map((type) => (type === "array" && schema.items ? `list of ${typeText(schema.items)}` : type)).join(" or ");
  if (schema.minimum === undefined && schema.maximum === undefined) return text;
  return `${text}, ${schema.minimum ?? "…"} to ${schema.maximum ?? "…"}`;
}

// Where a click may ask at once: a question that needs nothing filled in, and is no endless stream or file.
export const canTry = (path: string, operation: Operation) =>
  !path.includes("{") &&
  !(operation.parameters ?? []).some((parameter) => parameter.required) &&
  "application/json" in (operation.responses["200"]?.content ?? {});
