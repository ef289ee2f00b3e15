import { asCompleted, sleep, type Task } from "turnwise";
import { type Log } from "../../log.ts";

/** Coroutines become tasks; all of them run while the loop body is busy. */
export default async function main(log: Log): Promise<void> {
  async function child(name: string, delay: number): Promise<string> {
    log(`${name} begins`);
    await sleep(delay);
    log(`${name} ends`);
    return name;
  }

  const children = [() => child("a", 1), () => child("b", 1), () => child("c", 2)];
  for await (const done of asCompleted(children) as AsyncIterable<unknown>) {
    log(`got ${(done as Task<string>).result()}`);
    await sleep(5);
  }
}
