/** `PythonTask`: a task of Python's asyncio, as Turnwise's loop, its tools and TypeScript code see it. */
import type { Future } from "turnwise";
import { GuestTask, type GuestStep, GuestWait, isWatched } from "turnwise/guest";
import { type LoopBridge, StepCode } from "./loop-bridge.ts";
import { PythonError } from "./python-error.ts";

/** What Python tells of a wait, as JSON. */
export interface WaitDescription {
  /** In words. */
  readonly on: string;
  /** The numbers of the tasks that must be done first. */
  readonly tasks: readonly number[];
  /** Where the task's own code waits, innermost first: as lines of a stack trace. */
  readonly stack: readonly string[];
}

/** Python can't be asked in the midst of its work. */
const UNKNOWN: WaitDescription = { on: "something of Python's, which runs now", tasks: [], stack: [] };

/** Beside each `asyncio.Task` that the loop has seen there is one of these. Python's holds what counts. */
export class PythonTask extends GuestTask<unknown> {
  readonly #bridge: LoopBridge;
  readonly #number: number;
  /** TypeScript code has it, and wants to know what comes of it. */
  #isWanted = false;
  #wait: GuestWait | null = null;

  /** @param number - Python's, unlike that of any other task of the loop. */
  constructor(bridge: LoopBridge, number: number, name: string, coro: string) {
    super(bridge.loop, name, coro);
    this.#bridge = bridge;
    this.#number = number;
  }

  /** From now on TypeScript code has it: what comes of it passes to there, and errors are told there. */
  want(): void {
    this.#isWanted = true;
  }

  override setName(name: string): void {
    super.setName(name);
    if (#bridge in this) this.#bridge.python.rename(this.#number, String(name)); // Else it is being made.
  }

  /** Python gave it another name. */
  named(name: string): void {
    super.setName(name);
  }

  /** It will never be done. */
  dropped(): void {
    this.drop();
  }

  /** Where it waits: as lines of a stack trace, innermost first. */
  suspendedAt(): readonly string[] {
    return this.#describe().stack;
  }

  protected override mayRun(): boolean {
    return this.#bridge.mayStep(this);
  }

  protected override runStep(): GuestStep<unknown> {
    return this.#bridge.step(this, this.#number);
  }

  protected override cancelInGuest(message: string | undefined): boolean {
    return this.#bridge.python.cancel(this.#number, message);
  }

  protected override waitsFor(): Future<unknown> {
    const on = this.#bridge.isBusy() ? 0 : this.#bridge.python.waitOf(this.#number);
    const known = on > 0 ? this.#bridge.task(on) : on < 0 ? this.#bridge.sleep(-on) : undefined;
    return known ?? (this.#wait ??= this.#makeWait());
  }

  /** How it ended. @param code - a `StepCode`. */
  outcome(code: number): GuestStep<unknown> {
    const { python, loop } = this.#bridge;
    const asked = this.#isWanted || isWatched(loop);
    const taken = asked && (this.#isWanted || code !== StepCode.error) ? python.take(this.#number) : undefined;
    if (code === StepCode.cancelled) return { then: "cancelled", message: messageOf(taken) };
    if (code === StepCode.result) return { then: "result", value: taken };
    if (this.#isWanted) return { then: "error", error: taken, told: false };
    const [type = "", message = ""] = asked ? (JSON.parse(python.describeError(this.#number)) as string[]) : [];
    return { then: "error", error: PythonError.of(type || "Exception", message, ""), told: true }; // Python tells of it.
  }

  #makeWait(): GuestWait {
    return new GuestWait(this.#bridge.loop, {
      words: () => this.#describe().on,
      tasks: () => this.#describe().tasks.flatMap((number) => this.#bridge.task(number) ?? []),
    });
  }

  #describe(): WaitDescription {
    if (this.#bridge.isBusy()) return UNKNOWN;
    return JSON.parse(this.#bridge.python.describeWait(this.#number)) as WaitDescription;
  }
}

function messageOf(message: unknown): string | undefined {
  return typeof message === "string" ? message : undefined;
}
