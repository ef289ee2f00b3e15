/** Servers of plain Node that are no friends: they answer in part, not at all, with rubbish, or break off. */
import { once } from "node:events";
import { createServer, type AddressInfo, type Server, type Socket } from "node:net";
import { setTimeout as pause } from "node:timers/promises";
import { createSecureContext, TLSSocket } from "node:tls";
import { runInScope } from "../../async-context.ts";
import { LOCALHOST, OTHER } from "../testing/certificates.ts";
import { answerTo, farewell } from "./dialogue.ts";
import { Random } from "./random.ts";

/** What a server that sends rubbish sends: no answer begins like it. */
export const RUBBISH: Buffer = Buffer.alloc(200_000, "rubbish ");

type Behaviour = (socket: Socket, random: Random) => Promise<void> | void;

const BEHAVIOURS: readonly Behaviour[] = [
  function honest(socket, random) {
    return answer(socket, random, Infinity);
  },
  function honestToo(socket, random) {
    return answer(socket, random, Infinity);
  },
  async function breaksOff(socket, random) {
    await answer(socket, random, random.between(0, 4));
    socket.end(random.chance(0.5) ? "1" : "");
  },
  async function vanishes(socket, random) {
    await answer(socket, random, random.between(0, 4));
    socket.write("1");
    drop(socket, random);
  },
  function silent(socket) {
    socket.resume();
  },
  function deaf() {},
  function slams(socket, random) {
    drop(socket, random);
  },
  function babbles(socket) {
    socket.resume();
    socket.write(RUBBISH);
  },
];

/** What may come in place of a TLS handshake. */
const BEFORE_TLS: readonly Behaviour[] = [
  function silent(socket) {
    socket.resume();
  },
  function babbles(socket) {
    socket.resume();
    socket.write(RUBBISH);
  },
  async function breaksOff(socket, random) {
    await once(socket, "data");
    drop(socket, random);
  },
];

/** A server of which each connection has a behaviour of its own. */
export class HostileServer {
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  #connections = 0;

  /** @param tls - speaks TLS, or does not do so where it should. */
  constructor(seed: number, tls: boolean) {
    this.#server = runInScope(undefined, () =>
      createServer({ allowHalfOpen: true }, (socket) => {
        this.#sockets.add(socket);
        socket.on("close", () => this.#sockets.delete(socket)).on("error", () => {});
        const random = new Random(seed, "hostile", String(tls), this.#connections++);
        void behave(socket, random, tls);
      }),
    );
  }

  async listen(): Promise<number> {
    await once(this.#server.listen(0, "127.0.0.1"), "listening");
    return (this.#server.address() as AddressInfo).port;
  }

  /** How many connections it has. */
  get connections(): number {
    return this.#sockets.size;
  }

  close(): void {
    this.#server.close();
    for (const socket of this.#sockets) socket.destroy();
  }
}

async function behave(socket: Socket, random: Random, tls: boolean): Promise<void> {
  if (!tls) return await random.pick(BEHAVIOURS)(socket, random);
  if (random.chance(0.25)) return await random.pick(BEFORE_TLS)(socket, random);
  const certificate = random.chance(0.15) ? OTHER : LOCALHOST;
  const secured = new TLSSocket(socket, { isServer: true, secureContext: createSecureContext(certificate) });
  secured.on("error", () => socket.destroy());
  await random.pick(BEHAVIOURS)(secured, random);
}

/** Answers so many lines, in parts; or until the other side has no more, and says so. */
async function answer(socket: Socket, random: Random, most: number): Promise<void> {
  let rest: Buffer = Buffer.alloc(0);
  let lines = 0;
  try {
    for await (const data of socket.iterator({ destroyOnReturn: false })) {
      rest = Buffer.concat([rest, data as Buffer]);
      for (let end = rest.indexOf(10); end >= 0; end = rest.indexOf(10)) {
        if (lines === most) return;
        const reply = answerTo(lines++, rest.subarray(0, end + 1));
        rest = rest.subarray(end + 1);
        const middle = random.between(0, reply.length);
        socket.write(reply.subarray(0, middle));
        if (random.chance(0.2)) await pause(random.between(0, 5));
        socket.write(reply.subarray(middle));
      }
    }
    socket.end(farewell(lines));
  } catch {
    // The client is gone.
    socket.destroy();
  }
}

function drop(socket: Socket, random: Random): void {
  if (random.chance(0.5) && !(socket instanceof TLSSocket) && socket.writable) socket.resetAndDestroy();
  else socket.destroy();
}
