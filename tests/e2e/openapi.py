"""Checks answers against the server's own OpenAPI document: the parts of JSON Schema that it uses, and no others."""

import re

KNOWN = {
    "$ref", "additionalProperties", "anyOf", "description", "enum", "items", "maxItems", "maximum", "minItems", "minimum", "oneOf", "pattern",
    "properties", "required", "title", "type",
}
TYPES = {
    "object": dict,
    "array": list,
    "string": str,
    "boolean": bool,
    "null": type(None),
    "integer": int,
    "number": (int, float),
}


class Document:
    def __init__(self, document):
        self.document = document

    def check_answer(self, route, answer):
        """Raises AssertionError with the place of the first thing in a 200 answer of GET `route` that is not as described."""
        operation = self.document["paths"][route]["get"]
        self.check(operation["responses"]["200"]["content"]["application/json"]["schema"], answer, route)

    def check(self, schema, value, where):
        unknown = set(schema) - KNOWN
        assert not unknown, f"{where}: this check does not know {unknown}"
        if "$ref" in schema:
            target = self.document
            for part in schema["$ref"].removeprefix("#/").split("/"):
                target = target[part]
            self.check(target, value, where)
            return
        if "anyOf" in schema:
            self.check_any(schema["anyOf"], value, where)
        if "oneOf" in schema:
            fits = self.check_any(schema["oneOf"], value, where)
            assert fits == 1, f"{where}: {value!r} is as {fits} of the schemas say, not as one"
        if "type" in schema:
            kinds = schema["type"] if isinstance(schema["type"], list) else [schema["type"]]
            assert any(is_of(value, kind) for kind in kinds), f"{where}: {value!r} is none of {kinds}"
        if "enum" in schema:
            assert value in schema["enum"], f"{where}: {value!r} is none of {schema['enum']}"
        if isinstance(value, str) and "pattern" in schema:
            assert re.search(schema["pattern"], value), f"{where}: {value!r} does not match {schema['pattern']}"
        if is_of(value, "number"):
            assert value >= schema.get("minimum", value), f"{where}: {value} is below {schema['minimum']}"
            assert value <= schema.get("maximum", value), f"{where}: {value} is above {schema['maximum']}"
        if isinstance(value, list):
            size = len(value)
            assert size >= schema.get("minItems", size), f"{where}: {size} items, not {schema['minItems']}"
            assert size <= schema.get("maxItems", size), f"{where}: {size} items, not {schema['maxItems']}"
            for index, item in enumerate(value):
                self.check(schema.get("items", {}), item, f"{where}[{index}]")
        if isinstance(value, dict):
            self.check_members(schema, value, where)

    def check_any(self, schemas, value, where):
        """How many of the schemas the value is as; one at least."""
        faults = []
        for schema in schemas:
            try:
                self.check(schema, value, where)
            except AssertionError as fault:
                faults.append(str(fault))
        assert len(faults) < len(schemas), "; or ".join(faults)
        return len(schemas) - len(faults)

    def check_members(self, schema, value, where):
        missing = set(schema.get("required", [])) - set(value)
        assert not missing, f"{where}: {missing} missing"
        properties = schema.get("properties", {})
        for name, member in value.items():
            if name in properties:
                self.check(properties[name], member, f"{where}.{name}")
                continue
            others = schema.get("additionalProperties", True)
            assert others is not False, f"{where}: {name} is not described"
            if isinstance(others, dict):
                self.check(others, member, f"{where}.{name}")


def is_of(value, kind):
    if isinstance(value, bool):
        return kind == "boolean"
    return isinstance(value, TYPES[kind])
