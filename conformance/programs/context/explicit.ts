import { ContextVar, copyContext, createTask, sleep } from "turnwise";
import { type Log } from "../../log.ts";

/** A task in a context of its own sets variables there. */
export default async function main(log: Log): Promise<void> {
  const mark = new ContextVar<string>("var", { defaultValue: "default" });

  async function child(): Promise<void> {
    log(mark.get());
    mark.set("set by child");
    await sleep(0);
    log(mark.get());
  }

  mark.set("main");
  const context = copyContext();
  mark.set("main, later");
  await createTask(() => child(), { context });
  log(`${mark.get()} ${context.get(mark)}`);
  context.run(() => mark.set("set by run"));
  await createTask(() => child(), { context });
}
