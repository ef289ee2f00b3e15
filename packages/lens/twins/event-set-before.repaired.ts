import * as asyncio from "turnwise";

const pause = (seconds: number): Promise<void> => asyncio.sleep(seconds);

async function prepare(ready: asyncio.Event): Promise<void> {
  await pause(0.3);
  ready.set();
  await pause(0.2);
}

async function use(ready: asyncio.Event): Promise<void> {
  await pause(0.1);
  await ready.wait();
  await pause(0.25);
}

await asyncio.run(async () => {
  const ready = new asyncio.Event();
  await asyncio.gather(
    () => prepare(ready),
    () => use(ready),
    () => use(ready),
  );
});
