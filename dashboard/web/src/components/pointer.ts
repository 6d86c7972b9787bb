// What a pointer meant.

// Whether a click on a link means "here": with a key or another button the browser opens it elsewhere.
export function isPlainClick(event: MouseEvent): boolean {
  return !event.metaKey && !event.ctrlKey && !event.shiftKey && event.button === 0;
}

// Whether the pointer itself moved: browsers also tell of what is scrolled under one that stands still.
export function hasMoved(event: PointerEvent): boolean {
  return event.movementX !== 0 || event.movementY !== 0;
}
