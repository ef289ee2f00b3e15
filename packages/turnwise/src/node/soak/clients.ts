/** The clients of the soak: of plain Node, in the server's process, so that what either side leaves is counted. */
import { setTimeout as pause } from "node:timers/promises";
import { runInScope } from "../../async-context.ts";
import { LONGEST, randomLine } from "./dialogue.ts";
import { Random } from "./random.ts";
import { type Way, Wire } from "./wire.ts";

type Behaviour = (wire: Wire, random: Random) => Promise<void>;

/** These keep to the dialogue, and read until the end. */
const POLITE = {
  async eager(wire, random) {
    for (let left = random.between(0, 25); left > 0; left--) await wire.ask(randomLine(random));
    await wire.finish();
  },
  /** Sends more than is buffered anywhere at once, and the end with it. */
  async hasty(wire, random) {
    const lines = Array.from({ length: random.between(300, 400) }, () => randomLine(random, false));
    for (const line of lines) wire.answers.ask(line);
    if (wire.isOpen()) wire.socket.write(Buffer.concat(lines));
    await wire.finish();
  },
  async patient(wire, random) {
    for (let left = random.between(1, 12); left > 0 && wire.isOpen(); left--) {
      await wire.ask(randomLine(random));
      if (!(await wire.until(() => wire.answers.isComplete() || wire.hasEnded))) wire.problem = "no answer comes";
    }
    await wire.finish();
  },
  async slow(wire, random) {
    const finished = (async () => {
      for (let left = random.between(1, 12); left > 0; left--) await wire.ask(randomLine(random, random.chance(0.6)));
      await wire.finish();
    })();
    for (let pauses = random.between(2, 10); pauses > 0; pauses--) {
      wire.socket.pause();
      await pause(random.between(0, 30));
      wire.socket.resume();
      await pause(random.between(0, 5));
    }
    await finished;
  },
} satisfies Record<string, Behaviour>;

/** These don't. */
const RUDE = {
  /** Stops in the middle of a line. */
  async stall(wire, random) {
    for (let left = random.between(0, 5); left > 0; left--) await wire.ask(randomLine(random));
    await wire.send(randomLine(random).subarray(0, -1));
    await wire.until(() => wire.hasEnded, random.between(50, 400));
  },
  /** Ends in the middle of a line, and reads what comes. */
  async breakOff(wire, random) {
    for (let left = random.between(0, 5); left > 0; left--) await wire.ask(randomLine(random));
    if (wire.canHalfClose) wire.answers.end();
    wire.socket.end(randomLine(random).subarray(0, -1));
    if (!(await wire.until(() => wire.hasEnded))) wire.problem = "the server does not close the connection";
  },
  /** Goes away while it sends. */
  async vanish(wire, random) {
    const goes = pause(random.between(0, 40)).then(() => wire.drop(random.pick(["reset", "destroy"])));
    for (let left = 25; left > 0 && wire.isOpen(); left--) await wire.ask(randomLine(random));
    await goes;
  },
  /** Never reads. */
  async deaf(wire, random) {
    wire.socket.pause();
    const asks = (async () => {
      for (let left = 200; left > 0 && wire.isOpen(); left--) await wire.ask(randomLine(random, true));
    })();
    await pause(random.between(100, 400));
    await wire.drop(random.pick(["reset", "destroy"]));
    await asks;
  },
  /** Sends much that is no line. */
  async flood(wire, random) {
    const data = Buffer.alloc(random.between(LONGEST * 4, 300_000), "garbage ");
    await wire.send(data);
    await wire.until(() => wire.hasEnded, 500);
  },
} satisfies Record<string, Behaviour>;

/** These don't even tell who they are. */
const MUTE = {
  async touch() {},
  async mute(wire, random) {
    await wire.until(() => wire.hasEnded, random.between(0, 450));
  },
  async babble(wire, random) {
    await wire.send(Buffer.from(random.pick(["GET / HTTP/1.1\r\n\r\n", "\0".repeat(20_000), "hello", "\n"])));
    await wire.until(() => wire.hasEnded, random.between(0, 450));
  },
} satisfies Record<string, Behaviour>;

/** What became of one client. */
export interface Report {
  readonly client: number;
  readonly behaviour: string;
  readonly way: Way["kind"];
  readonly isPolite: boolean;
  readonly wire: Wire;
}

/** Lets `count` clients loose in the next `milliseconds`. */
export function release(seed: number, count: number, ways: readonly Way[], milliseconds: number): Promise<Report[]> {
  // They are not the task that lets them loose.
  return runInScope(undefined, () =>
    Promise.all(Array.from({ length: count }, (_, client) => live(seed, client, ways, milliseconds))),
  );
}

async function live(seed: number, client: number, ways: readonly Way[], milliseconds: number): Promise<Report> {
  const random = new Random(seed, "client", client);
  await pause(random.between(0, milliseconds));
  const way = random.pick(ways);
  const wire = new Wire(way, random);
  const group = random.pick([POLITE, POLITE, RUDE, RUDE, MUTE]);
  const [behaviour, act] = random.pick(Object.entries<Behaviour>(group));
  if (group !== MUTE) await wire.greet(client);
  await act(wire, random);
  await wire.drop(random.pick(["reset", "destroy"]));
  return { client, behaviour, way: way.kind, isPolite: group === POLITE, wire };
}
