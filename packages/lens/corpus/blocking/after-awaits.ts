// Plain promises: the block comes after several awaits.
import { readFile } from "node:fs/promises";

async function load(): Promise<number> {
  const text = await readFile(new URL(import.meta.url), "utf8");
  await new Promise((resolve) => setTimeout(resolve, 5));
  await Promise.resolve();
  let n = text.length;
  for (const until = Date.now() + 300; Date.now() < until;) n = (n * 3) % 1013; // BLOCKS
  return n;
}

console.log((await load()) >= 0);
