/** A worker in a process of its own. Arguments: JSON of `{ connection, modules, ...WorkerOptions }`. */
import { addSignalHandler, Event, run } from "turnwise/node";
import { startWorker, type WorkerOptions } from "../worker.ts";

const { modules, ...options } = JSON.parse(process.argv[2] as string) as WorkerOptions & { modules: string[] };

await run(async () => {
  const worker = await startWorker(modules, { ...options, report: (line) => console.error(line) });
  const stopped = new Event();
  addSignalHandler("SIGTERM", () => stopped.set());
  console.log(worker.name);
  await stopped.wait();
  await worker.drain();
});
