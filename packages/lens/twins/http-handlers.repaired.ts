import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import * as asyncio from "turnwise";

let requests = 0;

async function answer(): Promise<string> {
  if (requests++ === 0) return "ready"; // The first use of a client and a server takes long by itself.
  await asyncio.sleep(0.4);
  return "done";
}

await asyncio.run(async () => {
  const loop = asyncio.getRunningLoop();
  const server = createServer((_request, response) => {
    const task = loop.createTask(answer);
    task.addDoneCallback(() => response.end(task.result()));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  const get = async () => (await fetch(`http://127.0.0.1:${port}`)).text();
  await get();
  await asyncio.gather(get, get, get, get);
  server.closeAllConnections();
  server.close();
});
