// A list of the newest rows that stands still while someone reads it, and that grows to older rows page by page.

interface Row {
  id: number; // rises with the order of the log
}

export interface LiveLog<T extends Row> {
  rows: T[]; // newest first
  pending: T[]; // came while the list was held; newest first
  gap: boolean; // between `pending` and `rows` are some that nobody asked for: `pending` takes their place
  cursor: string | null; // of the page after the oldest row; null: there is none
  pendingCursor: string | null; // likewise of `pending`, for a gap
  held: boolean;
  loaded: boolean;
}

export const emptyLog = <T extends Row>(): LiveLog<T> => ({
  rows: [],
  pending: [],
  gap: false,
  cursor: null,
  pendingCursor: null,
  held: false,
  loaded: false,
});

function merge<T extends Row>(newer: T[], older: T[], limit: number): T[] {
  const byId = new Map(older.map((row) => [row.id, row]));
  for (const row of newer) byId.set(row.id, row);
  return [...byId.values()].sort((a, b) => b.id - a.id).slice(0, limit);
}

// The newest page, asked for anew. Rows that are shown already become as the page has them, held or not.
export function refresh<T extends Row>(log: LiveLog<T>, page: T[], cursor: string | null, limit: number): LiveLog<T> {
  const newest = log.rows[0]?.id;
  if (!log.loaded || newest === undefined) return { ...emptyLog<T>(), rows: page.slice(0, limit), cursor, loaded: true, held: log.held };
  const reaches = cursor === null || page.some((row) => row.id <= newest);
  if (!log.held) {
    if (!reaches) return { ...log, rows: page, cursor, pending: [], gap: false };
    return { ...log, rows: merge(page, log.rows, limit), pending: [], gap: false };
  }
  const byId = new Map(page.map((row) => [row.id, row]));
  const rows = log.rows.map((row) => byId.get(row.id) ?? row);
  const top = log.pending[0]?.id ?? newest;
  const pending = merge(page.filter((row) => row.id > newest), log.pending, Infinity);
  const joins = cursor === null || page.some((row) => row.id <= top);
  if (joins && pending.length <= limit) return { ...log, rows, pending };
  return { ...log, rows, pending: page, gap: true, pendingCursor: cursor };
}

// The page after the oldest row.
export function append<T extends Row>(log: LiveLog<T>, page: T[], cursor: string | null, limit: number): LiveLog<T> {
  return { ...log, rows: merge(log.rows, page, limit), cursor };
}

export function hold<T extends Row>(log: LiveLog<T>): LiveLog<T> {
  return log.held ? log : { ...log, held: true };
}

// Lets the list go on: what waited is shown.
export function release<T extends Row>(log: LiveLog<T>, limit: number): LiveLog<T> {
  if (!log.held) return log;
  const gone = { pending: [], gap: false, pendingCursor: null, held: false };
  if (log.gap) return { ...log, ...gone, rows: log.pending, cursor: log.pendingCursor };
  return { ...log, ...gone, rows: merge(log.pending, log.rows, limit) };
}
