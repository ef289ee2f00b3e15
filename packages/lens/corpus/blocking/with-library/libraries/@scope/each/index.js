// Calls its caller's function.
export function each(items, fn) {
  for (const item of items) fn(item);
}
