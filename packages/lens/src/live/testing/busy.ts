/** Computes for half a minute without a break, in a task whose neighbour is ready to go on. */
import * as asyncio from "turnwise";

function crunch(seconds: number): void {
  for (const begin = performance.now(); performance.now() - begin < seconds * 1000;);
}

await asyncio.run(async () => {
  void asyncio.createTask(() => asyncio.sleep(0.05), { name: "neighbour" });
  await asyncio.createTask(
    async () => {
      await asyncio.sleep(0.1);
      process.stdout.write("ready\n");
      crunch(30);
    },
    { name: "cruncher" },
  );
});
