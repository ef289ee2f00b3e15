import { ContextVar, sleep } from "turnwise";
import { type Log } from "../../log.ts";

/** A token brings the value back that was there before. */
export default async function main(log: Log): Promise<void> {
  const mark = new ContextVar<string>("var", { defaultValue: "default" });
  const first = mark.set("one");
  const second = mark.set("two");
  log(mark.get());
  mark.reset(second);
  log(mark.get());
  mark.reset(first);
  log(mark.get());

  async function nested(): Promise<void> {
    const token = mark.set("nested");
    await sleep(0);
    mark.reset(token);
  }

  await nested();
  log(mark.get());
}
