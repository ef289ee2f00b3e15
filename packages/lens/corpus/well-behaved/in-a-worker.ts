// A worker blocks its own thread only.
import { Worker } from "node:worker_threads";

const worker = new Worker(
  "const until = Date.now() + 400; while (Date.now() < until); require('node:worker_threads').parentPort.postMessage('done');",
  { eval: true },
);
worker.on("message", (message) => console.log(message));
