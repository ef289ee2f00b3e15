import * as asyncio from "turnwise";

await asyncio.run(async () => {
  let sum = 0;
  await asyncio.taskGroup(async (group) => {
    for (let i = 0; i < 5000; i++) {
      group.createTask(async () => {
        await asyncio.sleep((i % 50) / 100);
        sum += i;
      });
      if (i % 100 === 0) await asyncio.sleep(0);
    }
  });
  console.log(sum);
});
