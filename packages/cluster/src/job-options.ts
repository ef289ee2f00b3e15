/** A call's options, as BullMQ has them. */
import type { JobsOptions } from "bullmq";
import type { Backoff, CallOptions, Seconds } from "turnwise/node";
import type { Submission } from "./call.ts";

/** How a call runs on a cluster. */
export interface ClusterCallOptions extends CallOptions {
  /**
   * As in all executors the key names the call; here for all machines, and for as long as the result is kept
   * ({@link ClusterOptions.keep}): who submits the same key gets the same call, running or done, failed or not.
   */
  readonly key?: string | undefined;
  /** From 1 to 2,097,151: of those that wait the lowest goes first. Calls without a priority go before all others. */
  readonly priority?: number | undefined;
}

/** What holds for all calls of an executor. */
export interface QueueSettings {
  readonly keep: Seconds;
}

export function jobOptions(submission: Submission, settings: QueueSettings): JobsOptions {
  const { retries = 0, backoff, priority } = submission.options;
  const options: JobsOptions = {
    jobId: submission.id,
    removeOnComplete: settings.keep < Infinity && { age: settings.keep },
  };
  if (retries > 0) options.attempts = retries + 1;
  if (backoff !== undefined) options.backoff = backoffOptions(backoff);
  if (priority !== undefined) options.priority = priority;
  return options;
}

function backoffOptions({ type = "fixed", delay, jitter = 0 }: Backoff): NonNullable<JobsOptions["backoff"]> {
  return { type, delay: Math.round(delay * 1000), jitter };
}
