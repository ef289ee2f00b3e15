/** A server of `servers/`, in a process of its own. */
import { type ChildProcessByStdio, spawn } from "node:child_process";
import { createInterface } from "node:readline";
import type { Readable, Writable } from "node:stream";
import { fileURLToPath } from "node:url";
import { PYTHON } from "./machine.ts";
import type { LibraryName } from "./row.ts";
import type { Question } from "./servers/control.ts";

/** How a connection is served: by a task with a reader and a writer, or by a protocol's methods. Native has one way. */
export type Style = "streams" | "protocol";

/** See the file's head. */
export class ServerProcess implements Disposable {
  readonly library: LibraryName;
  /** Where it listens, on 127.0.0.1. */
  readonly port: number;
  readonly #process: ChildProcessByStdio<Writable, Readable, null>;
  readonly #answers: AsyncIterator<string>;

  private constructor(
    library: LibraryName,
    process: ChildProcessByStdio<Writable, Readable, null>,
    answers: AsyncIterator<string>,
    port: number,
  ) {
    this.library = library;
    this.#process = process;
    this.#answers = answers;
    this.port = port;
  }

  /** @param flags - for Node, where it's Node that serves. */
  static async start(library: LibraryName, style: Style, flags: readonly string[]): Promise<ServerProcess> {
    const file = fileURLToPath(new URL(`servers/${FILES[library]}`, import.meta.url));
    const [command, args] =
      library === "asyncio"
        ? [PYTHON, ["-I", file, style]]
        : [process.execPath, [...flags, "--expose-gc", file, style]];
    const child = spawn(command, args, { stdio: ["pipe", "pipe", "inherit"] });
    const answers = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
    return new ServerProcess(library, child, answers, await next(answers));
  }

  /** Asks a number of it. */
  async ask(question: Question): Promise<number> {
    this.#process.stdin.write(`${question}\n`);
    return await next(this.#answers);
  }

  [Symbol.dispose](): void {
    this.#process.kill("SIGKILL");
  }
}

const FILES: Readonly<Partial<Record<LibraryName, string>>> = {
  turnwise: "turnwise.ts",
  native: "native.ts",
  asyncio: "cpython.py",
};

async function next(answers: AsyncIterator<string>): Promise<number> {
  const { done, value } = await answers.next();
  if (done === true) throw new Error("the server has ended");
  return Number(value);
}
