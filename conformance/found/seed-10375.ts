// @ts-nocheck: rendered from seed-10375.json
import { createTask, getRunningLoop, shield, sleep, timeout, waitFor } from "turnwise";
import { describe, show, type Log } from "../log.ts";

export default async function main(log: Log): Promise<void> {
  class Boom extends Error {
    name = "Boom";
  }
  const loop = getRunningLoop();
  const tasks = new Map();
  const noTask = loop.createFuture();
  noTask.setResult("no task");
  const task = (slot) => tasks.get(slot) ?? noTask;
  const attempt = (text, call) => {
    try {
      log(text + show(call()));
    } catch (error) {
      log(text + describe(error));
    }
  };
  const f5 = async () => {
    throw new Boom("b4");
    return "v5";
  };
  tasks.set(1, createTask(f5));
  log("5 made t1");
  try {
    log("7 timeout 3");
    await timeout(3, async (scope7) => {
      const f13 = async () => {
        const f18 = async () => {
          attempt("20 reschedule: ", () => scope7.reschedule(loop.time() + 0));
          log("21 wait_for");
          log("21 " + show(await waitFor(task(1), null)));
          return "v18";
        };
        log("17 shield");
        log("17 " + show(await shield(f18)));
        return "v13";
      };
      log("12 shield");
      log("12 " + show(await shield(f13)));
    });
    log("7 in time");
  } catch (error47) {
    log("47 caught " + describe(error47));
  }
  log("39 sleep 0");
  log("39 " + show(await sleep(0, "s39")));
  log("40 sleep 0");
  log("40 " + show(await sleep(0, "s40")));
}
