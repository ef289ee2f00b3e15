/** `serveStudio`: the studio's server, on the loopback interface. It sends the page, and opens a session for each. */
import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { Duplex } from "node:stream";
import { WebSocketServer } from "ws";
import { Guard, newToken, pathOf } from "./guard.ts";
import { Session, type Offer } from "./session.ts";
import { readStaticFiles, type StaticFile } from "./static-files.ts";

/** So long may a message of the page's be, in bytes: a program's source is the longest. */
const MOST_BYTES = 4 << 20;

/** A server that runs. */
export interface StudioServer {
  /** The page's address, with the token. */
  readonly url: string;
  /** An address that leads there once: for the command that opens a browser. */
  newPass(): string;
  /** Stops every program, and the server. */
  close(): Promise<void>;
}

/**
 * @param folder - the page's files.
 * @param port - 0 for any that is free.
 * @param offer - what a page is offered that opens now.
 * @throws what `listen` throws, if the port is taken.
 */
export async function serveStudio(folder: string, port: number, offer: () => Offer): Promise<StudioServer> {
  const files = readStaticFiles(folder);
  const token = newToken();
  const server = createServer();
  server.listen(port, "127.0.0.1");
  await once(server, "listening");
  const { port: own } = server.address() as AddressInfo;
  const guard = new Guard(token, own);
  const root = `/${token}/`;

  server.on("request", (request, response) => {
    for (const [name, value] of Object.entries(HEADERS)) response.setHeader(name, value);
    response.setHeader("Content-Security-Policy", contentSecurityPolicy(request.headers.host ?? ""));
    const refusal = guard.refusal(request);
    const path = pathOf(request.url);
    if (refusal?.status === 404 && guard.takesPass(request)) {
      answer(request, response.setHeader("Location", root), 303, "");
    } else if (refusal !== null) answer(request, response, refusal.status, refusal.message);
    else if (path === `/${token}`) answer(request, response.setHeader("Location", root), 308, "");
    else answer(request, response, 200, files.get(path.slice(root.length) || "index.html"));
  });

  const sessions = new Set<Session>();
  const sockets = new WebSocketServer({ noServer: true, maxPayload: MOST_BYTES });
  server.on("upgrade", (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    socket.on("error", () => socket.destroy());
    const isSocket = pathOf(request.url) === `${root}socket`;
    const status = guard.refusal(request)?.status ?? (isSocket ? null : 404);
    if (status !== null) {
      socket.end(`HTTP/1.1 ${status} Refused\r\nConnection: close\r\n\r\n`);
      return;
    }
    sockets.handleUpgrade(request, socket, head, (connection) => {
      const session = new Session(connection, offer());
      sessions.add(session);
      void session.ended.finally(() => sessions.delete(session));
    });
  });

  return {
    url: `http://127.0.0.1:${own}${root}`,
    newPass: () => `http://127.0.0.1:${own}${guard.newPass()}`,
    async close() {
      server.close();
      server.closeAllConnections();
      const open = [...sessions];
      for (const session of open) session.close();
      await Promise.all(open.map(({ ended }) => ended));
    },
  };
}

const HEADERS = {
  "Cache-Control": "no-store",
  "Cross-Origin-Opener-Policy": "same-origin",
  "Cross-Origin-Resource-Policy": "same-origin",
  "Referrer-Policy": "no-referrer",
  "X-Content-Type-Options": "nosniff",
};

/** Nothing from elsewhere, and no script in the page. The editor makes its style as it runs. */
function contentSecurityPolicy(host: string): string {
  return [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self'",
    "font-src 'self'",
    "worker-src 'self'",
    // Not every browser counts a socket of the same host as 'self'.
    `connect-src 'self'${/^[\w.:-]+$/.test(host) ? ` ws://${host}` : ""}`,
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join("; ");
}

/** @param content - a file, or a line of text; `undefined` if there is no such file. */
function answer(
  request: IncomingMessage,
  response: ServerResponse,
  status: number,
  content: StaticFile | string | undefined,
): void {
  if (content === undefined) {
    answer(request, response, 404, "no such file");
    return;
  }
  const { type, body } =
    typeof content === "string" ? { type: "text/plain; charset=utf-8", body: Buffer.from(`${content}\n`) } : content;
  response.writeHead(status, { "Content-Type": type, "Content-Length": body.length });
  response.end(request.method === "HEAD" ? undefined : body);
}
