// Who waits for the event finds it set, since whoever sets it lets nobody run before.
import * as asyncio from "turnwise";

const pause = (seconds: number): void => {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, seconds * 1000);
};

async function prepare(ready: asyncio.Event): Promise<void> {
  pause(0.3);
  ready.set();
  pause(0.2);
}

async function use(ready: asyncio.Event): Promise<void> {
  pause(0.1);
  await ready.wait();
  pause(0.25);
}

await asyncio.run(async () => {
  const ready = new asyncio.Event();
  await asyncio.gather(
    () => prepare(ready),
    () => use(ready),
    () => use(ready),
  );
});
