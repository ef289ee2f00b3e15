/** `Lines`: where the user's code is when a step ends or a task is made, each place once. */
import { captureStack, filePath, nameInTrace, ownerOf, type RawFrame } from "../blame/stack.ts";
import type { StepEnd } from "../trace.ts";
import { ForeignAwaits } from "./foreign-awaits.ts";
import type { Strings } from "./strings.ts";

/** So many frames are looked at: Turnwise's own and libraries' come first. */
const DEPTH = 32;
/** The same, where the user's code has called nothing but perhaps something built in. */
const SHALLOW = 8;

const captureStackTrace = Error.captureStackTrace.bind(Error);

/** Places are lines of stack traces, "at name (file:line:column)", in `strings`. */
export class Lines {
  readonly #strings: Strings;
  /** By file, by the position in it: the engine knows the position at once, and has to count for line and column. */
  readonly #numbers = new Map<string, Map<number, number>>();
  readonly #isUsers = new Map<string, boolean>();
  /** Where the tasks were made that are not done. */
  readonly #madeAt = new Map<number, number>();
  readonly #foreign: ForeignAwaits;

  /** @param whose - the task whose code runs. */
  constructor(strings: Strings, whose: () => number | null) {
    this.#strings = strings;
    this.#foreign = new ForeignAwaits(() => this.#here(SHALLOW), whose);
  }

  stepBegan(task: number): void {
    this.#foreign.stepBegan(task);
  }

  stepEnded(why: StepEnd): void {
    this.#foreign.stepEnded(why === "foreign");
  }

  /** The number of the line where the code that runs gives up the thread; 0 if that is not known. */
  awaitOf(why: StepEnd): number {
    if (why === "done") return 0;
    return (why === "foreign" ? 0 : this.#here(DEPTH)) || this.#foreign.place;
  }

  stop(): void {
    this.#foreign.stop();
  }

  /**
   * The number of the user's innermost line; 0 if there is none. In a `then` that the engine calls it is the `await`:
   * the engine knows which functions await it.
   */
  #here(depth: number): number {
    const { stackTraceLimit } = Error;
    const format = Object.getOwnPropertyDescriptor(Error, "prepareStackTrace");
    const holder: { stack?: unknown } = {};
    let sites: readonly NodeJS.CallSite[];
    try {
      Error.stackTraceLimit = depth;
      Error.prepareStackTrace = asTheyAre;
      captureStackTrace(holder);
      sites = (holder.stack ?? []) as NodeJS.CallSite[];
    } catch {
      return 0; // The program has frozen `Error`.
    } finally {
      if (format === undefined) Reflect.deleteProperty(Error, "prepareStackTrace");
      else Reflect.defineProperty(Error, "prepareStackTrace", format);
      Reflect.set(Error, "stackTraceLimit", stackTraceLimit);
    }
    for (const site of sites) {
      const file = site.getFileName();
      if (!file) continue;
      if (file.startsWith("wasm:")) return this.#inGuest();
      if (this.#isUser(file)) return this.#numberOf(file, site);
    }
    return 0;
  }

  /** The number of a place that another has found: a line of a stack trace; 0 for none. */
  number(line: string | undefined): number {
    return line === undefined ? 0 : this.#strings.number(line.trim());
  }

  /** Notes where a task is made. */
  noteMade(task: number): void {
    this.#madeAt.set(task, this.#here(DEPTH));
  }

  /** Where it was made; 0 if that is not known. */
  madeAt(task: number): number {
    return this.#madeAt.get(task) ?? 0;
  }

  /** The task is done, and needs no place any more. */
  forget(task: number): void {
    this.#madeAt.delete(task);
  }

  /** An interpreter runs: what it interprets may be the user's. */
  #inGuest(): number {
    const frame = usersFrame();
    return this.number(frame && `at ${frame.name} (${frame.file}:${frame.line}:${frame.column})`);
  }

  #isUser(file: string): boolean {
    let isUser = this.#isUsers.get(file);
    if (isUser === undefined) this.#isUsers.set(file, (isUser = ownerOf(filePath(file)) === "user"));
    return isUser;
  }

  #numberOf(file: string, site: NodeJS.CallSite): number {
    let positions = this.#numbers.get(file);
    if (positions === undefined) this.#numbers.set(file, (positions = new Map()));
    const position = site.getPosition();
    let number = positions.get(position);
    if (number === undefined) {
      const place = `${file}:${site.getLineNumber() ?? 0}:${site.getColumnNumber() ?? 0}`;
      number = this.number(`at ${nameInTrace(String(site))} (${place})`);
      positions.set(position, number);
    }
    return number;
  }
}

/** With what interpreters run. */
function usersFrame(): RawFrame | undefined {
  return captureStack(usersFrame, 0).find(({ file }) => ownerOf(file) === "user");
}

function asTheyAre(_error: Error, sites: NodeJS.CallSite[]): unknown {
  return sites;
}
