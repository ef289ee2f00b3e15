import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

const server = createServer((request, response) => {
  if (request.url === "/slow") {
    const until = performance.now() + 300;
    while (performance.now() < until); // BLOCKS
  }
  response.end("done");
});

server.listen(0, "127.0.0.1", async () => {
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  for (const path of ["/", "/", "/slow", "/"]) await (await fetch(url + path)).text();
  server.close();
});
