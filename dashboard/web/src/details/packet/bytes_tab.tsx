// A packet's bytes beside the fields that they are: pointing at one shows the other.

import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import type { PacketDetail } from "../../api/types";
import { hasMoved } from "../../components/pointer";
import { cleanName } from "../../logic/format";
import { byteText, dumpsOf, fieldOfByte, offsetText, type ByteField, type Dump } from "../../logic/packet_bytes";
import { payloadText } from "../../logic/payload";
import { zone } from "../../state/settings";
import { t } from "../../texts/texts";
import { DrawerSection } from "../drawer";
import { HexDump } from "./hex_dump";

const kValueLength = 64;
const kPageRows = 10;

function valueText(field: ByteField): string {
  if (field.value === undefined) return "";
  const withUnit = typeof field.value === "number" ? payloadText(field.name.replace(/\[.*/, ""), field.value, zone.value) : null;
  return withUnit ?? cleanName(String(field.value), kValueLength);
}

// Where a key leads from row to row; null: it leads nowhere.
function rowAfter(key: string, at: number, count: number): number | null {
  const move = { ArrowDown: 1, ArrowUp: -1, PageDown: kPageRows, PageUp: -kPageRows, Home: -count, End: count }[key];
  return move === undefined ? null : Math.min(count - 1, Math.max(0, at + move));
}

interface FieldsProps {
  fields: ByteField[];
  marked: number;
  onMark(field: number): void;
}

function Fields({ fields, marked, onMark }: FieldsProps) {
  const body = useRef<HTMLTableSectionElement>(null);
  const columns = t.inspector.bytes.columns;
  const reachable = Math.max(0, marked);
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    const next = rowAfter(event.key, reachable, fields.length);
    if (next === null) return;
    event.preventDefault();
    onMark(next);
    body.current?.querySelectorAll("tr")[next]?.focus();
  };
  return (
    <table class="small-table byte-fields" aria-label={t.inspector.bytes.fields}>
      <thead>
        <tr>
          <th>{columns.field}</th>
          <th class="number">{columns.offset}</th>
          <th class="number">{columns.length}</th>
          <th>{columns.value}</th>
        </tr>
      </thead>
      <tbody ref={body} onKeyDown={onKeyDown}>
        {fields.map((field, i) => (
          <tr
            key={`${field.path} ${field.offset}`}
            data-field={field.path}
            tabIndex={i === reachable ? 0 : -1}
            class={i === marked ? "marked" : ""}
            onFocus={() => onMark(i)}
            onPointerMove={(event) => i !== marked && hasMoved(event) && onMark(i)}
            onClick={() => onMark(i)}
          >
            <td style={{ paddingLeft: `${field.depth * 10 + 4}px` }}>
              <bdi>{cleanName(field.name)}</bdi>
            </td>
            <td class="number mono">0x{offsetText(field.offset)}</td>
            <td class="number">{field.length}</td>
            <td class="clip" title={valueText(field)}>
              <bdi>{valueText(field)}</bdi>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function DumpSection({ dump }: { dump: Dump }) {
  const { bytes, fields } = dump;
  const texts = t.inspector.bytes;
  const [marked, setMarked] = useState(-1);
  const [byte, setByte] = useState(0);
  const list = useRef<HTMLDivElement>(null);
  const field = fields[marked];
  // A byte was pointed at: its field is brought into the list's window.
  const markByte = (at: number) => {
    setByte(at);
    const found = fieldOfByte(fields, at);
    setMarked(found);
    list.current?.querySelectorAll("tbody tr")[found]?.scrollIntoView({ block: "nearest" });
  };
  useEffect(() => setMarked(-1), [dump]);
  const said = field
    ? texts.range(cleanName(field.path), offsetText(field.offset), offsetText(field.offset + field.length - 1), String(field.length))
    : texts.at(offsetText(byte), byteText(bytes[byte] ?? 0), "");
  return (
    <DrawerSection title={`${texts[dump.kind]} · ${t.packet.bytes(String(bytes.length))}`}>
      {dump.kind === "content" && <p class="faint">{texts.contentHint}</p>}
      <HexDump
        bytes={bytes}
        content={dump.content}
        marked={field ? { from: field.offset, to: field.offset + field.length } : null}
        current={byte}
        label={texts.dump}
        onByte={markByte}
      />
      <p class="byte-said mono" aria-live="polite">
        {marked < 0 ? <span class="faint">{texts.keys}</span> : <bdi>{said}</bdi>}
      </p>
      {fields.length > 0 && (
        <div class="byte-list" ref={list}>
          <Fields fields={fields} marked={marked} onMark={setMarked} />
        </div>
      )}
    </DrawerSection>
  );
}

export function BytesTab({ packet }: { packet: PacketDetail }) {
  const dumps = useMemo(() => dumpsOf(packet), [packet.raw_hex, packet.payload_hex, packet.payload_offset]);
  if (dumps.length === 0) {
    return (
      <DrawerSection title={t.packet.bytesTitle}>
        <p class="faint">{packet.kept_back ? t.inspector.bytes.keptBack : t.inspector.bytes.none}</p>
      </DrawerSection>
    );
  }
  return (
    <>
      {dumps.map((dump) => (
        <DumpSection key={dump.kind} dump={dump} />
      ))}
    </>
  );
}
