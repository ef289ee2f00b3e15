/** The server under test: it answers lines in many manners, fails, is slow, and is cancelled at random. */
import type { Socket } from "node:net";
import { currentTask, ExceptionGroup, Queue, sleep, type Task, taskGroup, timeout } from "../../index.ts";
import { CancelledError, RuntimeError, TimeoutError } from "../../exceptions.ts";
import { LimitOverrunError } from "../stream-errors.ts";
import type { StreamReader } from "../stream-reader.ts";
import type { StreamWriter } from "../stream-writer.ts";
import { LOCALHOST } from "../testing/certificates.ts";
import { answerTo, farewell, Garbage, HEAD, restOf, SORRY } from "./dialogue.ts";
import { Random } from "./random.ts";

/** The limit of the server's readers: so small that they pause often. */
export const LIMIT = 4096;
/** How long a client may say nothing, in seconds. */
const GREETING = 0.3;
/** How much may be in a writer's buffer when it was drained. */
const HIGH_WATER = 65_536;

/** How a conversation ended, for the server. */
export type Outcome = "running" | "served" | "served early" | "cancelled" | "raised" | "timeout" | "garbage" | "lost";

/** One conversation, as the server sees it. */
export interface Session {
  /** The number that the client told. */
  client: number | null;
  outcome: Outcome;
  /** Whole lines that came. */
  lines: number;
  /** Bytes that were written before the connection was closed, apologies not counted. */
  written: number;
  /** Nothing more is to be said. */
  isOver: boolean;
  error: unknown;
}

/** What the server means to throw. */
export class PlannedFailure extends Error {}

type Manner = "iterate" | "readline" | "readuntil" | "readexactly" | "read";
const MANNERS: readonly Manner[] = ["iterate", "readline", "readuntil", "readexactly", "read"];

/** How one conversation is to go. */
interface Plan {
  readonly random: Random;
  readonly manner: Manner;
  /** One task reads, another one answers. */
  readonly isPiped: boolean;
  /** How often it pauses before an answer. */
  readonly pauses: number;
  readonly fate: "serve" | "serve early" | "raise" | "time out";
  /** Its fate comes after so many lines. */
  readonly after: number;
  /** When it is cancelled, it takes its time, and apologises. */
  readonly apologises: boolean;
}

export class Service {
  readonly sessions: Session[] = [];
  /** What must not be. */
  readonly problems: string[] = [];
  /** The loop ends while there are conversations. */
  isAbandoned = false;
  readonly #seed: number;
  readonly #running = new Set<Task<unknown>>();

  constructor(seed: number) {
    this.#seed = seed;
  }

  /** For `startServer`. */
  readonly handler = async (reader: StreamReader, writer: StreamWriter): Promise<void> => {
    const task = currentTask() as Task<unknown>;
    this.#running.add(task);
    const session: Session = { client: null, outcome: "running", lines: 0, written: 0, isOver: false, error: null };
    this.sessions.push(session);
    let plan: Plan | null = null;
    try {
      plan = await this.#greet(reader, writer, session);
      if (plan.fate === "time out")
        await timeout(plan.random.between(5, 100) / 1000, this.#talk(reader, writer, plan, session));
      else await this.#talk(reader, writer, plan, session)();
    } catch (thrown) {
      session.error = first(thrown);
      session.outcome = this.#outcomeOf(session.error);
      if (session.outcome === "cancelled" && plan?.apologises === true) {
        await sleep(plan.random.between(0, 10) / 1000);
        if (!session.isOver && !writer.isClosing()) writer.write(SORRY);
      }
      if (session.outcome === "cancelled" || session.outcome === "raised") throw session.error;
    } finally {
      this.#running.delete(task);
    }
  };

  /** Cancels a conversation now and then, until it is cancelled itself. */
  async cancelAtRandom(meanPause: number): Promise<never> {
    const random = new Random(this.#seed, "cancel");
    for (;;) {
      await sleep((random.between(1, 200) / 100) * meanPause);
      if (this.#running.size > 0) random.pick([...this.#running]).cancel();
    }
  }

  /** Reads the client's number, and goes on with TLS where it wants that. */
  async #greet(reader: StreamReader, writer: StreamWriter, session: Session): Promise<Plan> {
    const hello = String(await timeout(GREETING, () => reader.readline()));
    const [, number, tls] = /^hello (\d+)( tls)?\n$/.exec(hello) ?? [];
    if (number === undefined) throw new Garbage(JSON.stringify(hello));
    session.client = Number(number);
    if (tls !== undefined) {
      writer.write("go\n");
      await writer.startTls(LOCALHOST, { sslHandshakeTimeout: 1 });
    }
    const random = new Random(this.#seed, "server", session.client);
    return {
      random,
      manner: random.pick(MANNERS),
      isPiped: random.chance(0.2),
      pauses: random.pick([0, 0.2, 0.6]),
      fate: random.pick(["serve", "serve", "serve", "serve", "serve early", "serve early", "raise", "time out"]),
      after: random.between(0, 12),
      apologises: random.chance(0.4),
    };
  }

  #talk(reader: StreamReader, writer: StreamWriter, plan: Plan, session: Session): () => Promise<void> {
    return async () => {
      const lines = linesOf(reader, plan);
      if (plan.isPiped) await this.#pipe(lines, writer, plan, session);
      else for await (const line of lines) await this.#answer(line, writer, plan, session);
      const isEarly = plan.fate === "serve early" && session.lines > plan.after && writer.canWriteEof();
      // TLS has closed both directions.
      if (!isEarly && writer.canWriteEof()) {
        this.#say(farewell(session.lines), writer, session);
        if (plan.random.chance(0.5)) writer.writeEof();
        session.isOver = true;
        await writer.drain();
      }
      session.outcome = isEarly ? "served early" : "served";
    };
  }

  async #pipe(lines: AsyncIterable<Buffer>, writer: StreamWriter, plan: Plan, session: Session): Promise<void> {
    const queue = new Queue<Buffer | null>(3);
    await taskGroup(async (group) => {
      group.createTask(async () => {
        for await (const line of lines) await queue.put(line);
        await queue.put(null);
      });
      for (let line = await queue.get(); line !== null; line = await queue.get()) {
        await this.#answer(line, writer, plan, session);
      }
    });
  }

  async #answer(line: Buffer, writer: StreamWriter, plan: Plan, session: Session): Promise<void> {
    const { random, fate, after } = plan;
    const nth = session.lines++;
    if (fate === "raise" && nth === after) throw new PlannedFailure(`planned for line ${nth}`);
    if (random.chance(plan.pauses)) await sleep(random.between(0, 8) / 1000);
    if (fate === "serve early" && nth >= after && writer.canWriteEof()) {
      // Says no more, and hears the client out.
      session.isOver = true;
      if (nth > after) return;
      writer.writeEof();
      // Both halves may be over now, for Node, while there is much to read.
      await sleep(random.between(0, 10) / 1000);
      return;
    }
    this.#say(answerTo(nth, line), writer, session, random.chance(0.3));
    // Often enough for the buffer to be full now and then.
    if (!random.chance(0.8)) return;
    await writer.drain();
    const socket = writer.getExtraInfo("socket") as Socket;
    if (!session.isOver && !socket.writable && !writer.isClosing()) {
      this.problems.push(`drain() tells nothing of a connection that is broken: ${String(socket.errored)}`);
    }
    const size = writer.transport.getWriteBufferSize();
    if (size > HIGH_WATER) this.problems.push(`${size} bytes are in the buffer after drain()`);
  }

  #say(data: Buffer, writer: StreamWriter, session: Session, inParts = false): void {
    if (!writer.isClosing()) session.written += data.length;
    if (inParts) writer.writelines([data.subarray(0, 3), data.subarray(3)]);
    else writer.write(data);
  }

  #outcomeOf(error: unknown): Outcome {
    if (error instanceof CancelledError) return "cancelled";
    if (error instanceof PlannedFailure) return "raised";
    if (error instanceof TimeoutError) return "timeout";
    if (error instanceof Garbage || error instanceof LimitOverrunError || error instanceof RangeError) return "garbage";
    const code = String((error as { readonly code?: unknown } | null)?.code);
    if (/^(ECONNRESET|EPIPE|ECONNABORTED|ERR_SSL_.*)$/.test(code)) return "lost";
    // What runs on when the loop is closed finds none.
    if (!(this.isAbandoned && error instanceof RuntimeError))
      this.problems.push(`a handler got ${String(error)} (${code})`);
    return "lost";
  }
}

/** Whole lines, until the end; what stands there without an end is dropped. */
async function* linesOf(reader: StreamReader, { manner, random }: Plan): AsyncGenerator<Buffer, void, undefined> {
  if (manner === "read") {
    let rest: Buffer = Buffer.alloc(0);
    for (;;) {
      const data = await reader.read(random.between(1, 2 * LIMIT));
      if (data.length === 0) return;
      rest = Buffer.concat([rest, data]);
      for (let end = rest.indexOf(10); end >= 0; end = rest.indexOf(10)) {
        yield rest.subarray(0, end + 1);
        rest = rest.subarray(end + 1);
      }
      if (rest.length > 2 * LIMIT) throw new Garbage(`${rest.length} bytes without an end`);
    }
  }
  if (manner === "iterate") {
    for await (const line of reader) if (line.at(-1) === 10) yield line;
    return;
  }
  for (;;) {
    try {
      const line = await readLine(reader, manner);
      if (line.at(-1) !== 10) return;
      yield line;
    } catch (thrown) {
      if ((thrown as Error).name === "IncompleteReadError") return;
      throw thrown;
    }
  }
}

async function readLine(reader: StreamReader, manner: "readline" | "readuntil" | "readexactly"): Promise<Buffer> {
  if (manner === "readline") return await reader.readline();
  if (manner === "readuntil") return await reader.readuntil(["\0\0", "\n"]);
  const head = await reader.readexactly(HEAD);
  return Buffer.concat([head, await reader.readexactly(restOf(head))]);
}

/** What failed first: both tasks of a pipe may fail. */
function first(thrown: unknown): unknown {
  return thrown instanceof ExceptionGroup ? first(thrown.errors[0]) : thrown;
}
