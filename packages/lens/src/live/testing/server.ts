/** A server that tells of each connection. */
import { createServer } from "node:net";
import * as asyncio from "turnwise";

await asyncio.run(async () => {
  const server = createServer((socket) => {
    console.log("connection");
    socket.destroy();
  });
  server.listen(0, "127.0.0.1", () => console.log("ready"));
  await asyncio.sleep(1000);
});
