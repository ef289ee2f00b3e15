/** The server as others on this machine meet it, and its end. */
import { once } from "node:events";
import { existsSync, unlinkSync, writeFileSync } from "node:fs";
import { request } from "node:http";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { WebSocket } from "ws";
import { ProgramDirectory, turnwise } from "../testing/program.ts";
import { isAlive, Studio } from "../testing/studio.ts";
import { serveStudio } from "./server.ts";

let studio: Studio;
beforeAll(async () => {
  studio = await Studio.start();
});
afterAll(async () => await studio[Symbol.asyncDispose]());

/** Fetch would put a path in order, and choose the host itself. */
function ask(path: string, headers: Record<string, string> = {}, method = "GET"): Promise<[number, string]> {
  const { hostname, port } = new URL(studio.url);
  return new Promise((resolve, reject) => {
    const asked = request({ hostname, port, path, headers, method, agent: false }, (response) => {
      let text = "";
      response.setEncoding("utf8").on("data", (part: string) => (text += part));
      response.on("end", () => resolve([response.statusCode ?? 0, text]));
    });
    asked.on("error", reject).end();
  });
}

const root = (): string => new URL(studio.url).pathname;

test("the page comes with headers that keep others out, and nothing of it is kept", async () => {
  const response = await fetch(studio.url);
  expect(response.status).toBe(200);
  expect(await response.text()).toMatch(/^<!doctype html>/i);
  const header = (name: string): string | null => response.headers.get(name);
  expect(header("content-type")).toBe("text/html; charset=utf-8");
  expect(header("cache-control")).toBe("no-store");
  expect(header("x-content-type-options")).toBe("nosniff");
  expect(header("referrer-policy")).toBe("no-referrer");
  const policy = header("content-security-policy") ?? "";
  expect(policy).toMatch(/^default-src 'none'; script-src 'self';/);
  expect(policy).toMatch(/frame-ancestors 'none'/);
});

test("every file that the page names is there, by an address that is relative", async () => {
  const html = await (await fetch(studio.url)).text();
  const names = [...html.matchAll(/(?:src|href)="([^"#]+)"/g)].map(([, name]) => name!);
  expect(names.length).toBeGreaterThan(0);
  for (const name of names) {
    expect(name).toMatch(/^\.\//);
    const response = await fetch(new URL(name, studio.url));
    expect([name, response.status]).toEqual([name, 200]);
    expect(response.headers.get("content-type")).not.toBe("application/octet-stream");
  }
});

test("without its last slash the address is put right", async () => {
  const response = await fetch(studio.url.slice(0, -1), { redirect: "manual" });
  expect([response.status, response.headers.get("location")]).toEqual([308, root()]);
});

test("the address for a browser's command line leads there once", async () => {
  using directory = new ProgramDirectory({ "index.html": "the page" });
  const server = await serveStudio(directory.path, 0, () => ({ programs: [], shown: 0, python: false, pid: null }));
  try {
    const address = server.newPass();
    expect(address).not.toContain(new URL(server.url).pathname.slice(1, -1));
    const first = await fetch(address);
    expect([first.url, await first.text()]).toEqual([server.url, "the page"]);
    expect((await fetch(address)).status).toBe(404);
  } finally {
    await server.close();
  }
});

test("not without the token, by another name, from another page, or to change something", async () => {
  const [, good] = await ask(root());
  const refused = [
    await ask("/"),
    await ask("/index.html"),
    await ask(root().replace("/", "/x")),
    await ask(root(), { host: "evil.example" }),
    await ask(root(), { origin: "http://evil.example" }),
    await ask(root(), {}, "POST"),
  ];
  expect(refused.map(([status]) => status)).toEqual([404, 404, 404, 403, 403, 405]);
  for (const [, text] of refused) expect(text).not.toContain(good.slice(0, 50));
});

test.for(["../package.json", "%2e%2e/package.json", "..%2fpackage.json", "assets/../../package.json", "/etc/passwd"])(
  "no way out of its folder: %s",
  async (path) => {
    const [status, text] = await ask(`${root()}${path}`);
    expect([status, text]).toEqual([404, "no such file\n"]);
  },
);

describe("the socket", () => {
  async function open(url: string, options: { origin?: string; headers?: Record<string, string> } = {}) {
    const socket = new WebSocket(url.replace("http:", "ws:"), options);
    const [first] = await Promise.race([
      once(socket, "open").then(() => ["open"]),
      once(socket, "error") as Promise<Error[]>,
    ]);
    socket.terminate();
    return first instanceof Error ? first.message : first;
  }
  const socketUrl = (): string => new URL("socket", studio.url).href;

  test("opens for the page", async () => {
    expect(await open(socketUrl(), { origin: new URL(studio.url).origin })).toBe("open");
  });

  test("not without the token, at another path, from another page, or by another name", async () => {
    expect(await open(new URL("/socket", studio.url).href)).toMatch(/404/);
    expect(await open(`${studio.url}other`)).toMatch(/404/);
    expect(await open(socketUrl(), { origin: "http://evil.example" })).toMatch(/403/);
    expect(await open(socketUrl(), { headers: { Host: "evil.example" } })).toMatch(/403/);
  });

  test("a message that is too long closes it, and the server goes on", async () => {
    const page = await studio.page();
    page.begin("x".repeat(5 << 20));
    await page.closed;
    expect((await fetch(studio.url)).status).toBe(200);
  });
});

test("without files: the notes' programs, three at first, and those in Python to choose from", async () => {
  const page = await studio.page();
  const { programs, shown, python, pid } = await page.hear("hello");
  expect([shown, python, pid]).toEqual([3, true, null]);
  const names = ["plain", "blocking", "cooperative"];
  expect(programs.map(({ name }) => name)).toEqual([...names.map((n) => `${n}.ts`), ...names.map((n) => `${n}.py`)]);
});

test.skipIf(process.platform === "win32")("Ctrl-C ends it, and all that it runs", async () => {
  const other = await Studio.start();
  const page = await other.page();
  const runs = [
    'process.on("SIGINT", () => {}); setInterval(() => {}, 1000); console.log("ready");',
    'console.log("ready"); for (;;);',
  ].map((source, slot) => page.begin(source, { slot }));
  await Promise.all(runs.map((run) => page.printed("ready", run)));
  const started = await Promise.all(runs.map((run) => page.hear("started", run)));
  const { signal, stderr } = await other.interrupt();
  expect([signal, stderr]).toEqual(["SIGINT", ""]);
  expect(started.map(({ pid }) => isAlive(pid!))).toEqual([false, false]);
  await expect(fetch(other.url)).rejects.toThrow();
});

test.skipIf(process.platform === "win32")("a second Ctrl-C does not wait for them, and nothing stays", async () => {
  const other = await Studio.start();
  const page = await other.page();
  const run = page.begin('process.on("SIGINT", () => {}); console.log("ready"); for (;;);');
  await page.printed("ready", run);
  const { pid, file } = await page.hear("started", run);
  other.running.child.kill("SIGINT");
  await new Promise((resolve) => setTimeout(resolve, 200));
  const { code } = await other.interrupt();
  expect(code).toBe(1);
  expect(existsSync(dirname(file))).toBe(false);
  await expect.poll(() => isAlive(pid!)).toBe(false); // To be killed takes a moment.
});

test("a page that is opened anew has the files as they are then", async () => {
  using directory = new ProgramDirectory({ "a.mjs": "1" });
  await using other = await Studio.start(["a.mjs"], directory.path);
  const sourceIn = async () => (await (await other.page()).hear("hello")).programs[0]?.source;
  expect(await sourceIn()).toBe("1");
  writeFileSync(join(directory.path, "a.mjs"), "2");
  expect(await sourceIn()).toBe("2");
  unlinkSync(join(directory.path, "a.mjs"));
  expect(await sourceIn()).toBe("1");
});

test("what is wrong on the command line is told in a line, before anything is served", async () => {
  using directory = new ProgramDirectory({ "a.ts": "" });
  const tell = async (...args: string[]) => {
    const { code, stdout, stderr } = await turnwise(["studio", "--no-open", ...args], { cwd: directory.path });
    expect([code, stdout]).toEqual([2, ""]);
    return stderr;
  };
  expect(await tell("b.ts")).toBe("error: no such file: b.ts (did you mean a.ts?)\n");
  expect(await tell("--port", "x")).toBe("error: --port takes a number from 0 to 65535, got 'x'\n");
  expect(await tell("--pid", "0")).toMatch(/^error: --pid takes a number from 1 /);
  const { port } = new URL(studio.url);
  expect(await tell("--port", port)).toBe(`error: port ${port} is taken; leave --port out for any that is free\n`);
});
