/** `LoopExecutor`: no thread and no machine, for tests and for work that is not worth sending. */
import { RuntimeError } from "../exceptions.ts";
import type { Future } from "../futures.ts";
import { getRunningLoop } from "../running.ts";
import { timeout } from "../timeouts.ts";
import { wait } from "../wait.ts";
import { Attempts, Calls, checkCallOptions } from "./calls.ts";
import { findUncloneable } from "./cloning.ts";
import { type CallOptions, Executor, type ShutdownOptions } from "./executor.ts";
import { functionReference, type FunctionReference } from "./function-references.ts";
import { loadFunction } from "./load-function.ts";

/**
 * Runs functions of modules as tasks of the loop that submits them, in this thread. All else is as with the other
 * executors: arguments and results are cloned, what can't be is refused. Cancelling a call cancels its task.
 */
export class LoopExecutor extends Executor {
  readonly #calls = new Calls();
  readonly #out = new Set<Future<unknown>>();
  #isShutDown = false;

  submit<A extends unknown[], R>(
    fn: FunctionReference<A, R> | URL,
    args: NoInfer<A>,
    options?: CallOptions,
  ): Future<R> {
    const reference = functionReference(fn);
    const chosen = { ...reference.options, ...options };
    checkCallOptions(chosen);
    if (this.#isShutDown) throw new RuntimeError("cannot schedule new futures after shutdown");
    return this.#calls.start(chosen, () => {
      const loop = getRunningLoop();
      const name = `a call of ${String(reference)}`;
      const sent = cloned(args, "args", `the arguments of ${String(reference)} can't be sent`);
      const begin = (): Future<R> =>
        loop.createTask(async () => {
          const call = await loadFunction(reference.module, reference.name);
          const result = await timeout(chosen.timeout ?? null, async () => await call(...sent()));
          return cloned(result as R, "result", `the result of ${reference.name} can't be sent back`)();
        });
      const future = new Attempts(loop, name, chosen, begin);
      this.#out.add(future as Future<unknown>);
      future.addDoneCallback(() => this.#out.delete(future as Future<unknown>));
      return future;
    });
  }

  async shutdown({ cancelFutures = false }: ShutdownOptions = {}): Promise<void> {
    this.#isShutDown = true;
    // Every call begins at once: none is left to cancel but those that wait to be tried again.
    if (cancelFutures) for (const call of this.#out) if ((call as Attempts<unknown>).isBetween) call.cancel();
    if (this.#out.size > 0) await wait([...this.#out]);
  }
}

/** What gives a copy of `value`, as it is now. */
function cloned<T>(value: T, name: string, refusal: string): () => T {
  const found = findUncloneable(value, name, []);
  if (found !== null) {
    const error = new DOMException(`${refusal}: ${found}`, "DataCloneError");
    return () => {
      throw error;
    };
  }
  const copy = structuredClone(value);
  return () => structuredClone(copy);
}
