import { sleep, taskGroup } from "turnwise";
import { type Log } from "../../log.ts";

/** A value that is returned through many async functions costs no turn of the loop. */
export default async function main(log: Log): Promise<void> {
  async function up(n: number): Promise<number> {
    if (n === 0) {
      await sleep(0);
      return 0;
    }
    return 1 + (await up(n - 1));
  }

  async function climb(n: number): Promise<void> {
    log(`climb ${n}`);
    log(`got ${await up(n)}`);
    log(`got ${await up(0)}`);
  }

  await taskGroup(async (group) => {
    group.createTask(() => climb(6));
    group.createTask(() => climb(0));
    group.createTask(() => climb(3));
  });
}
