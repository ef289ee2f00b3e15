import { createTask, sleep } from "turnwise";
import { describe, type Log } from "../../log.ts";

/** A task that catches every cancellation has to be asked each time. */
export default async function main(log: Log): Promise<void> {
  async function stubborn(): Promise<string> {
    let caught = 0;
    while (caught < 3) {
      try {
        await sleep(10);
      } catch (error) {
        caught += 1;
        log(`${caught} ${describe(error)}`);
      }
    }
    return "gives in";
  }

  const task = createTask(() => stubborn());
  for (let n = 0; n < 3; n++) {
    await sleep(1);
    task.cancel(`attempt ${n}`);
  }
  log(await task);
}
