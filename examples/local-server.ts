/** Sites for the examples that need one: HTTP servers on this machine, on any port that is free. */
import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import * as asyncio from "turnwise/node";

/** @returns the site's address, without a slash at its end. */
export async function listen(server: Server): Promise<string> {
  const listening = asyncio.fromEvent(server, "listening");
  server.listen(0, "127.0.0.1");
  await listening;
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** Also ends the requests that are in progress. */
export async function close(server: Server): Promise<void> {
  const closed = asyncio.fromEvent(server, "close");
  server.close();
  server.closeAllConnections();
  await closed;
}
