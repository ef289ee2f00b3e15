/** A client for the chat server: `turnwise run examples/chat/client.ts --port 8888`. */
import * as asyncio from "turnwise/node";
import { commandLine, number } from "../command-line.ts";

const { values } = commandLine({
  options: { host: { type: "string", default: "localhost" }, port: { type: "string", default: "8888" } },
});
const port = number("port", values.port, { from: 1, whole: true });

await asyncio.run(async () => {
  const [reader, writer] = await asyncio.openConnection({ host: values.host, port });
  await using _ = writer;
  const keyboard = new asyncio.StreamReader();
  await asyncio.connectReadPipe(() => new asyncio.StreamReaderProtocol(keyboard), process.stdin);
  await asyncio.taskGroup(async (group) => {
    group.createTask(async () => {
      for await (const line of reader) process.stdout.write(line);
      group.cancel(); // The server has hung up: nobody listens to the keyboard any more.
    });
    for await (const line of keyboard) {
      writer.write(line);
      await writer.drain();
    }
    writer.writeEof();
  });
});
