/** Where a statement of a random program stands, and what it chooses from. */

/** Many equal deadlines, so that ties are common. Exact in binary: sums of them are equal when they should be. */
export const DELAYS = [-1, 0, 0, 0, 0, 0.5, 1, 1, 1, 1.5, 2, 2, 3] as const;
export const TIMEOUTS = [null, -1, 0, 0, 0.5, 1, 1, 1.5, 2, 2.5, 3] as const;
export const OBJECTS = ["lock", "sem", "event", "cond", "barrier", "queue", "mark"] as const;

/** Where a statement stands, and so what it may be. */
export interface Place {
  /** The slot of the task whose code it is: it awaits only slots above. */
  owner: number;
  depth: number;
  /** A plain callback: nothing may wait, and there is no current task. */
  inCallback: boolean;
  groups: readonly number[];
  scopes: readonly number[];
  holds: readonly ("lock" | "sem" | "cond")[];
}
