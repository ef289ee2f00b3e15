import { createServer, get } from "node:http";
import type { AddressInfo } from "node:net";

const server = createServer((request, response) => {
  if (request.url === "/slow") {
    const until = performance.now() + 300;
    while (performance.now() < until); // BLOCKS
  }
  response.end("done");
});

server.listen(0, "127.0.0.1", async () => {
  const { port } = server.address() as AddressInfo;
  for (const path of ["/", "/", "/slow", "/"]) {
    await new Promise((resolve) =>
      get({ port, host: "127.0.0.1", path }, (response) => response.resume().on("end", resolve)),
    );
  }
  server.close();
});
