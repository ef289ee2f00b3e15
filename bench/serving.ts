/** The rows about servers. The server is another process; the process that measures is its client. */
import { exchange, openAll, openAndClose } from "./client.ts";
import { median } from "./median.ts";
import { repeat } from "./repeat.ts";
import type { LibraryName, Row, RowName, ServerRowName } from "./row.ts";
import { type Style, ServerProcess } from "./server-process.ts";

/** How the figure of a row is taken of a server. */
type Taken = (server: ServerProcess, row: Row) => Promise<number>;

const CONNECTIONS = 3;
const AT_ONCE = 16;
/** So many windows of messages does V8 take to compile a server's code for good. CPython has nothing to wait for. */
const WARM_UPS = 10;
const WINDOWS = 5;
/** No further window is begun after so long. */
const BUDGET_MS = 5_000;
/** Enough that what is made once is there before the first look at memory. */
const WARM_UP_CONNECTIONS = 200;
/**
 * How large the young generation grows says how fast the connections came, not what they hold: but for this it would be
 * a third of the figure.
 */
const SMALL_YOUNG_GENERATION = "--max-semi-space-size=1";
/** Files that a process has open besides its connections. */
const OTHER_FILES = 100;

const SERVING: Readonly<Record<ServerRowName, readonly [Style, Taken]>> = {
  "echo-1k": ["streams", echo(1, computed)],
  "echo-1k-time": ["streams", echo(1, async () => performance.now() * 1000)],
  "echo-1k-protocol": ["protocol", echo(1, computed)],
  "echo-10k": ["streams", echo(10, computed)],
  "echo-10k-protocol": ["protocol", echo(10, computed)],
  "echo-100k": ["streams", echo(100, computed)],
  "echo-100k-protocol": ["protocol", echo(100, computed)],
  connections: ["streams", takeConnections],
  "connections-protocol": ["protocol", takeConnections],
  idle: ["streams", takeIdle],
  "idle-protocol": ["protocol", takeIdle],
};

/** Whether {@link measureServer} measures it. */
export function isServerRow(name: RowName): name is ServerRowName {
  return Object.hasOwn(SERVING, name);
}

/** Starts a server, takes its figure, and ends it. */
export async function measureServer(library: LibraryName, row: Row, name: ServerRowName): Promise<number> {
  const [style, take] = SERVING[name];
  using server = await ServerProcess.start(library, style, row.unit === "bytes" ? [SMALL_YOUNG_GENERATION] : []);
  return await take(server, row);
}

/** What a clock shows, in µs. */
type Clock = (server: ServerProcess) => Promise<number>;

function computed(server: ServerProcess): Promise<number> {
  return server.ask("cpu");
}

function echo(kibibytes: number, clock: Clock): Taken {
  return async (server, row) => {
    const connections = await openAll(server.port, messageOf(kibibytes * 1024), CONNECTIONS);
    return await timeOf(server, row, clock, (count) => exchange(connections, count));
  };
}

async function takeConnections(server: ServerProcess, row: Row): Promise<number> {
  return await timeOf(server, row, computed, (count) => openAndClose(server.port, count, AT_ONCE));
}

/** What one operation takes on the clock, in ns. */
async function timeOf(
  server: ServerProcess,
  { operations, expected }: Row,
  clock: Clock,
  run: (count: number) => Promise<number>,
): Promise<number> {
  const once = async (): Promise<number> => {
    const start = await clock(server);
    const done = await run(operations);
    const end = await clock(server);
    if (done !== expected(operations)) throw new Error(`${done} of ${operations} were done`);
    return ((end - start) * 1000) / operations;
  };
  await repeat(once, server.library === "asyncio" ? 1 : WARM_UPS, Infinity);
  return median(await repeat(once, WINDOWS, BUDGET_MS));
}

/** What the server's memory grew by for each connection. Each was used once: nothing is left to be made later. */
async function takeIdle(server: ServerProcess, { operations }: Row): Promise<number> {
  const files = openFilesLimit();
  if (files < operations + WARM_UP_CONNECTIONS + OTHER_FILES) {
    throw new Error(`${operations} connections need as many open files, and ${files} are allowed: see ulimit -n`);
  }
  const message = messageOf(128);
  await openAll(server.port, message, WARM_UP_CONNECTIONS);
  const before = await server.ask("memory");
  await openAll(server.port, message, operations);
  const after = await server.ask("memory");
  return (after - before) / operations;
}

/** Node has raised it as far as the system lets it. */
function openFilesLimit(): number {
  const { userLimits } = process.report.getReport() as { userLimits?: { open_files?: { soft: number | string } } };
  const limit = userLimits?.open_files?.soft;
  return typeof limit === "number" ? limit : Infinity;
}

function messageOf(size: number): Uint8Array {
  return Uint8Array.from({ length: size }, (_, i) => i % 251);
}
