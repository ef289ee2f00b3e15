import { ExceptionGroup } from "turnwise";
import { describe, show, type Log } from "../../log.ts";

class Boom extends Error {
  override name = "Boom";
}

class Crash extends Error {
  override name = "Crash";
}

/** subgroup keeps what a predicate holds for, whole groups included. */
export default async function main(log: Log): Promise<void> {
  const group = new ExceptionGroup("outer", [
    new Boom("a"),
    new ExceptionGroup("inner", [new Crash("b"), new Boom("c")]),
  ]);
  log(describe(group.subgroup(Boom)));
  log(describe(group.subgroup((error) => error.message === "b")));
  log(describe(group.subgroup((error) => error instanceof ExceptionGroup && error.message === "inner")));
  log(describe(group.subgroup(() => false)));
  log(show(group.subgroup(() => true) === group));
}
