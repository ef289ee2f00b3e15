// @ts-nocheck: rendered from seed-11216.json
import { createTask, gather, getRunningLoop, shield, waitFor } from "turnwise";
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
  const f29 = async () => {
    log("18 await");
    log("18 " + show(await futures[2]));
    const f23 = async () => {
      log("24 shield");
      log("24 " + show(await shield(futures[0])));
      return "v23";
    };
    tasks.set(2, createTask(f23));
    log("23 made t2");
    return "v29";
  };
  tasks.set(1, createTask(f29));
  log("29 made t1");
  const f54 = async () => {
    attempt("30 cancel t3: ", () => task(3).cancel());
    const f32 = async () => {
      log("34 wait_for");
      log("34 " + show(await waitFor(futures[2], 1)));
      return "v32";
    };
    log("31 shield");
    log("31 " + show(await shield(f32)));
    return "v54";
  };
  tasks.set(3, createTask(f54));
  log("54 made t3");
  const c63 = () => {
    log("63 callback");
    attempt("62 settle future 2: ", () => futures[2].done() || futures[2].setResult("r62"));
  };
  handles.set(63, loop.callLater(1, c63));
  log("64 gather");
  log("64 " + show(await gather(task(1))));
}
