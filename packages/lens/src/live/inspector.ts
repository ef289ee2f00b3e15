/** A session with the inspector of a process on this machine. */
import { get } from "node:http";

const LOOPBACK = "127.0.0.1";

/** The connection was lost: the inspector was closed, or the process ended. */
export class ConnectionLost extends Error {
  static {
    this.prototype.name = "ConnectionLost";
  }
}

/** The path of the inspector that listens on `port`; null if none does. It answers also while JavaScript is blocked. */
export function inspectorPath(port: number): Promise<string | null> {
  return new Promise((resolve) => {
    const request = get({ host: LOOPBACK, port, path: "/json/list", agent: false, timeout: 1000 }, (response) => {
      let text = "";
      response.setEncoding("utf8").on("data", (part: string) => {
        text += part;
        if (text.length > 100_000) request.destroy();
      });
      response.on("close", () => resolve(pathIn(text)));
    });
    request.on("timeout", () => request.destroy());
    request.on("error", () => resolve(null));
  });
}

function pathIn(answer: string): string | null {
  try {
    const targets = JSON.parse(answer) as { type?: unknown; webSocketDebuggerUrl?: unknown }[];
    const url = targets.find(({ type }) => type === "node")?.webSocketDebuggerUrl;
    return typeof url === "string" ? new URL(url).pathname : null;
  } catch {
    return null;
  }
}

interface Reply {
  readonly id?: number;
  readonly error?: { readonly message: string };
  readonly result?: {
    readonly result: { readonly value?: unknown };
    readonly exceptionDetails?: { readonly text: string; readonly exception?: { readonly description?: string } };
  };
}

/** Evaluates source text in the process. */
export class InspectorSession {
  readonly #socket: WebSocket;
  readonly #waiting = new Map<number, { resolve: (value: unknown) => void; reject: (reason: Error) => void }>();
  #lastId = 0;
  /** Settles when the connection is over. */
  readonly closed: Promise<void>;

  private constructor(socket: WebSocket) {
    this.#socket = socket;
    this.closed = new Promise((resolve) => socket.addEventListener("close", () => resolve()));
    socket.addEventListener("message", ({ data }) => this.#receive(String(data)));
    void this.closed.then(() => {
      for (const { reject } of this.#waiting.values()) reject(new ConnectionLost("the inspector was closed"));
      this.#waiting.clear();
    });
  }

  /** @throws ConnectionLost if nothing listens there. */
  static async open(port: number, path: string): Promise<InspectorSession> {
    const socket = new WebSocket(`ws://${LOOPBACK}:${port}${path}`);
    await new Promise<void>((resolve, reject) => {
      socket.addEventListener("open", () => resolve());
      socket.addEventListener("error", () => reject(new ConnectionLost("the inspector was closed")));
    });
    return new InspectorSession(socket);
  }

  /**
   * The value of `expression`, as JSON would give it. While JavaScript runs there, it is interrupted for that; while a
   * native call runs, this waits for its end.
   * @throws ConnectionLost; Error if the expression throws.
   */
  async evaluate(expression: string): Promise<unknown> {
    if (this.#socket.readyState !== WebSocket.OPEN) throw new ConnectionLost("the inspector was closed");
    const id = ++this.#lastId;
    const params = { expression, returnByValue: true, silent: true };
    return await new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      this.#socket.send(JSON.stringify({ id, method: "Runtime.evaluate", params }));
    });
  }

  close(): void {
    this.#socket.close();
  }

  #receive(text: string): void {
    const { id, error, result } = JSON.parse(text) as Reply;
    const waiting = id === undefined ? undefined : this.#waiting.get(id);
    if (waiting === undefined) return;
    this.#waiting.delete(id as number);
    const failure = result?.exceptionDetails;
    if (error !== undefined) waiting.reject(new Error(error.message));
    else if (failure !== undefined) waiting.reject(new Error(failure.exception?.description ?? failure.text));
    else waiting.resolve(result?.result.value);
  }
}

/** Evaluated in a process, it closes its inspector, and with it the session. */
export const CLOSE_INSPECTOR = "process.getBuiltinModule('node:inspector').close()";
