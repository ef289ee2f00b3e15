import { ExceptionGroup, TimeoutError } from "turnwise";
import { describe, type Log } from "../../log.ts";

class Boom extends Error {
  override name = "Boom";
}

class Crash extends Error {
  override name = "Crash";
}

/** split gives two groups of the same shape. */
export default async function main(log: Log): Promise<void> {
  const group = new ExceptionGroup("outer", [
    new Boom("a"),
    new ExceptionGroup("inner", [new Crash("b"), new Boom("c")]),
    new Crash("d"),
  ]);
  for (const kind of [Boom, Crash, [Boom, Crash], TimeoutError]) {
    const [match, rest] = group.split(kind);
    log(`${describe(match)} | ${describe(rest)}`);
  }
  log(describe(group));
}
