/** A call as it runs in a worker: its progress goes back to the caller, and its time is limited. */
import type { Job } from "bullmq";
import { timeout, TimeoutError } from "turnwise";
import { reporting } from "./progress.ts";
import { type CallData, namedIn, pack } from "./wire.ts";

/**
 * @param call - the function, with its arguments.
 * @param troubled - hears if progress could not be sent.
 */
export async function runCall(
  job: Job<CallData>,
  call: () => unknown,
  troubled: (error: unknown) => void,
): Promise<unknown> {
  reporting.set((value) => {
    const progress = pack(value, "progress", `the progress of ${namedIn(job.name).fn} can't be sent`);
    job.updateProgress(progress).catch(troubled);
  });
  const seconds = job.data.timeout;
  if (seconds === undefined) return await call();
  let isExpired = (): boolean => false;
  try {
    return await timeout(seconds, async (scope) => {
      isExpired = () => scope.expired();
      return await call();
    });
  } catch (error) {
    throw isExpired() && error instanceof TimeoutError
      ? new TimeoutError(`${job.name} took longer than ${seconds} s`)
      : error;
  }
}
