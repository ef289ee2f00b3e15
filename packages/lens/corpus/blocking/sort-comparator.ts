const names = Array.from({ length: 4000 }, (_, i) => `name ${(i * 7919) % 1_000_003}`);

function ordered(): string[] {
  return names.slice().sort((a, b) => a.localeCompare(b, "de", { numeric: true })); // BLOCKS
}

setTimeout(() => console.log(ordered().length), 10);
