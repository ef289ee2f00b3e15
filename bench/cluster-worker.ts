/** A worker in a process of its own: `node cluster-worker.ts turnwise|native REDIS-PORT`. Says on stdout that it is up. */
import { startWorker } from "@turnwise/cluster";
import { Worker } from "bullmq";
import * as asyncio from "turnwise/node";
import { add } from "./cluster-work.ts";

/** So many calls at a time. */
const CONCURRENCY = 20;

const [library, port] = process.argv.slice(2);
const connection = { host: "127.0.0.1", port: Number(port) };

if (library === "turnwise") {
  await asyncio.run(async () => {
    const module = new URL("./cluster-work.ts", import.meta.url);
    await startWorker([module], { connection, concurrency: CONCURRENCY });
    process.stdout.write("up");
    await new asyncio.Event().wait();
  });
} else {
  const worker = new Worker<{ a: number; b: number }, number>("bench", async ({ data: { a, b } }) => add(a, b), {
    connection,
    concurrency: CONCURRENCY,
  });
  worker.on("error", () => {});
  await worker.waitUntilReady();
  process.stdout.write("up");
}
