/**
 * A chat server with rooms. Start it, and talk to it from other terminals:
 *
 *   turnwise run examples/chat/server.ts --port 8888
 *   nc localhost 8888        (or: turnwise run examples/chat/client.ts --port 8888)
 *
 * A member who does not read what it is sent is shown out; the others notice nothing. Ctrl-C tells everybody.
 */
import * as asyncio from "turnwise/node";
import { commandLine, number } from "../command-line.ts";
import { Chat } from "./chat.ts";

const { values } = commandLine({ options: { port: { type: "string", default: "8888" } } });
const port = number("port", values.port, { from: 0, whole: true });

await asyncio.run(async () => {
  const chat = new Chat();
  // Without a host it listens on this machine's loopback only. A line may have 16 KiB.
  await using server = await asyncio.startServer((...ends) => chat.serve(...ends), { port, limit: 16 * 1024 });
  for (const address of server.sockets) console.log(`listening on ${address.host} port ${address.port}`);

  const stop = new asyncio.Event();
  for (const signal of ["SIGINT", "SIGTERM"] as const) asyncio.addSignalHandler(signal, () => stop.set());
  await stop.wait();

  server.close();
  chat.end("the server is closing");
  await server.waitClosed();
});
