/** A caller in a process of its own, which is killed. Arguments: the URL of Redis, a file, how many calls. */
import { functionsOf, gather, run } from "turnwise/node";
import { ClusterExecutor } from "../cluster-executor.ts";
import type * as work from "./work.ts";

const [url, file, count] = process.argv.slice(2) as [string, string, string];
const fns = functionsOf<typeof work>(new URL("./work.ts", import.meta.url));

await run(async () => {
  await using cluster = new ClusterExecutor({ connection: url });
  const all = Array.from({ length: Number(count) }, (_, i) =>
    cluster.submit(fns.work, [file, i, 0.05], { key: `work ${i}` }),
  );
  console.log(await gather(...all));
});
