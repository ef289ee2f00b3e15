const text = " ".repeat(16_000) + "x";

async function trim(): Promise<number> {
  await Promise.resolve();
  const trimmed = text.replace(/\s+$/, ""); // BLOCKS String.replace
  return trimmed.length;
}

console.log(await trim());
