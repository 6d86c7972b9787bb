// The other side of the cross-check: the message definitions of Meshtastic's own JavaScript client, with an encoder that
// has nothing in common with ours. Reads and writes one JSON value a line.
//
//   schema             every message and enumeration: {message, fields} and {enum, values}
//   encode SEED COUNT  COUNT random messages of each type with every field set: {type, hex, tree}
//   decode             reads {type, hex}, decodes, encodes again: {type, hex, tree}
//
// A tree is a message as an object by field number: integers as decimal strings, floats by their bits in hex, text and
// bytes in hex, booleans as they are, messages as trees, repeated fields as arrays. Only fields that are set, and known
// here, appear.

import { create, fromBinary, isFieldSet, ScalarType, toBinary } from "@bufbuild/protobuf";
import * as packages from "@meshtastic/protobufs";
import { createInterface } from "node:readline";

const PREFIX = "meshtastic.";

function collectTypes() {
  const messages = new Map();
  const enums = new Map();
  const visit = (type) => {
    if (messages.has(type.typeName)) return;
    messages.set(type.typeName, type);
    for (const field of type.fields) {
      if (field.message) visit(field.message);
      if (field.enum) enums.set(field.enum.typeName, field.enum);
    }
  };
  for (const contents of Object.values(packages)) {
    for (const value of Object.values(contents)) {
      if (value?.kind === "message") visit(value);
      if (value?.kind === "enum") enums.set(value.typeName, value);
    }
  }
  return { messages, enums };
}

const { messages, enums } = collectTypes();
const shortName = (type) => type.typeName.slice(PREFIX.length);

// ---- schema ----

function fieldType(field) {
  if (field.message) return `message ${shortName(field.message)}`;
  if (field.enum) return `enum ${shortName(field.enum)}`;
  return ScalarType[field.scalar].toLowerCase();
}

const EXPLICIT_PRESENCE = 1;

function printSchema(print) {
  for (const type of messages.values()) {
    const fields = type.fields.map((field) => ({
      number: field.number,
      name: field.name,
      type: fieldType(field),
      repeated: field.fieldKind === "list",
      presence: field.presence === EXPLICIT_PRESENCE,
      oneof: field.oneof?.name ?? "",
    }));
    print({ message: shortName(type), fields });
  }
  for (const type of enums.values()) {
    print({ enum: shortName(type), values: type.values.map((value) => [value.number, value.name]) });
  }
}

// ---- trees ----

function hex(bytes) {
  return Buffer.from(bytes).toString("hex");
}

function scalarTree(scalar, value) {
  switch (scalar) {
    case ScalarType.BOOL:
      return value;
    case ScalarType.STRING:
      return hex(Buffer.from(value, "utf8"));
    case ScalarType.BYTES:
      return hex(value);
    case ScalarType.FLOAT: {
      const bits = Buffer.alloc(4);
      bits.writeFloatBE(value);
      return hex(bits);
    }
    case ScalarType.DOUBLE: {
      const bits = Buffer.alloc(8);
      bits.writeDoubleBE(value);
      return hex(bits);
    }
    default:
      return String(value);
  }
}

function valueTree(field, value) {
  if (field.message) return messageTree(field.message, value);
  if (field.enum) return String(value);
  return scalarTree(field.scalar, value);
}

function messageTree(type, message) {
  const tree = {};
  for (const field of type.fields) {
    if (!isFieldSet(message, field)) continue;
    const value = field.oneof ? message[field.oneof.localName].value : message[field.localName];
    tree[field.number] = field.fieldKind === "list" ? value.map((item) => valueTree(field, item)) : valueTree(field, value);
  }
  return tree;
}

// ---- random messages ----

// mulberry32: small, and the same on every version of Node.
function makeRandom(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return (t ^ (t >>> 14)) >>> 0;
  };
}

const below = (random, bound) => random() % bound;
const pick = (random, values) => values[below(random, values.length)];

function randomInteger(random, bits, signed) {
  const max = (1n << BigInt(signed ? bits - 1 : bits)) - 1n;
  const min = signed ? -max - 1n : 0n;
  const ends = [max, 1n, 127n, 128n, max / 2n].concat(signed ? [min, -1n, -128n] : []);
  if (below(random, 2) === 0) return pick(random, ends);
  const wide = (BigInt(random()) << 32n) | BigInt(random());
  const value = min + (wide % (max - min + 1n));
  return value === 0n ? 1n : value; // zero would not be written
}

function randomScalar(random, scalar) {
  switch (scalar) {
    case ScalarType.BOOL:
      return true;
    case ScalarType.STRING:
      return pick(random, ["a", "Grüße", "日本語 😀", "tab\tand \"quotes\"", "x".repeat(1 + below(random, 60))]);
    case ScalarType.BYTES:
      return Uint8Array.from({ length: 1 + below(random, 40) }, () => below(random, 256));
    case ScalarType.FLOAT:
      return Math.fround(pick(random, [1.5, -0.25, 3.4028234663852886e38, 1e-30, (random() - 2 ** 31) / 1024 || 1]));
    case ScalarType.DOUBLE:
      return pick(random, [1.5, -1e300, random() / 3 || 1]);
    case ScalarType.UINT64:
    case ScalarType.FIXED64:
      return randomInteger(random, 64, false);
    case ScalarType.INT64:
    case ScalarType.SINT64:
    case ScalarType.SFIXED64:
      return randomInteger(random, 64, true);
    case ScalarType.UINT32:
    case ScalarType.FIXED32:
      return Number(randomInteger(random, 32, false));
    default:
      return Number(randomInteger(random, 32, true));
  }
}

function randomEnum(random, type) {
  if (below(random, 8) === 0) return 1000 + below(random, 1000); // a value of a later version
  const named = type.values.filter((value) => value.number !== 0);
  return named.length === 0 ? 1000 : pick(random, named).number;
}

function randomValue(random, field, turn) {
  if (field.message) return randomMessage(random, field.message, turn);
  if (field.enum) return randomEnum(random, field.enum);
  return randomScalar(random, field.scalar);
}

// Of each oneof the member that is the turn's.
function randomMessage(random, type, turn) {
  const message = create(type);
  for (const field of type.fields) {
    if (field.oneof) {
      const members = field.oneof.fields;
      if (members[turn % members.length] === field) {
        message[field.oneof.localName] = { case: field.localName, value: randomValue(random, field, turn) };
      }
    } else if (field.fieldKind === "list") {
      message[field.localName] = Array.from({ length: 1 + below(random, 3) }, () => randomValue(random, field, turn));
    } else {
      message[field.localName] = randomValue(random, field, turn);
    }
  }
  return message;
}

function printRandomMessages(print, seed, count) {
  const random = makeRandom(seed);
  for (const type of messages.values()) {
    for (let turn = 0; turn < count; ++turn) {
      const message = randomMessage(random, type, turn);
      print({ type: shortName(type), hex: hex(toBinary(type, message)), tree: messageTree(type, message) });
    }
  }
}

async function decodeAll(print) {
  for await (const line of createInterface({ input: process.stdin })) {
    const { type: name, hex: encoded } = JSON.parse(line);
    const type = messages.get(PREFIX + name);
    const message = fromBinary(type, Buffer.from(encoded, "hex"));
    print({ type: name, hex: hex(toBinary(type, message)), tree: messageTree(type, message) });
  }
}

const print = (value) => process.stdout.write(`${JSON.stringify(value)}\n`);
const [command, ...args] = process.argv.slice(2);
if (command === "schema") {
  printSchema(print);
} else if (command === "encode") {
  printRandomMessages(print, Number(args[0]), Number(args[1]));
} else if (command === "decode") {
  await decodeAll(print);
} else {
  process.stderr.write("usage: crosscheck.mjs schema | encode SEED COUNT | decode\n");
  process.exitCode = 2;
}
