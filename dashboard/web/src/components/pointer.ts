// What a pointer meant.

// Whether a click on a link means "here": with a key or another button the browser opens it elsewhere.
export function isPlainClick(event: MouseEvent): boolean {
  return !event.metaKey && !event.ctrlKey && !event.shiftKey && event.button === 0;
}

const last = { x: Number.NaN, y: Number.NaN };

// Whether the pointer itself moved: browsers also tell of what is scrolled under one that stands still. Its distance since
// the last event is no help: it is 0 for the first one.
export function hasMoved(event: PointerEvent): boolean {
  const moved = event.clientX !== last.x || event.clientY !== last.y;
  last.x = event.clientX;
  last.y = event.clientY;
  return moved;
}
