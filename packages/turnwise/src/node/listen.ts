/** Listening: from what the user names to Node's servers which accept there. */
import { lookup, type LookupAddress } from "node:dns";
import { existsSync, lstatSync, statSync, unlinkSync } from "node:fs";
import { connect, isIP, isIPv6, type ListenOptions, type Server as NodeServer } from "node:net";
import { dirname } from "node:path";
import { runInScope } from "#async-context";
import type { EventLoop } from "../events.ts";
import { type Attempt, checkPath, codeOf, explain, hostPort, reword } from "./io-errors.ts";
import { Operation } from "./operation.ts";

/** Without a host: who is on this machine, and nobody else. */
const LOOPBACK = ["127.0.0.1", "::1"] as const;
/** Where the system has no IPv6, or none of this address. */
const NOT_HERE: readonly (string | undefined)[] = ["EADDRNOTAVAIL", "EAFNOSUPPORT"];
/** How often a free port is looked for that is free on all addresses. */
const ATTEMPTS = 10;

/** What a server listens on. */
export interface Addresses {
  /** undefined for the loopback. */
  readonly host: string | readonly string[] | undefined;
  readonly port: number;
}

/** Listens on every address of every host, on one port. @param make - makes a server of Node's. */
export async function listenOnHosts(
  loop: EventLoop,
  { host, port }: Addresses,
  options: ListenOptions,
  make: () => NodeServer,
): Promise<NodeServer[]> {
  const hosts = host === undefined ? LOOPBACK : typeof host === "string" ? [host] : host;
  const addresses = new Set<string>();
  for (const name of hosts) {
    for (const address of await addressesOf(loop, hostPort(name, port), "listen", name)) addresses.add(address);
  }
  for (let attempt = 1; ; attempt++) {
    const servers: NodeServer[] = [];
    let chosen = port;
    try {
      for (const address of addresses) {
        const server = make();
        servers.push(server);
        const where = hostPort(address, chosen);
        try {
          await listening(loop, server, { ...options, host: address, port: chosen, ipv6Only: isIPv6(address) }, where);
        } catch (thrown) {
          if (host !== undefined || address !== "::1" || !NOT_HERE.includes(codeOf(thrown))) throw thrown;
          servers.pop();
        }
        chosen = portOf(server) ?? chosen;
      }
      return servers;
    } catch (thrown) {
      for (const server of servers) server.close();
      // The system chose a port that is free on the first address, and is not on another.
      if (port !== 0 || codeOf(thrown) !== "EADDRINUSE" || attempt === ATTEMPTS) throw thrown;
    }
  }
}

/** Listens on a Unix socket. What is left there of a server that has ended is removed. */
export async function listenOnPath(
  loop: EventLoop,
  path: string,
  options: ListenOptions,
  make: () => NodeServer,
): Promise<NodeServer[]> {
  checkPath(path, "listen");
  try {
    return [await listening(loop, make(), { ...options, path }, path)];
  } catch (thrown) {
    // What Node calls EACCES may be that.
    const code = codeOf(thrown);
    const words = !existsSync(dirname(path))
      ? `can't listen on ${path}: its folder does not exist`
      : code === "EADDRINUSE" && !statSync(path, { throwIfNoEntry: false })?.isSocket()
        ? `can't listen on ${path}: there is something that is no socket; choose another path, or remove it`
        : code === "EADDRINUSE" && !(await isStale(loop, path))
          ? `${path} is in use: stop the server that listens there, or choose another path`
          : null;
    if (words !== null) throw reword(thrown as Error, `${words} (${code})`);
    if (code !== "EADDRINUSE") throw thrown;
  }
  unlinkSync(path);
  return [await listening(loop, make(), { ...options, path }, path)];
}

async function listening(
  loop: EventLoop,
  server: NodeServer,
  options: ListenOptions,
  where: string,
): Promise<NodeServer> {
  const operation = new Operation<void>(loop, `to listen on ${where}`);
  const failed = (error: Error): void => operation.fail(explain(error, "listen", where));
  server.once("error", failed);
  server.once("listening", () => operation.finish());
  try {
    runInScope(undefined, () => server.listen(options));
    await operation;
    return server;
  } catch (thrown) {
    server.close();
    throw thrown;
  } finally {
    server.off("error", failed);
  }
}

/** The addresses that `host` stands for. @param where - where they are wanted, and `attempt` for what: for errors. */
export async function addressesOf(
  loop: EventLoop,
  where: string,
  attempt: Attempt,
  host: string,
  family: 0 | 4 | 6 = 0,
): Promise<string[]> {
  if (isIP(host) !== 0) return [host];
  const operation = new Operation<string[]>(loop, `the addresses of ${host}`);
  runInScope(undefined, () =>
    lookup(host, { all: true, family }, (error: Error | null, found: LookupAddress[]) => {
      if (error === null) operation.finish(found.map(({ address }) => address));
      else operation.fail(explain(error, attempt, where));
    }),
  );
  return await operation;
}

/** Whether there is a socket at `path` which nobody serves. */
async function isStale(loop: EventLoop, path: string): Promise<boolean> {
  if (!lstatSync(path, { throwIfNoEntry: false })?.isSocket()) return false;
  const socket = runInScope(undefined, () => connect({ path }));
  const operation = new Operation<boolean>(loop, `an answer from ${path}`);
  socket.once("connect", () => operation.finish(false));
  socket.on("error", (error) => operation.finish(codeOf(error) === "ECONNREFUSED"));
  try {
    return await operation;
  } finally {
    socket.destroy();
  }
}

function portOf(server: NodeServer): number | undefined {
  const address = server.address();
  return typeof address === "object" ? address?.port : undefined;
}
