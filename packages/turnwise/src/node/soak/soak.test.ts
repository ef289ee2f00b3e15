/**
 * Servers and clients among peers that stall, reset, lie and vanish, while tasks are cancelled at random: what was
 * acknowledged is right, and nothing is left. `TURNWISE_SOAK_SEED` and `TURNWISE_SOAK_CLIENTS` run others.
 */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { TimeoutError } from "../../exceptions.ts";
import {
  allTasks,
  createTask,
  currentTask,
  EventLoop,
  getRunningLoop,
  run,
  sleep,
  type Task,
  timeout,
  wait,
} from "../../index.ts";
import { openOn } from "../resources.ts";
import type { Server } from "../servers.ts";
import { IncompleteReadError, LimitOverrunError } from "../stream-errors.ts";
import { startServer, startUnixServer } from "../streams.ts";
import { LOCALHOST } from "../testing/certificates.ts";
import { type Report, release } from "./clients.ts";
import { call } from "./callers.ts";
import { Garbage } from "./dialogue.ts";
import { HostileServer } from "./hostile-server.ts";
import { leavesNothing } from "./leftovers.ts";
import { Random } from "./random.ts";
import { LIMIT, PlannedFailure, Service, type Session } from "./service.ts";
import type { Way } from "./wire.ts";

const SEED = Number(process.env["TURNWISE_SOAK_SEED"] ?? 1);
const CLIENTS = Number(process.env["TURNWISE_SOAK_CLIENTS"] ?? 200);
const SOME = Math.ceil(CLIENTS / 4);

const OUTCOMES = ["served", "served early", "cancelled", "raised", "timeout", "garbage", "lost"] as const;

/** asyncio's warning for who writes to a connection that is lost. */
const LOST_WRITES = "socket.send() raised exception.";

/** What may be said of tasks whose loop is over: also of those that begin while `run` cancels the others. */
const ABANDONED: readonly string[] = [
  "Task was destroyed but it is pending!",
  "Task exception was never retrieved",
  "unhandled exception during asyncio.run() shutdown",
];

/** Three servers with the same service, and what they report. */
interface Arena {
  readonly service: Service;
  readonly servers: readonly Server[];
  readonly ways: readonly Way[];
  /** What must not be. */
  readonly problems: string[];
}

async function openArena(folder: string): Promise<Arena> {
  const service = new Service(SEED);
  getRunningLoop().setExceptionHandler((_loop, { message, exception }) => {
    const isPlanned = message === "Unhandled exception in client_connected_cb" && exception instanceof PlannedFailure;
    if (isPlanned || message === LOST_WRITES) return;
    if (service.isAbandoned && ABANDONED.includes(message)) return;
    service.problems.push(`reported: ${message}: ${String(exception)}`);
  });
  const { handler } = service;
  const path = join(folder, "soak.sock");
  const tcp = await startServer(handler, { host: "127.0.0.1", port: 0, limit: LIMIT });
  const tls = await startServer(handler, { host: "127.0.0.1", port: 0, ssl: LOCALHOST, sslHandshakeTimeout: 0.5 });
  const unix = await startUnixServer(handler, path, { limit: LIMIT });
  const port = tcp.sockets[0]?.port as number;
  const ways: Way[] = [
    { kind: "tcp", port },
    { kind: "tcp", port },
    { kind: "unix", path },
    { kind: "tls", port: tls.sockets[0]?.port as number },
    { kind: "starttls", port },
  ];
  return { service, servers: [tcp, tls, unix], ways, problems: service.problems };
}

/** Gives `body` a folder for a Unix socket; nothing may be left of what it does. */
async function soak(body: (folder: string) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "turnwise-soak-"));
  try {
    await leavesNothing(() => body(folder));
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** Waits until nothing is open on the loop, and no other task runs. @throws what is left. */
async function allOver(): Promise<void> {
  const resources = openOn(getRunningLoop());
  try {
    await timeout(10, async () => {
      while (resources.size > 0 || allTasks().size > 1) await sleep(0.005);
    });
  } catch {
    const tasks = [...allTasks()].filter((task) => task !== currentTask());
    throw new Error(`left on the loop: ${[...resources, ...tasks].map(String).join(", ")}`);
  }
}

/** What is wrong with what one client got; `isComplete`: nobody has closed the server. */
function check(
  { client, behaviour, way, isPolite, wire }: Report,
  sessions: Map<number | null, Session>,
  isComplete: boolean,
): string[] {
  const session = sessions.get(client);
  const problems = [wire.problem, wire.answers.problem].filter((problem) => problem !== null);
  if (isPolite && isComplete) problems.push(...checkPolite(behaviour, wire, session));
  return problems.map((problem) => {
    const end = session === undefined ? "unknown" : `${session.outcome} ${String(session.error ?? "")}`;
    return `client ${client}, ${behaviour} over ${way} (for the server: ${end}): ${problem}`;
  });
}

function checkPolite(behaviour: string, { answers, error, hasEnded }: Report["wire"], session?: Session): string[] {
  // It was cancelled before it told its number.
  if (session === undefined) return answers.bytes === 0 ? [] : ["there are answers, but no conversation"];
  const got = `${answers.bytes} of ${session.written} bytes`;
  if (session.outcome === "served" || session.outcome === "served early") {
    if (error !== null || !hasEnded) return [`it ended with ${String(error)}`];
    if (session.lines !== answers.asked) return [`${session.lines} of ${answers.asked} lines came`];
    if (session.outcome === "served" && !answers.isComplete()) return [`an answer is missing: ${got}`];
    return answers.bytes === session.written ? [] : [got];
  }
  if (session.outcome === "garbage" || session.outcome === "lost") return ["the server has an error"];
  // Where the client waits for each answer, there is nothing unread for which the system resets the connection.
  return behaviour !== "patient" || answers.bytes >= session.written ? [] : [got];
}

function checkAll(reports: readonly Report[], { service, problems }: Arena, isComplete = false): string[] {
  const sessions = new Map(service.sessions.map((session) => [session.client, session]));
  const wrong = reports.flatMap((report) => check(report, sessions, isComplete));
  return [...wrong, ...problems].map((problem) => `seed ${SEED}: ${problem}`);
}

describe(`with seed ${SEED}`, () => {
  test(`${CLIENTS} clients get what is right, and leave nothing`, () =>
    soak((folder) =>
      run(async () => {
        const arena = await openArena(folder);
        const clients = release(SEED, CLIENTS, arena.ways, 10 * CLIENTS);
        const canceller = createTask(() => arena.service.cancelAtRandom(4 / CLIENTS));
        const reports = await clients;
        canceller.cancel();
        for (const server of arena.servers) await timeout(10, () => server[Symbol.asyncDispose]());
        await allOver();
        expect(checkAll(reports, arena, true)).toEqual([]);
        // Otherwise it was too easy.
        const outcomes = new Set(arena.service.sessions.map(({ outcome }) => outcome));
        if (CLIENTS >= 200) expect([...OUTCOMES].filter((outcome) => !outcomes.has(outcome))).toEqual([]);
      }),
    ));

  test.each<[what: string, end: (server: Server) => Promise<void> | void]>([
    ["closed", (server) => server.close()],
    ["closed, with its connections", (server) => (server.close(), server.closeClients())],
    ["closed, its connections dropped", (server) => (server.close(), server.abortClients())],
    ["disposed", (server) => server[Symbol.asyncDispose]()],
  ])("a server that is %s amid them leaves nothing", (_, end) =>
    soak((folder) =>
      run(async () => {
        const arena = await openArena(folder);
        const clients = release(SEED, SOME, arena.ways, 300);
        await sleep(0.2);
        await timeout(10, async () => {
          await Promise.all(arena.servers.map(async (server) => end(server)));
          await Promise.all(arena.servers.map((server) => server.waitClosed()));
        });
        await allOver();
        expect(checkAll(await clients, arena)).toEqual([]);
      }),
    ),
  );

  test("a program that ends amid them leaves nothing", () =>
    soak(async (folder) => {
      const [arena, clients] = await run(async (): Promise<[Arena, Promise<Report[]>]> => {
        const arena = await openArena(folder);
        const clients = release(SEED, SOME, arena.ways, 300);
        await sleep(0.2);
        arena.service.isAbandoned = true;
        return [arena, clients];
      });
      expect(checkAll(await clients, arena)).toEqual([]);
    }));

  test("a loop that is closed amid them leaves nothing", () =>
    soak(async (folder) => {
      const loop = new EventLoop();
      const [arena, clients] = await loop.runUntilComplete(async (): Promise<[Arena, Promise<Report[]>]> => {
        const arena = await openArena(folder);
        const clients = release(SEED, SOME, arena.ways, 300);
        await sleep(0.2);
        arena.service.isAbandoned = true;
        return [arena, clients];
      });
      arena.service.isAbandoned = true;
      loop.close();
      expect(checkAll(await clients, arena)).toEqual([]);
    }));

  test(`${CLIENTS} clients of ours get what is right of servers that are no friends, or an error`, () =>
    soak(() =>
      run(async () => {
        const problems: string[] = [];
        getRunningLoop().setExceptionHandler((_loop, { message, exception, about }) => {
          if (message === LOST_WRITES) return;
          problems.push(`seed ${SEED}: reported: ${message}: ${String(exception)} ${about ?? ""}`);
        });
        const [plain, secure] = [new HostileServer(SEED, false), new HostileServer(SEED, true)];
        const targets = [
          { port: await plain.listen(), tls: false },
          { port: await secure.listen(), tls: true },
        ];
        const calls = Array.from({ length: CLIENTS }, (_, caller) => createTask(() => call(SEED, caller, targets)));
        const random = new Random(SEED, "cancel calls");
        const cancelled = new Set<Task<void>>();
        await timeout(10, async () => {
          for (let left = CLIENTS / 5; left > 0; left--) {
            await sleep(random.between(0, 15_000) / 1000 / CLIENTS);
            const task = random.pick(calls);
            if (task.cancel()) cancelled.add(task);
          }
          await wait(calls);
        });
        await allOver();
        for (const [caller, task] of calls.entries()) {
          const problem = checkCall(task, cancelled.has(task));
          if (problem !== null) problems.push(`seed ${SEED}: caller ${caller}: ${problem}`);
        }
        plain.close();
        secure.close();
        expect(problems).toEqual([]);
        expect(calls.some((task) => !task.cancelled() && task.exception() === null)).toBe(true);
      }),
    ));
});

/** What a call may not end with. */
function checkCall(task: Task<void>, wasCancelled: boolean): string | null {
  if (wasCancelled) return task.cancelled() ? null : `it was cancelled, and ended with ${String(task.exception())}`;
  const error = task.exception();
  if (error === null || error instanceof Garbage || error instanceof TimeoutError) return null;
  if (error instanceof IncompleteReadError || error instanceof LimitOverrunError) return null;
  const { code = "no code", message } = error as NodeJS.ErrnoException;
  if (/^(ECONNRESET|EPIPE|ECONNABORTED|ERR_SSL_.*|UNABLE_TO_.*|ERR_TLS_.*)$/.test(code)) return null;
  return `${(error as Error).name} ${message} (${code})`;
}
