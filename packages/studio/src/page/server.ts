/** `Server`: the connection to `turnwise studio`, which runs programs and looks at processes. */
import type { ClientMessage, ServerMessage } from "../protocol.ts";

export class Server {
  readonly #socket: WebSocket;

  /** `lost` is told once, when the server has ended or could not be reached. */
  constructor(hear: (message: ServerMessage) => void, lost: () => void) {
    const address = new URL("socket", location.href);
    address.protocol = address.protocol.replace("http", "ws");
    address.hash = "";
    this.#socket = new WebSocket(address);
    this.#socket.addEventListener("message", ({ data }) => hear(JSON.parse(data as string) as ServerMessage));
    this.#socket.addEventListener("close", lost);
  }

  say(message: ClientMessage): void {
    this.#socket.send(JSON.stringify(message));
  }
}
