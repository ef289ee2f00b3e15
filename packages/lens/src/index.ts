/** `@turnwise/lens`: what a run did. */
export type * from "./summary.ts";
export type * from "./trace.ts";
