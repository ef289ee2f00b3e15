// @ts-nocheck: rendered from seed-32002768.json
import { KeyboardInterrupt, createTask, getRunningLoop, sleep } from "turnwise";
import { describe, show, type Log } from "../log.ts";

export default async function main(log: Log): Promise<void> {
  class Boom extends Error {
    name = "Boom";
  }
  const loop = getRunningLoop();
  const futures = Array.from({ length: 2 }, () => loop.createFuture());
  const tasks = new Map();
  const attempt = (text, call) => {
    try {
      log(text + show(call()));
    } catch (error) {
      log(text + describe(error));
    }
  };
  const outcome = (done) => {
    if (done.cancelled()) return "cancelled";
    const error = done.exception();
    return error ? describe(error) : show(done.result());
  };
  attempt("1 settle future 0: ", () => futures[0].done() || futures[0].setResult("r1"));
  const c3 = (done) => {
    log("3 done: " + outcome(done));
    const f5 = async () => {
      log("20 sleep 0");
      log("20 " + show(await sleep(0, "s20")));
      return "v5";
    };
    tasks.set(1, createTask(f5));
    log("5 made t1");
  };
  futures[0].addDoneCallback(c3);
  throw new KeyboardInterrupt("b49");
}
