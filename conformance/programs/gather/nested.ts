import { gather, sleep } from "turnwise";
import { describe, show, type Log } from "../../log.ts";

/** A gather inside a gather is cancelled with it. */
export default async function main(log: Log): Promise<void> {
  async function child(name: string, delay: number): Promise<string> {
    try {
      await sleep(delay);
      log(`${name} ends`);
      return name;
    } catch (error) {
      log(`${name} cancelled`);
      throw error;
    }
  }

  const inner = gather(
    () => child("a", 1),
    () => child("b", 5),
  );
  const outer = gather(inner, () => child("c", 5));
  await sleep(2);
  outer.cancel();
  try {
    await outer;
  } catch (error) {
    log(describe(error));
  }
  log(`${show(inner.done())} ${show(outer.done())}`);
}
