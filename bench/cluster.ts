/** The rows about clusters: the same calls through `@turnwise/cluster`, and through BullMQ used directly. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { type AddressInfo, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { ClusterExecutor } from "@turnwise/cluster";
import { Queue, QueueEvents } from "bullmq";
import * as asyncio from "turnwise/node";
import type * as work from "./cluster-work.ts";
import { median } from "./median.ts";
import { repeat } from "./repeat.ts";
import { joinPromises, sumOfCalls } from "./calls.ts";
import type { ClusterRowName, LibraryName, Row, RowName } from "./row.ts";

interface Load {
  /** Processes that work. */
  readonly workers: number;
  /** So many calls are out at a time. */
  readonly atOnce: number;
}

const LOADS: Readonly<Record<ClusterRowName, Load>> = {
  "cluster-call": { workers: 1, atOnce: 1 },
  "cluster-1": { workers: 1, atOnce: 100 },
  "cluster-2": { workers: 2, atOnce: 100 },
  "cluster-4": { workers: 4, atOnce: 100 },
};
const WARM_UPS = 3;
const RUNS = 7;
const BUDGET_MS = 4_000;
const WORKER = fileURLToPath(new URL("./cluster-worker.ts", import.meta.url));

/** Whether {@link measureCluster} measures it. */
export function isClusterRow(name: RowName): name is ClusterRowName {
  return Object.hasOwn(LOADS, name);
}

/** Starts Redis and workers, takes the time of a call in ns, and ends them. */
export async function measureCluster(library: LibraryName, row: Row, name: ClusterRowName): Promise<number> {
  const { workers, atOnce } = LOADS[name];
  const folder = mkdtempSync(join(tmpdir(), "turnwise-bench-"));
  const port = await freePort();
  const processes: ChildProcess[] = [];
  try {
    const settings = ["--port", String(port), "--save", "", "--dir", folder];
    processes.push(await started("redis-server", settings, "Ready to accept connections"));
    for (let i = 0; i < workers; i++) {
      processes.push(await started(process.execPath, [WORKER, library, String(port)], "up"));
    }
    const once = async (run: (count: number, atOnce: number) => Promise<number>): Promise<number> => {
      const start = performance.now();
      const result = await run(row.operations, atOnce);
      const took = performance.now() - start;
      if (result !== row.expected(row.operations)) throw new Error(`the calls gave ${result}`);
      return (took * 1e6) / row.operations;
    };
    const measure = async (run: (count: number, atOnce: number) => Promise<number>): Promise<number> => {
      await repeat(() => once(run), WARM_UPS, BUDGET_MS);
      return median(await repeat(() => once(run), RUNS, BUDGET_MS));
    };
    return await (library === "turnwise" ? withTurnwise(port, measure) : withBullmq(port, measure));
  } finally {
    for (const child of processes) child.kill("SIGKILL");
    rmSync(folder, { recursive: true, force: true });
  }
}

type Measure = (run: (count: number, atOnce: number) => Promise<number>) => Promise<number>;

function withTurnwise(port: number, measure: Measure): Promise<number> {
  const { add } = asyncio.functionsOf<typeof work>(new URL("./cluster-work.ts", import.meta.url));
  return asyncio.run(async () => {
    await using cluster = new ClusterExecutor({ connection: { host: "127.0.0.1", port } });
    return await measure((count, atOnce) =>
      sumOfCalls(count, atOnce, (i) => cluster.submit(add, [i, 1]), asyncio.gather),
    );
  });
}

async function withBullmq(port: number, measure: Measure): Promise<number> {
  const connection = { host: "127.0.0.1", port };
  const queue = new Queue<{ a: number; b: number }, number>("bench", { connection });
  const events = new QueueEvents("bench", { connection });
  queue.on("error", () => {}).setMaxListeners(0); // Each call that is waited for listens to its end.
  events.on("error", () => {}).setMaxListeners(0);
  await events.waitUntilReady();
  // It listens only to what happens once its first read is under way, and does not say when that is.
  await delay(300);
  return await measure((count, atOnce) =>
    sumOfCalls(
      count,
      atOnce,
      async (i) => {
        // As in Turnwise. It could not keep none: `waitUntilFinished` has to find the job, even if it is done by then.
        const job = await queue.add("add", { a: i, b: 1 }, { removeOnComplete: { age: 3600 } });
        return await job.waitUntilFinished(events);
      },
      joinPromises,
    ),
  );
}

/** Starts a process, and waits until it says that it is up. */
async function started(command: string, args: readonly string[], word: string): Promise<ChildProcess> {
  const child = spawn(command, args, { stdio: ["ignore", "pipe", "inherit"] });
  await new Promise<void>((resolve, reject) => {
    child.once("error", () => reject(new Error(`there is no ${command} on this machine`)));
    child.once("exit", (code) => reject(new Error(`${command} ended with ${String(code)}`)));
    child.stdout.on("data", (text: Buffer) => {
      if (text.includes(word)) resolve();
    });
  });
  return child;
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return port;
}
