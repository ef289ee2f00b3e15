// @ts-nocheck: rendered from seed-32007623.json
import { Condition, KeyboardInterrupt, Task, asCompleted, createTask, getRunningLoop, sleep } from "turnwise";
import { describe, show, type Log } from "../log.ts";

export default async function main(log: Log): Promise<void> {
  class Boom extends Error {
    name = "Boom";
  }
  const loop = getRunningLoop();
  const futures = Array.from({ length: 3 }, () => loop.createFuture());
  const tasks = new Map();
  const label = (one) => {
    if (one instanceof Task) return one.getName();
    if (futures.includes(one)) return `future ${futures.indexOf(one)}`;
    return "no task";
  };
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
  const times = new Map();
  const asked = (what) => {
    times.set(what, (times.get(what) ?? 0) + 1);
    return times.get(what);
  };
  const cond = new Condition();
  const f15 = async () => {
    try {
      log("7 as_completed");
      for await (const one of asCompleted([futures[0]])) {
        log("7 " + label(one) + " " + outcome(one));
      }
      log("7 all completed");
    } catch (error6) {
      if (error6 instanceof KeyboardInterrupt) throw error6;
      log("6 caught " + describe(error6));
    } finally {
      log("6 finally");
      log("11 sleep 0");
      log("11 " + show(await sleep(0, "s11")));
      log("12 condWaitFor");
      log("12 " + show(await cond.waitFor(() => asked("q12") > 1)));
    }
    return "v15";
  };
  tasks.set(2, createTask(f15));
  log("15 made t2");
  const f17 = async () => {
    throw new KeyboardInterrupt("b16");
    return "v17";
  };
  tasks.set(3, createTask(f17));
  log("17 made t3");
}
