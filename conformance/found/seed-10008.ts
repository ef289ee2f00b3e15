// @ts-nocheck: rendered from seed-10008.json
import { getRunningLoop, shield, sleep, timeout, waitFor } from "turnwise";
import { describe, show, type Log } from "../log.ts";

export default async function main(log: Log): Promise<void> {
  class Boom extends Error {
    name = "Boom";
  }
  const loop = getRunningLoop();
  const futures = Array.from({ length: 1 }, () => loop.createFuture());
  const handles = new Map();
  const attempt = (text, call) => {
    try {
      log(text + show(call()));
    } catch (error) {
      log(text + describe(error));
    }
  };
  try {
    log("3 timeout 0");
    await timeout(0, async (scope3) => {
      const c6 = () => {
        log("6 callback");
        attempt("8 settle future 0: ", () => futures[0].done() || futures[0].setException(new Boom("b8")));
      };
      handles.set(6, loop.callLater(1.5, c6));
      log("11 shield");
      log("11 " + show(await shield(futures[0])));
    });
    log("3 in time");
  } catch (error43) {
    log("43 caught " + describe(error43));
  }
  const f37 = async () => {
    try {
      log("39 shield");
      log("39 " + show(await shield(futures[0])));
    } catch (error38) {
      log("38 caught " + describe(error38));
      log("41 sleep 2");
      log("41 " + show(await sleep(2, "s41")));
    }
    return "v37";
  };
  log("36 wait_for");
  log("36 " + show(await waitFor(f37, 0.5)));
}
