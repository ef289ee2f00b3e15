import { once } from "node:events";
import { connect, createServer, type AddressInfo, type Server, type Socket } from "node:net";
import { expect, test } from "vitest";
import { portsOf } from "./ports.ts";

async function listening(server: Server): Promise<number> {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return (server.address() as AddressInfo).port;
}

test.runIf(process.platform === "linux")("what a process listens on, among many connections", async () => {
  const servers = Array.from({ length: 60 }, () => createServer());
  const clients: Socket[] = [];
  try {
    // More than one piece of the kernel's table.
    const [port = 0, ...others] = await Promise.all(servers.map(listening));
    for (let n = 0; n < 60; n++) clients.push(connect(port, "127.0.0.1"));
    await Promise.all(clients.map((client) => once(client, "connect")));

    const { own, isTaken, connections } = portsOf(process.pid);
    for (const each of [port, ...others]) {
      expect(own!.has(each)).toBe(true);
      expect(await isTaken(each)).toBe(true);
    }
    const local = (clients[0]!.address() as AddressInfo).port;
    expect(own!.has(local)).toBe(false);
    expect(await isTaken(local)).toBe(false);
    // Both ends of each are on this machine.
    expect(connections(port).size).toBe(120);
    expect(connections(others[0]!).size).toBe(0);
  } finally {
    for (const each of clients) each.destroy();
    for (const server of servers) server.close();
  }
});

test.runIf(process.platform === "linux")("a process that is gone listens on nothing", async () => {
  const { own, isTaken, connections } = portsOf(2 ** 22 + 1);
  expect([own, await isTaken(1), connections(1)]).toEqual([new Set(), false, new Set()]);
});
