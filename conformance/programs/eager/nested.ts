import * as asyncio from "turnwise";
import type { Log } from "../../log.ts";

const mark = new asyncio.ContextVar("mark", { defaultValue: "unset" });

/** Eager tasks begun by eager tasks: names, contexts, who runs, and which tasks there are. */
export default async function main(log: Log): Promise<void> {
  const loop = asyncio.getRunningLoop();
  mark.set("main");

  const names = () => {
    const quoted = [...asyncio.allTasks()].map((task) => `'${task.getName()}'`).sort();
    return `[${quoted.join(", ")}]`;
  };

  async function inner(wait: boolean): Promise<string> {
    log(`inner begins: ${mark.get()}, ${names()}`);
    mark.set("inner");
    loop.callSoon(() => log(`inner's callback: ${mark.get()}`));
    if (wait) {
      await asyncio.sleep(0);
      log(`inner goes on: ${mark.get()}`);
    }
    return mark.get();
  }

  async function outer(wait: boolean): Promise<void> {
    mark.set("outer");
    const task = asyncio.createTask(() => inner(wait), { eagerStart: true, name: "inner" });
    log(`outer: ${mark.get()}`);
    loop.callSoon(() => log(`outer's callback: ${mark.get()}`));
    await asyncio.sleep(0);
    log(`outer goes on: ${await task}, ${names()}`);
  }

  for (const wait of [false, true]) {
    const task = asyncio.createTask(() => outer(wait), { eagerStart: true, name: "outer" });
    log(`main: ${mark.get()}, ${asyncio.currentTask()?.getName()}`);
    await task;
  }
  log(names());
}
