import { createTask, sleep } from "turnwise";
import { describe, type Log } from "../../log.ts";

/** Tasks that are left when main returns are cancelled in the order of creation, and awaited. */
export default async function main(log: Log): Promise<void> {
  async function left(name: string, cleanup: number): Promise<void> {
    try {
      await sleep(100);
    } catch (error) {
      log(`${name} ${describe(error)}`);
      await sleep(cleanup);
      log(`${name} has cleaned up`);
      throw error;
    }
  }

  const all: [string, number][] = [
    ["a", 2],
    ["b", 1],
    ["c", 0],
  ];
  for (const [name, cleanup] of all) createTask(() => left(name, cleanup));
  await sleep(1);
  log("main ends");
}
