import { ContextVar, gather, sleep, taskGroup, waitFor } from "turnwise";
import { type Log } from "../../log.ts";

/** wait_for shares the caller's variables, gather does not. */
export default async function main(log: Log): Promise<void> {
  const mark = new ContextVar<string>("var", { defaultValue: "default" });

  async function child(name: string): Promise<void> {
    mark.set(name);
    await sleep(0);
  }

  await gather(() => child("gathered"));
  log(mark.get());
  await waitFor(() => child("waited for"), 1);
  log(mark.get());
  await child("called");
  log(mark.get());
  await taskGroup(async (group) => {
    mark.set("body");
    group.createTask(() => child("in group"));
  });
  log(mark.get());
}
