import { sleep, taskGroup } from "turnwise";
import { describe, type Log } from "../../log.ts";

class Boom extends Error {
  override name = "Boom";
}

/** Children that fail in the same iteration are all in the group; one that fails while cancelled, too. */
export default async function main(log: Log): Promise<void> {
  async function child(name: string, delay: number): Promise<void> {
    try {
      await sleep(delay);
    } catch (error) {
      if (name === "d") throw new Boom("d, while cancelled");
      throw error;
    }
    throw new Boom(name);
  }

  try {
    await taskGroup(async (group) => {
      const children: [string, number][] = [
        ["a", 2],
        ["b", 1],
        ["c", 1],
        ["d", 3],
      ];
      for (const [name, delay] of children) group.createTask(() => child(name, delay));
    });
  } catch (error) {
    log(describe(error));
  }
}
