/** Programs of a few operations: what they do is in `machine.ts`. */
import fc from "fast-check";

export type Operation =
  | { readonly does: "work" | "block" | "compute" | "sleep" | "outside"; readonly seconds: number }
  | { readonly does: "turn" | "join" | "cancel" }
  | { readonly does: "await"; readonly child: number }
  | { readonly does: "acquire" | "release"; readonly resource: number }
  | { readonly does: "spawn"; readonly program: readonly Operation[] };

export const work = (seconds: number): Operation => ({ does: "work", seconds });
/** Sleeps without letting others run. */
export const block = (seconds: number): Operation => ({ does: "block", seconds });
/** Works so long that it counts as blocked. */
export const compute = (seconds: number): Operation => ({ does: "compute", seconds });
export const sleep = (seconds: number): Operation => ({ does: "sleep", seconds });
/** Waits for something from outside that comes after so many seconds. */
export const outside = (seconds: number): Operation => ({ does: "outside", seconds });
/** Gives the others a turn. */
export const turn: Operation = { does: "turn" };
/** Waits for all the task's children. */
export const join: Operation = { does: "join" };
/** Waits for one of the task's children, counted from 0, and over again; for none if it has none. */
export const awaits = (child: number): Operation => ({ does: "await", child });
/** Takes a lock or a slot of a semaphore, one of {@link SLOTS}, for as long as the program takes. */
export const holding = (resource: number, ...program: Operation[]): Operation[] => [
  { does: "acquire", resource },
  ...program,
  { does: "release", resource },
];
/** Cancels all the task's children. */
export const cancel: Operation = { does: "cancel" };
export const spawn = (...program: Operation[]): Operation => ({ does: "spawn", program });

/** How many slots the resources have: two locks and a semaphore. */
export const SLOTS: readonly number[] = [1, 1, 2];

/** In seconds, up to `most` ms; of odd values, so that few things happen at once. */
const duration = (most: number): fc.Arbitrary<number> =>
  fc.integer({ min: 1, max: most * 1000 }).map((n) => n / 1000003);

type Simple = "block" | "compute" | "sleep" | "outside";

/** @param kinds - which operations occur, besides work, turns and children. */
export function programs(...kinds: (Simple | "join" | "cancel" | "await" | "hold")[]): fc.Arbitrary<Operation[]> {
  const takeTime = kinds.filter((kind) => kind !== "join" && kind !== "cancel" && kind !== "await" && kind !== "hold");
  const timed = takeTime.map((does) => duration(400).map((seconds): Operation => ({ does, seconds })));
  const simple = fc.oneof(duration(5).map(work), ...timed, fc.constant(turn)).map((operation) => [operation]);
  const held = fc
    .tuple(fc.nat(SLOTS.length - 1), fc.array(simple, { maxLength: 3 }))
    .map(([resource, program]) => holding(resource, ...program.flat()));
  const others = {
    join: fc.constant([join]),
    cancel: fc.constant([cancel]),
    await: fc.nat(5).map((child) => [awaits(child)]),
    hold: held,
  };
  const any = fc.oneof(
    { weight: 2 + timed.length, arbitrary: simple },
    ...kinds.flatMap((kind) => (kind in others ? [others[kind as keyof typeof others]] : [])),
  );
  const programOf = (children: fc.Arbitrary<Operation[]>[]): fc.Arbitrary<Operation[]> =>
    fc
      .array(fc.oneof({ weight: 3, arbitrary: any }, ...children), { maxLength: 10, size: "max" })
      .map((all) => all.flat());
  const child = programOf([]).map((program) => [spawn(...program)]);
  const parent = programOf([child]).map((program) => [spawn(...program)]);
  return programOf([child, parent]);
}
