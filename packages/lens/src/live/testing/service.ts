/** A service of 200 tasks: workers at a queue, holders of locks, a gather, a group, sleeps, foreign waits. */
import * as asyncio from "turnwise";

const { createTask, gather, Lock, Queue, sleep, taskGroup } = asyncio;

const jobs = new Queue<number>();
const lock = new Lock();
const never = new Promise<void>(() => {});

async function worker(): Promise<void> {
  for (;;) await jobs.get();
}
async function writer(): Promise<void> {
  await lock.with(() => sleep(1000));
}
async function fetcher(): Promise<void> {
  await never;
}
async function ticker(): Promise<void> {
  for (;;) await sleep(0.05);
}

async function main(): Promise<void> {
  await taskGroup(async (group) => {
    for (let i = 0; i < 120; i++) group.createTask(worker);
    for (let i = 0; i < 30; i++) group.createTask(writer, { name: `writer-${i}` });
    for (let i = 0; i < 20; i++) group.createTask(fetcher);
    for (let i = 0; i < 20; i++) group.createTask(ticker);
    group.createTask(
      async () => {
        await gather(
          ...Array.from({ length: 8 }, () =>
            createTask(async function part() {
              await sleep(1000);
            }),
          ),
        );
      },
      { name: "collector" },
    );
    setTimeout(() => console.log("ready"), 100);
  });
}

await asyncio.run(main);
