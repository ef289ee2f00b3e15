import { gather, Lock, sleep } from "turnwise";
import { show, type Log } from "../../log.ts";

/** A lock is handed on in the order in which the tasks asked for it. */
export default async function main(log: Log): Promise<void> {
  const lock = new Lock();

  async function worker(name: string): Promise<void> {
    log(`${name} asks`);
    await lock.with(async () => {
      log(`${name} has it`);
      await sleep(1);
      log(`${name} gives it back`);
    });
    log(`${name} ends, locked: ${show(lock.locked())}`);
  }

  await gather(
    () => worker("a"),
    () => worker("b"),
    () => worker("c"),
  );
}
