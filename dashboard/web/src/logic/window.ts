// Which rows of a long table are drawn: those on the screen and some around them.

export interface Window {
  first: number; // index of the first row that is drawn
  end: number; // index behind the last one
  before: number; // pixels above it
  after: number; // pixels below
}

// Rows drawn beyond each edge, so that a quick scroll shows no gap.
const kOverscan = 12;

export function windowOf(rows: number, rowHeight: number, scrollTop: number, height: number): Window {
  const first = Math.min(Math.max(0, Math.floor(scrollTop / rowHeight) - kOverscan), Math.max(0, rows - 1));
  const end = Math.min(rows, Math.ceil((scrollTop + height) / rowHeight) + kOverscan);
  return { first, end: Math.max(first, end), before: first * rowHeight, after: (rows - Math.max(first, end)) * rowHeight };
}

// Where to scroll so that the row can be seen below a head of that height; the same place when it can be already.
export function scrollToRow(row: number, rowHeight: number, scrollTop: number, height: number, head: number): number {
  const top = row * rowHeight;
  if (top < scrollTop) return top;
  const bottom = top + rowHeight + head - height;
  return bottom > scrollTop ? bottom : scrollTop;
}
