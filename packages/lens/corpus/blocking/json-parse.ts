// One native call that no interrupt reaches, with a short one of the same kind before it.
const items = JSON.stringify(Array.from({ length: 40_000 }, (_, i) => ({ id: i, name: `item ${i}` })));
const text = `[${Array.from({ length: 25 }, () => items).join()}]`;

function read(): number {
  const small = JSON.parse("[1, 2, 3]") as unknown[];
  const all = JSON.parse(text) as unknown[]; // BLOCKS JSON.parse
  return small.length + all.length;
}

setTimeout(read, 10);
