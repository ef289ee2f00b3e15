/** In a file of its own: the first eager task of a process changes it for good. */
import * as asyncio from "turnwise";
import { expect, test } from "vitest";

const nearOnes = (): object[] => [asyncio.Future.prototype, asyncio.Task.prototype];
const haveIt = (): boolean[] => nearOnes().map((owner) => Object.hasOwn(owner, "then"));

async function log(): Promise<string[]> {
  const lines: string[] = [];
  const steps = (name: string) => async (): Promise<void> => {
    for (const turn of [0, 1]) {
      lines.push(`${name}${turn}`);
      await asyncio.sleep(0);
    }
  };
  await asyncio.gather(steps("a"), steps("b"));
  return lines;
}

test("classes have `then` themselves, until there is a task whose reads of it must be seen", async () => {
  expect(await asyncio.run(log)).toEqual(["a0", "b0", "a1", "b1"]);
  expect(haveIt()).toEqual([true, true]);
  expect(Object.keys(asyncio.Task.prototype)).toEqual([]); // Nobody sees it in a loop over a task.

  await asyncio.run(async () => {
    expect(await asyncio.createTask(log, { eagerStart: true })).toEqual(["a0", "b0", "a1", "b1"]);
  });
  expect(haveIt()).toEqual([false, false]);
  expect(await asyncio.run(log)).toEqual(["a0", "b0", "a1", "b1"]);
  expect(haveIt()).toEqual([false, false]);
});
