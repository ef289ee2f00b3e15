/** The server on Turnwise: `turnwise.ts STYLE`. */
import * as asyncio from "turnwise/node";
import { answerQuestions } from "./control.ts";

class Echo extends asyncio.Protocol {
  #transport: asyncio.Transport | null = null;

  override connectionMade(transport: asyncio.Transport): void {
    this.#transport = transport;
  }

  override dataReceived(data: Buffer): void {
    this.#transport?.write(data);
  }
}

async function echo(reader: asyncio.StreamReader, writer: asyncio.StreamWriter): Promise<void> {
  for (;;) {
    const data = await reader.read(65536);
    if (data.length === 0) return;
    writer.write(data);
    await writer.drain();
  }
}

const address = { host: "127.0.0.1", port: 0 };

await asyncio.run(async () => {
  const server =
    process.argv[2] === "protocol"
      ? await asyncio.createServer(() => new Echo(), address)
      : await asyncio.startServer(echo, address);
  for (const { port } of server.sockets) answerQuestions(port);
  await server.serveForever();
});
