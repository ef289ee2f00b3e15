// Many sockets have data at once.
import { connect, createServer, type AddressInfo, type Socket } from "node:net";

const COUNT = 80;
const sockets: Socket[] = [];
let closed = 0;
const server = createServer((socket) => {
  sockets.push(socket);
  if (sockets.length === COUNT) for (const each of sockets) each.write("now");
});
server.listen(0, "127.0.0.1", () => {
  for (let i = 0; i < COUNT; i++) {
    const client = connect((server.address() as AddressInfo).port, "127.0.0.1");
    client.on("data", () => {
      for (const until = performance.now() + 2; performance.now() < until;);
      client.destroy();
      if (++closed === COUNT) {
        for (const socket of sockets) socket.destroy();
        server.close();
      }
    });
  }
});
