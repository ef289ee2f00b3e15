import * as asyncio from "turnwise";

/** Appends the line `${time} ${task name, or - in a plain callback} ${text}`. */
export type Log = (text: string) => void;

/** What the TypeScript half of a pair exports as its default. */
export type Program = (log: Log) => Promise<void>;

/** The same text for the same error in both halves (`describe` in python/conformance.py). */
export function describe(error: unknown): string {
  if (error === null || error === undefined) return "None";
  if (!(error instanceof Error)) return `not an Error: ${String(error)}`;
  if (error instanceof asyncio.ExceptionGroup) {
    const inner = error.errors.map((one: unknown) => describe(one)).join(", ");
    return `${error.name}: ${error.message} [${inner}]`;
  }
  return error.message === "" ? error.name : `${error.name}: ${error.message}`;
}

/** The same text for the same value in both halves (`show` in python/conformance.py). */
export function show(value: unknown): string {
  if (value === null || value === undefined) return "None";
  if (value === true) return "True";
  if (value === false) return "False";
  if (value instanceof Error) return describe(value);
  if (Array.isArray(value)) return `[${value.map(show).join(", ")}]`;
  return String(value);
}

/** What depends on when the garbage collector runs can't be compared. */
const COLLECTOR_MESSAGES = ["was never retrieved", "was destroyed but it is pending"];

/** The log of one run: the counterpart of `Book` in python/conformance.py. */
export class Book {
  readonly #lines: string[] = [];
  #open = true;
  #firstNumber = 0;
  #loop: asyncio.EventLoop | undefined;

  readonly log: Log = (text) => {
    if (!this.#open || this.#loop === undefined) return;
    const name = asyncio.currentTask()?.getName() ?? "-";
    this.#lines.push(`${this.#loop.time().toFixed(6)} ${name} ${text}`);
  };

  handleException(message: string, error: unknown): void {
    if (COLLECTOR_MESSAGES.some((part) => message.includes(part))) return;
    // What follows is the name of a function.
    const head = "Exception in callback";
    const text = message.startsWith(head) ? head : message;
    this.log(`handler: ${text}${error ? ` (${describe(error)})` : ""}`);
  }

  /** Called first thing in the main task; default names are counted from here. */
  begin(loop: asyncio.EventLoop, main: asyncio.Task<unknown>): void {
    this.#loop = loop;
    this.#firstNumber = Number(main.getName().replace("Task-", ""));
    main.setName("main");
  }

  close(ending: string): string[] {
    this.#open = false;
    this.#lines.push(ending);
    return this.#lines.map((line) =>
      line.replace(/\bTask-(\d+)\b/g, (_, number: string) => `Task-${Number(number) - this.#firstNumber}`),
    );
  }
}
