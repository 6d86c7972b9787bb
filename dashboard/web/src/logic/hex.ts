// Bytes for reading: "0000  94 c3 00 1a  …" with the printable characters beside them.

// As many as fit the drawer, and a phone, without scrolling.
const kPerLine = 8;

export function hexLines(hex: string): string {
  const bytes = hex.match(/../g) ?? [];
  const lines: string[] = [];
  for (let at = 0; at < bytes.length; at += kPerLine) {
    const line = bytes.slice(at, at + kPerLine);
    const printable = line.map((byte) => {
      const code = parseInt(byte, 16);
      return code >= 0x20 && code < 0x7f ? String.fromCharCode(code) : "·";
    });
    const columns = line.map((byte, i) => (i === kPerLine / 2 ? ` ${byte}` : byte)).join(" ");
    lines.push(`${at.toString(16).padStart(4, "0")}  ${columns.padEnd(kPerLine * 3)}  ${printable.join("")}`);
  }
  return lines.join("\n");
}
