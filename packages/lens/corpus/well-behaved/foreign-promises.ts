// Tasks of Turnwise's that wait for the host's promises.
import { setTimeout as sleep } from "node:timers/promises";
import * as asyncio from "turnwise";

await asyncio.run(async () => {
  const work = async (): Promise<void> => {
    for (let i = 0; i < 40; i++) {
      await sleep(5);
      for (const until = performance.now() + 0.5; performance.now() < until;);
    }
  };
  await asyncio.gather(...Array.from({ length: 10 }, () => work));
});
