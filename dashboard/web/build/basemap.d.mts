export const kMaxZoom: number;
export function writeBasemap(out: string): { tiles: number; bytes: number };
export function unwrap(line: [number, number][]): [number, number][];
