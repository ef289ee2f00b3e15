import { createServer, get } from "node:http";
import type { AddressInfo } from "node:net";

const server = createServer((_request, response) => {
  for (const until = performance.now() + 0.5; performance.now() < until;);
  response.end("done");
});

server.listen(0, "127.0.0.1", async () => {
  const { port } = server.address() as AddressInfo;
  const ask = (): Promise<void> =>
    new Promise((resolve) => get({ port, host: "127.0.0.1" }, (response) => response.resume().on("end", resolve)));
  const client = async (): Promise<void> => {
    for (let i = 0; i < 15; i++) await ask();
  };
  await Promise.all(Array.from({ length: 20 }, client));
  server.close();
});
