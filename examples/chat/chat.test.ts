import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { createInterface } from "node:readline";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { type Running, start, startNode } from "../../packages/cli/src/testing/program.ts";
import { untilPrinted } from "../until-printed.ts";

/** One for all tests: each has rooms and names of its own. */
let server: Running;
let port: number;
const visitors: Visitor[] = [];

beforeAll(async () => {
  server = start(["run", "examples/chat/server.ts", "--port", "0"]);
  port = Number((await untilPrinted(server, /port (\d+)\n/))[1]);
});

afterEach(() => {
  for (const visitor of visitors.splice(0)) visitor.socket.destroy();
});

afterAll(async () => {
  server.child.kill("SIGKILL");
  await server.outcome;
});

/** Somebody who talks to the server by the line, as with `nc`. */
class Visitor {
  readonly socket: Socket;
  readonly #lines: string[] = [];
  #wake = (): void => {};

  constructor(socket: Socket) {
    this.socket = socket;
    visitors.push(this);
    createInterface({ input: socket }).on("line", (line) => {
      this.#lines.push(line);
      this.#wake();
    });
  }

  /** Connects, takes a name and goes to a room. */
  static async enter(name: string, room: string): Promise<Visitor> {
    const visitor = new Visitor(connect(port, "127.0.0.1"));
    visitor.say(`/nick ${name}`);
    visitor.say(`/join ${room}`);
    visitor.say("/who");
    await visitor.hears(`* in ${room}: `);
    return visitor;
  }

  say(line: string): void {
    this.socket.write(`${line}\n`);
  }

  /** Waits for a line that begins so, and gives all lines up to it that were not given yet. */
  async hears(beginning: string): Promise<string[]> {
    for (;;) {
      const index = this.#lines.findIndex((line) => line.startsWith(beginning));
      if (index >= 0) return this.#lines.splice(0, index + 1);
      await new Promise<void>((resolve) => (this.#wake = resolve));
    }
  }
}

test("who is in a room hears what is said there, and nothing of the others", async () => {
  const ada = await Visitor.enter("ada", "tea");
  const bob = await Visitor.enter("bob", "tea");
  const eve = await Visitor.enter("eve", "coffee");
  ada.say("hello");
  eve.say("is anybody here?");
  expect(await bob.hears("ada: hello")).toEqual(["ada: hello"]);
  expect(await eve.hears("eve: ")).toEqual(["eve: is anybody here?"]);
  bob.say("/leave");
  await bob.hears("* bob came");
  bob.say("/who");
  expect(await bob.hears("* in")).toEqual(["* in lobby: bob"]);
  ada.say("gone?");
  expect(await ada.hears("ada: gone")).toEqual(["* bob came", "ada: hello", "* bob went to lobby", "ada: gone?"]);
});

test("a name belongs to one member, until it leaves", async () => {
  const carl = await Visitor.enter("carl", "hall");
  const dora = await Visitor.enter("dora", "hall");
  dora.say("/nick carl");
  expect(await dora.hears("* carl")).toEqual(["* carl is here already"]);
  carl.say("/quit");
  expect((await carl.hears("* goodbye")).at(-1)).toBe("* goodbye: see you");
  await once(carl.socket, "close");
  await dora.hears("* carl left");
  dora.say("/nick carl");
  expect(await dora.hears("* dora is")).toEqual(["* dora is carl now"]);
});

test("a guest does not get a name that is taken", async () => {
  const first = new Visitor(connect(port, "127.0.0.1"));
  const [welcome] = await first.hears("* welcome");
  const number = Number(/guest(\d+)/.exec(welcome ?? "")?.[1]);
  first.say(`/nick guest${number + 1}`);
  await first.hears(`* guest${number} is`);
  const second = new Visitor(connect(port, "127.0.0.1"));
  expect(await second.hears("* welcome")).toEqual([expect.stringContaining(`guest${number + 2},`)]);
});

test("what is no name, no command and no line is answered, and does no harm", async () => {
  const finn = await Visitor.enter("finn", "yard");
  finn.say("/nick b.o.b");
  finn.say("/join");
  finn.say("/dance");
  finn.say("\u001b[31mred");
  const answers = await finn.hears("finn: ");
  expect(answers[0]).toBe("* a name has up to 20 letters, digits, - and _");
  expect(answers[1]).toBe("* a room's name has up to 20 letters, digits, - and _");
  expect(answers[2]).toMatch(/^\* there is no \/dance: /);
  expect(answers[3]).toBe("finn: [31mred");
  finn.say("x".repeat(100_000));
  expect(await finn.hears("* goodbye")).toEqual(["* goodbye: your line is too long"]);
});

test("who does not read is shown out with the reason, and the others go on", async () => {
  const gina = await Visitor.enter("gina", "bank");
  const hugo = await Visitor.enter("hugo", "bank");
  const slow = await Visitor.enter("slow", "bank");
  slow.socket.pause();
  const logged = untilPrinted(server, /slow left: you read too slowly\n/);
  let left = false;
  const leaving = hugo.hears("* slow left").then(() => (left = true));
  // In step with who reads: only the sleeper falls behind.
  for (let line = 0; !left; line++) {
    gina.say(`${line} ${"x".repeat(16_000)}`);
    await gina.hears(`gina: ${line} `);
  }
  await leaving;
  slow.socket.resume();
  expect((await slow.hears("* goodbye")).at(-1)).toBe("* goodbye: you read too slowly");
  gina.say("still here");
  expect((await hugo.hears("gina: still here")).at(-1)).toBe("gina: still here");
  await logged;
});

test("members that vanish are gone from their rooms", async () => {
  const ivan = await Visitor.enter("ivan", "mill");
  const jane = await Visitor.enter("jane", "mill");
  jane.socket.resetAndDestroy();
  expect(await ivan.hears("* jane left")).toEqual(["* jane came", "* jane left"]);
});

test("the client passes the keyboard's lines on, and prints what comes", async () => {
  const client = startNode(["examples/chat/client.ts", "--port", String(port)]);
  client.child.stdin?.write("hello\n");
  await untilPrinted(client, /guest\d+: hello\n/);
  client.child.stdin?.end("/quit\n");
  const { stdout, stderr, code } = await client.outcome;
  expect({ end: stdout.split("\n").at(-2), stderr, code }).toEqual({ end: "* goodbye: see you", stderr: "", code: 0 });
});

test("a port that is none is told in one line", async () => {
  const outcome = await startNode(["examples/chat/server.ts", "--port", "many"]).outcome;
  const stderr = 'error: --port must be a whole number from 0, got "many"\n';
  expect(outcome).toEqual({ stdout: "", stderr, code: 2, signal: null });
});

// Last: there is no server after it.
test("Ctrl-C tells everybody, and ends it", async () => {
  const ada = await Visitor.enter("ada", "tea");
  const slow = await Visitor.enter("slow", "coffee");
  server.child.kill("SIGINT");
  for (const visitor of [ada, slow]) {
    expect((await visitor.hears("* goodbye")).at(-1)).toBe("* goodbye: the server is closing");
  }
  expect(await server.outcome).toMatchObject({ stderr: "", code: 0, signal: null });
});
