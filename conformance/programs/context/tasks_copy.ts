import { ContextVar, createTask, gather, sleep } from "turnwise";
import { type Log } from "../../log.ts";

/** A task gets a copy of its creator's variables at its creation. */
export default async function main(log: Log): Promise<void> {
  const mark = new ContextVar<string>("var", { defaultValue: "default" });

  async function child(name: string): Promise<void> {
    log(`${name} sees ${mark.get()}`);
    mark.set(`set by ${name}`);
    await sleep(0);
    log(`${name} sees ${mark.get()}`);
  }

  log(mark.get());
  mark.set("set by main");
  const a = createTask(() => child("a"));
  mark.set("set later");
  const b = createTask(() => child("b"));
  await gather(a, b);
  log(mark.get());
}
