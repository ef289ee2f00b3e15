/** The live view: the tasks of a process that runs. */
export { attach, AttachedProcess, snapshotOf } from "./attach.ts";
export { AttachError, type AttachErrorCode } from "./attach-error.ts";
export { busiest, formatBusiest } from "./busiest.ts";
export { type Deadlock, deadlocks } from "./deadlocks.ts";
export { look } from "./look.ts";
export type { Patience } from "./patience.ts";
export type * from "./snapshot.ts";
export { formatTable } from "./table.ts";
export { formatTree } from "./tree.ts";
export type { Paint, Screen } from "./words.ts";
