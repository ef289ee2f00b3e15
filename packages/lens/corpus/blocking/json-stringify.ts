const rows = Array.from({ length: 60_000 }, (_, i) => ({
  id: i,
  name: `row ${i}`,
  tags: ["a", "b"],
  nested: { deep: [i, i] },
}));

async function save(): Promise<number> {
  await new Promise((resolve) => setTimeout(resolve, 10));
  const text = JSON.stringify(Array.from({ length: 12 }, () => rows)); // BLOCKS JSON.stringify
  return text.length;
}

console.log((await save()) > 0);
