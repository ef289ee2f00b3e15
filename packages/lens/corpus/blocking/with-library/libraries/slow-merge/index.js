// Blocks by itself.
export function merge(a, b) {
  const until = Date.now() + 300;
  const merged = { ...a, ...b };
  while (Date.now() < until) mix(merged);
  return merged;
}

function mix(object) {
  object.mixed = (object.mixed ?? 0) + 1;
}
