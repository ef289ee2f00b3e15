/** What client and server say to each other: lines, and for each an answer that only who read it all can give. */
import { crc32 } from "node:zlib";
import type { Random } from "./random.ts";

/** How many bytes of a line tell its length: "00042:". */
export const HEAD = 6;
/** The longest line, with its head and its end. */
export const LONGEST = 3_000;
/** What a server says in place of an answer when it was cancelled. */
export const SORRY: Buffer = Buffer.from("sorry\n");
/** Bytes of an answer to a line that asks for a long one. */
const LONG = 30_000;

/** A line, which may ask for a long answer. */
export function randomLine(random: Random, long: boolean = random.chance(0.15)): Buffer {
  // All bytes but 0 and those that end lines.
  const pattern = Buffer.from(Array.from({ length: 7 }, () => random.between(14, 255)));
  const body = Buffer.alloc(random.between(1, random.chance(0.2) ? LONGEST - HEAD - 1 : 60), pattern);
  body[0] = (long ? "L" : "s").charCodeAt(0);
  return Buffer.concat([Buffer.from(`${String(body.length).padStart(HEAD - 1, "0")}:`), body, Buffer.from("\n")]);
}

/** How long the rest of a line is, with its end. @throws Garbage if that is no head. */
export function restOf(head: Buffer): number {
  const text = head.toString("latin1");
  if (!/^\d{5}:$/.test(text)) throw new Garbage(JSON.stringify(text));
  return Number.parseInt(text, 10) + 1;
}

/** The answer to the `nth` line of a connection. @throws Garbage if it is no line of ours. */
export function answerTo(nth: number, line: Buffer): Buffer {
  if (line.length !== HEAD + restOf(line.subarray(0, HEAD))) throw new Garbage(`a line of ${line.length} bytes`);
  const isLong = line[HEAD] === "L".charCodeAt(0);
  const text = `${nth} ${line.length} ${crc32(line)}`;
  return Buffer.from(`${isLong ? text.padEnd(LONG, String.fromCharCode(97 + (nth % 26))) : text}\n`);
}

/** What the server says at the end, to who can still read: how many lines came. */
export function farewell(lines: number): Buffer {
  return Buffer.from(`bye ${lines}\n`);
}

/** The other side does not keep to the dialogue. */
export class Garbage extends Error {}

/** What one side has asked, and whether what comes are the answers: in order, each once, byte by byte. */
export class Answers {
  /** Bytes that came. */
  bytes = 0;
  /** Lines that were asked. */
  asked = 0;
  /** What is wrong with what came. */
  problem: string | null = null;
  readonly #due: Buffer[] = [];
  #answered = 0;
  #offset = 0;
  #isOver = false;

  /** `line` is about to be sent. */
  ask(line: Buffer): void {
    if (!this.#isOver) this.#due.push(answerTo(this.asked, line));
    this.asked++;
  }

  /** No more will be asked, and the server is to say so. */
  end(): void {
    if (!this.#isOver) this.#due.push(farewell(this.asked));
  }

  /** Whether all that was asked is answered. */
  isComplete(): boolean {
    return this.#answered === this.#due.length;
  }

  receive(chunk: Buffer): void {
    this.bytes += chunk.length;
    for (let from = 0; from < chunk.length && this.problem === null;) {
      if (this.#offset === 0 && chunk[from] === SORRY[0] && !this.#isOver) this.#close();
      const due = this.#due[this.#answered];
      if (due === undefined) {
        this.problem = `${chunk.length - from} bytes more than were due: ${quote(chunk.subarray(from))}`;
        return;
      }
      const count = Math.min(due.length - this.#offset, chunk.length - from);
      const came = chunk.subarray(from, from + count);
      const expected = due.subarray(this.#offset, this.#offset + count);
      if (!came.equals(expected)) {
        this.problem = `answer ${this.#answered}, byte ${this.#offset}: ${quote(came)} in place of ${quote(expected)}`;
      }
      from += count;
      this.#offset += count;
      if (this.#offset === due.length) {
        this.#offset = 0;
        this.#answered++;
      }
    }
  }

  /** In place of the next answer comes an apology, and nothing more. */
  #close(): void {
    this.#isOver = true;
    this.#due.length = this.#answered;
    this.#due.push(SORRY);
  }
}

function quote(bytes: Buffer): string {
  return JSON.stringify(bytes.subarray(0, 40).toString("latin1"));
}
