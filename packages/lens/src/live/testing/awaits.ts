/** Says again and again how long an `await` takes, in ns. */
import * as asyncio from "turnwise";

const AWAITS = 100_000;
async function leaf(): Promise<void> {}

await asyncio.run(async () => {
  process.stdout.write("ready\n");
  for (;;) {
    const begin = performance.now();
    for (let i = 0; i < AWAITS; i++) await leaf();
    console.log((((performance.now() - begin) / AWAITS) * 1e6).toFixed(1));
    await asyncio.sleep(0.01);
  }
});
