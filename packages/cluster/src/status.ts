/** What is on the queues, and who works on them. */
import { type Job, Queue } from "bullmq";
import type { Redis } from "ioredis";
import { interruptible, type Seconds } from "turnwise";
import { outsideTasks } from "turnwise/executor";
import {
  checkQueueName,
  connected,
  connectionError,
  connectionOptions,
  DEFAULT_PREFIX,
  disconnect,
  type QueueOptions,
  shownConnection,
} from "./connection.ts";
import { shownStack } from "./wire.ts";

/** What {@link clusterStatus} gives. */
export interface ClusterStatus {
  /** Where Redis is, without credentials. */
  readonly redis: string;
  readonly queues: readonly QueueStatus[];
}

/** A queue. */
export interface QueueStatus {
  readonly name: string;
  /** How many calls wait, run, wait to be tried again, are done, have failed. Done ones are those that are kept. */
  readonly waiting: number;
  readonly running: number;
  readonly delayed: number;
  readonly completed: number;
  readonly failed: number;
  /** At most so many at once, and so many begun in so many seconds, where there is a limit. */
  readonly limit: { readonly running: number | null; readonly rate: { calls: number; per: Seconds } | null };
  readonly workers: readonly { readonly name: string; readonly address: string }[];
  /** Some of those that run, the oldest first. */
  readonly runningCalls: readonly RunningCall[];
  /** The last ones that failed. */
  readonly failedCalls: readonly FailedCall[];
}

/** A call that runs. */
export interface RunningCall {
  readonly id: string;
  /** "resize in my-app/src/images.ts". */
  readonly name: string;
  readonly worker: string | null;
  /** For how long, in seconds, by this machine's clock. */
  readonly seconds: Seconds;
}

/** A call that failed. */
export interface FailedCall {
  readonly id: string;
  readonly name: string;
  readonly worker: string | null;
  readonly reason: string;
  readonly stack: string;
  /** When; in ms since 1970. */
  readonly at: number;
}

/** So many running and failed calls of each queue are shown. */
const SHOWN = 20;

/**
 * Looks at the queues: at one, or at all that have the prefix.
 * @throws ClusterConnectionError where Redis can't be reached.
 */
export async function clusterStatus(options: QueueOptions = {}): Promise<ClusterStatus> {
  const { connection, queue, prefix = DEFAULT_PREFIX } = options;
  if (queue !== undefined) checkQueueName(queue);
  const place = connectionOptions(connection);
  return await interruptible(
    outsideTasks(async () => {
      const redis = await connected(place, "turnwise-status");
      try {
        const names = queue === undefined ? await queueNames(redis, prefix) : [queue];
        const queues: QueueStatus[] = [];
        for (const name of names) queues.push(await queueStatus(redis, name, prefix));
        return { redis: shownConnection(place), queues };
      } catch (error) {
        throw connectionError(place, error);
      } finally {
        disconnect(redis);
      }
    }),
  );
}

async function queueNames(redis: Redis, prefix: string): Promise<string[]> {
  const names = new Set<string>();
  const [begin, end] = [`${prefix}:`, ":meta"];
  for await (const keys of redis.scanStream({ match: `${begin}*${end}`, count: 1000 }) as AsyncIterable<string[]>) {
    for (const key of keys) names.add(key.slice(begin.length, -end.length));
  }
  return [...names].toSorted();
}

async function queueStatus(redis: Redis, name: string, prefix: string): Promise<QueueStatus> {
  const queue = new Queue(name, { connection: redis, prefix, skipMetasUpdate: true });
  queue.on("error", () => {});
  try {
    const [counts, workers, running, failed, concurrency, rate] = await Promise.all([
      queue.getJobCounts("waiting", "prioritized", "active", "delayed", "completed", "failed"),
      queue.getWorkers(),
      queue.getRanges(["active"], -SHOWN, -1, true).then((ids) => readableJobs(queue, ids)),
      queue.getRanges(["failed"], 0, SHOWN - 1, false).then((ids) => readableJobs(queue, ids)),
      queue.getGlobalConcurrency(),
      queue.getGlobalRateLimit(),
    ]);
    const now = Date.now();
    return {
      name,
      waiting: (counts["waiting"] ?? 0) + (counts["prioritized"] ?? 0),
      running: counts["active"] ?? 0,
      delayed: counts["delayed"] ?? 0,
      completed: counts["completed"] ?? 0,
      failed: counts["failed"] ?? 0,
      limit: {
        running: concurrency,
        rate: rate === null ? null : { calls: rate.max, per: rate.duration / 1000 },
      },
      workers: workers.map(({ name: client = "", addr = "", rawname = "" }) => ({
        name: rawname.split(":w:")[1] ?? client,
        address: addr,
      })),
      runningCalls: running
        .map((job) => ({
          id: job.id ?? "",
          name: String(job.name), // What others wrote may have none.
          worker: job.processedBy ?? null,
          seconds: Math.max(0, now - (job.processedOn ?? now)) / 1000,
        }))
        .toSorted((a, b) => b.seconds - a.seconds),
      failedCalls: failed.map((job) => ({
        id: job.id ?? "",
        name: String(job.name),
        worker: job.processedBy ?? null,
        reason: job.failedReason ?? "",
        stack: shownStack(job.stacktrace?.at(-1) ?? ""),
        at: job.finishedOn ?? 0,
      })),
    };
  } finally {
    await queue.close();
  }
}

/** Those that there are; but for those that are no jobs of BullMQ's: others can write to Redis, too. */
async function readableJobs(queue: Queue, ids: readonly string[]): Promise<Job[]> {
  const jobs = await Promise.all(ids.map((id) => queue.getJob(id).catch(() => undefined)));
  return jobs.filter((job) => job !== undefined);
}
