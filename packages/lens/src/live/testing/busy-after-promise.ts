/** Computes for half a minute in a task that awaited a promise which is not Turnwise's: it holds no baton then. */
import * as asyncio from "turnwise";

await asyncio.run(async () => {
  await asyncio.createTask(
    async () => {
      await new Promise((resolve) => setTimeout(resolve, 50));
      process.stdout.write("ready\n");
      for (const begin = performance.now(); performance.now() - begin < 30_000;);
    },
    { name: "cruncher" },
  );
});
