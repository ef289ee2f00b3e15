// @ts-nocheck: rendered from seed-11212.json
import { Task, asCompleted, currentTask, getRunningLoop, shield, sleep } from "turnwise";
import { describe, show, type Log } from "../log.ts";

export default async function main(log: Log): Promise<void> {
  class Boom extends Error {
    name = "Boom";
  }
  const loop = getRunningLoop();
  const futures = Array.from({ length: 3 }, () => loop.createFuture());
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
  try {
    attempt("8 cancel self: ", () => currentTask().cancel());
    const f10 = async () => {
      log("11 as_completed");
      for await (const one of asCompleted([futures[2]], { timeout: 1 })) {
        log("11 " + label(one) + " " + outcome(one));
      }
      log("11 all completed");
      return "v10";
    };
    log("9 shield");
    log("9 " + show(await shield(f10)));
  } catch (error27) {
    log("27 caught " + describe(error27));
  }
  log("23 sleep 1");
  log("23 " + show(await sleep(1, "s23")));
  log("25 sleep 0");
  log("25 " + show(await sleep(0, "s25")));
}
