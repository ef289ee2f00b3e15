/** A stand-in for the server of `turnwise studio`: the real page, with answers that the test gives. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { extname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { WebSocketServer, type WebSocket } from "ws";
import type { ClientMessage, HelloMessage, RunMessage, ServerMessage } from "../protocol.ts";

const PAGE = fileURLToPath(new URL("../../dist/page/", import.meta.url));
/** As it is when the tests begin: it may be built anew meanwhile. */
const FILES: ReadonlyMap<string, Buffer> = builtPage();

const TYPES: Record<string, string> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript",
  ".css": "text/css",
  ".svg": "image/svg+xml",
};
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self'",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
].join("; ");

/** What the server says to a `run`, in order. */
export type Answer = (run: RunMessage) => readonly ServerMessage[];

export class FakeServer {
  readonly heard: ClientMessage[] = [];
  readonly #http: Server;
  readonly #sockets: WebSocketServer;
  #socket: WebSocket | undefined;

  private constructor(http: Server, sockets: WebSocketServer) {
    this.#http = http;
    this.#sockets = sockets;
  }

  /** Where the page is. */
  get address(): string {
    return `http://127.0.0.1:${(this.#http.address() as AddressInfo).port}/token/`;
  }

  static async start(hello: HelloMessage, answer: Answer): Promise<FakeServer> {
    const http = createServer((request, response) => {
      const path = new URL(request.url!, "http://localhost").pathname.replace(/^\/token\//, "") || "index.html";
      const content = FILES.get(path);
      response.setHeader("content-type", TYPES[extname(path)] ?? "application/octet-stream");
      response.setHeader("content-security-policy", POLICY);
      response.writeHead(content === undefined ? 404 : 200).end(content);
    });
    const sockets = new WebSocketServer({ server: http, path: "/token/socket" });
    const server = new FakeServer(http, sockets);
    sockets.on("connection", (socket) => {
      server.#socket = socket;
      socket.on("message", (data: Buffer) => {
        const message = JSON.parse(String(data)) as ClientMessage;
        server.heard.push(message);
        if (message.type === "run") for (const said of answer(message)) server.say(said);
      });
      server.say(hello);
    });
    http.listen(0, "127.0.0.1");
    await once(http, "listening");
    return server;
  }

  say(message: ServerMessage): void {
    this.#socket?.send(JSON.stringify(message));
  }

  async close(): Promise<void> {
    for (const socket of this.#sockets.clients) socket.terminate();
    this.#sockets.close();
    this.#http.closeAllConnections();
    this.#http.close();
    await once(this.#http, "close");
  }
}

function builtPage(): Map<string, Buffer> {
  const files = new Map<string, Buffer>();
  if (existsSync(PAGE)) {
    for (const entry of readdirSync(PAGE, { recursive: true, withFileTypes: true })) {
      if (!entry.isFile()) continue;
      const file = join(entry.parentPath, entry.name);
      files.set(relative(PAGE, file).replaceAll("\\", "/"), readFileSync(file));
    }
  }
  const asked = String(files.get("index.html") ?? "").matchAll(/(?:src|href)="\.\/([^"]+)"/g);
  const named = [...asked].map(([, path]) => path!);
  if (named.length === 0 || !named.every((path) => files.has(path))) {
    throw new Error(`There is no page in ${PAGE}, or only a part of it: run npm run build.`);
  }
  return files;
}
