// Plain promises in one task, that were meant to run side by side.
import * as asyncio from "turnwise";

async function pause(seconds: number): Promise<void> {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, seconds * 1000);
}

async function page(name: string): Promise<string> {
  await pause(0.2);
  await asyncio.sleep(0.1);
  return name;
}

await asyncio.run(async () => {
  await Promise.all([page("a"), page("b"), page("c")]);
});
