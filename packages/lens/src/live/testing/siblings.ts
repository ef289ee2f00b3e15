/** 990 tasks that wait for the same queue. */
import * as asyncio from "turnwise";

const queue = new asyncio.Queue<number>();

async function worker(): Promise<void> {
  await queue.get();
}

await asyncio.run(async () => {
  setTimeout(() => console.log("ready"), 100);
  await asyncio.taskGroup(async (group) => {
    for (let i = 0; i < 990; i++) group.createTask(worker);
  });
});
