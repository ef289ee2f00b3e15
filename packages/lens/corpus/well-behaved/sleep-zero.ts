import * as asyncio from "turnwise";

await asyncio.run(async () => {
  const until = performance.now() + 700;
  const spin = async (): Promise<void> => {
    while (performance.now() < until) await asyncio.sleep(0);
  };
  await asyncio.gather(spin, spin, spin);
});
