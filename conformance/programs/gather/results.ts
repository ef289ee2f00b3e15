import { gather, sleep } from "turnwise";
import { show, type Log } from "../../log.ts";

/** gather gives the results in the order of its arguments, whoever ends first. */
export default async function main(log: Log): Promise<void> {
  async function child(name: string, delay: number): Promise<string> {
    await sleep(delay);
    log(`${name} is done`);
    return name;
  }

  log(
    show(
      await gather(
        () => child("a", 3),
        () => child("b", 1),
        () => child("c", 2),
      ),
    ),
  );
}
