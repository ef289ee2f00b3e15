/**
 * `@turnwise/cluster`: work that outgrows one machine. {@link ClusterExecutor} calls, workers run what is called, and
 * BullMQ's queue on Redis or Valkey is between them.
 */
export { ClusterCall } from "./call.ts";
export { ClusterExecutor, type ClusterOptions, type QueueLimits } from "./cluster-executor.ts";
export { type Connection, type QueueOptions } from "./connection.ts";
export { ClusterConnectionError, WorkerLostError } from "./errors.ts";
export { type ClusterCallOptions } from "./job-options.ts";
export { reportProgress } from "./progress.ts";
export { type ClusterStatus, clusterStatus, type QueueStatus } from "./status.ts";
export { type ServedModule } from "./served-modules.ts";
export { ClusterWorker, startWorker, type WorkerOptions } from "./worker.ts";
