import { sleep, taskGroup } from "turnwise";
import { describe, type Log } from "../../log.ts";

class Boom extends Error {
  override name = "Boom";
}

/** A failing inner group's errors come in a group within the outer group. */
export default async function main(log: Log): Promise<void> {
  async function fails(name: string, delay: number): Promise<void> {
    await sleep(delay);
    throw new Boom(name);
  }

  async function lives(name: string): Promise<void> {
    try {
      await sleep(10);
    } finally {
      log(`${name} ends`);
    }
  }

  async function inner(): Promise<void> {
    await taskGroup(async (group) => {
      group.createTask(() => fails("inner", 1));
      group.createTask(() => lives("inner sibling"));
    });
  }

  try {
    await taskGroup(async (group) => {
      group.createTask(() => inner());
      group.createTask(() => lives("outer sibling"));
    });
  } catch (error) {
    log(describe(error));
  }
}
