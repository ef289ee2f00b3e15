// A task that goes on after a promise that isn't Turnwise's: no step of the loop, but the host's turn.
import { readFile } from "node:fs/promises";
import * as asyncio from "turnwise";

async function load(): Promise<number> {
  await asyncio.sleep(0.01);
  const text = await readFile(new URL(import.meta.url), "utf8");
  let n = text.length;
  for (const until = performance.now() + 300; performance.now() < until;) n = (n * 7) % 1009; // BLOCKS
  return n;
}

await asyncio.run(async () => {
  await asyncio.gather(load, () => asyncio.sleep(0.1));
});
