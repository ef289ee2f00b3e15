import { sleep, taskGroup } from "turnwise";
import { type Log } from "../../log.ts";

/** The block ends when every child has, also those that children made. */
export default async function main(log: Log): Promise<void> {
  const a = await taskGroup(async (group) => {
    async function child(name: string, delay: number): Promise<string> {
      log(`${name} begins`);
      await sleep(delay);
      if (name === "a") group.createTask(() => child("a1", 2));
      log(`${name} ends`);
      return name;
    }

    const first = group.createTask(() => child("a", 1), { name: "a" });
    group.createTask(() => child("b", 2));
    log("body ends");
    return { task: first };
  });
  log(a.task.result());
}
