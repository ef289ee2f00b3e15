/** The server on `node:net` as it is: the least that a connection and a message can cost in Node. */
import { type AddressInfo, createServer } from "node:net";
import { answerQuestions } from "./control.ts";

// Turnwise and asyncio set TCP_NODELAY too.
const server = createServer({ noDelay: true }, (socket) => {
  socket.on("data", (data) => socket.write(data));
  socket.on("error", console.error);
});
server.listen(0, "127.0.0.1", () => answerQuestions((server.address() as AddressInfo).port));
