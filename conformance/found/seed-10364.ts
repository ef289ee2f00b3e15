// @ts-nocheck: rendered from seed-10364.json
import { CancelledError, createTask, gather, getRunningLoop, shield, sleep, timeout } from "turnwise";
import { describe, show, type Log } from "../log.ts";

export default async function main(log: Log): Promise<void> {
  class Boom extends Error {
    name = "Boom";
  }
  const loop = getRunningLoop();
  const futures = Array.from({ length: 3 }, () => loop.createFuture());
  const handles = new Map();
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
  const f51 = async () => {
    try {
      log("28 await");
      log("28 " + show(await futures[1]));
    } catch (error26) {
      if (error26 instanceof CancelledError) throw error26;
      log("26 caught " + describe(error26));
    } finally {
      log("26 finally");
      const f42 = async () => {
        log("43 sleep 0");
        log("43 " + show(await sleep(0, "s43")));
        return "v42";
      };
      log("41 shield");
      log("41 " + show(await shield(f42)));
    }
    return "v51";
  };
  tasks.set(3, createTask(f51));
  log("51 made t3");
  const c55 = () => {
    log("55 callback");
    attempt("54 settle future 1: ", () => futures[1].done() || futures[1].setResult("r54"));
  };
  handles.set(55, loop.callLater(1, c55));
  try {
    log("59 timeout 0");
    await timeout(0, async (scope59) => {
      const f61 = async () => {
        log("63 sleep 1");
        log("63 " + show(await sleep(1, "s63")));
        throw new Boom("b64");
        return "v61";
      };
      log("60 shield");
      log("60 " + show(await shield(f61)));
    });
    log("59 in time");
  } catch (error74) {
    log("74 caught " + describe(error74));
  }
  log("75 gather");
  log("75 " + show(await gather(task(3))));
}
