const state = Array.from({ length: 80_000 }, (_, i) => ({ id: i, position: { x: i, y: -i }, name: `unit ${i}` }));

function snapshot(): number {
  const copy = structuredClone([state, state.slice(), state.map((unit) => unit)]); // BLOCKS structuredClone
  return copy.length;
}

setTimeout(() => console.log(snapshot()), 10);
