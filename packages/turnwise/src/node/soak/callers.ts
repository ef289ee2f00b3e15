/** Clients under test, among servers of plain Node that are no friends. */
import { sleep, timeout } from "../../index.ts";
import type { StreamReader } from "../stream-reader.ts";
import type { StreamWriter } from "../stream-writer.ts";
import { openConnection } from "../streams.ts";
import { AUTHORITY } from "../testing/certificates.ts";
import { answerTo, farewell, Garbage, randomLine } from "./dialogue.ts";
import { RUBBISH } from "./hostile-server.ts";
import { Random } from "./random.ts";

/** Where a caller may connect. */
export interface Target {
  readonly port: number;
  readonly tls: boolean;
}

/**
 * Connects, sends lines, and reads the answers: how is random. Returns if all was answered.
 * @throws Garbage where the server broke the rules; WrongAnswer if what came is not what was sent.
 */
export async function call(seed: number, caller: number, targets: readonly Target[]): Promise<void> {
  const random = new Random(seed, "caller", caller);
  await sleep(random.between(0, 1500) / 1000);
  const { port, tls } = random.pick(targets);
  const options = tls ? { ssl: { ca: AUTHORITY }, sslHandshakeTimeout: 0.3 } : {};
  const seconds = random.between(20, 500) / 1000;
  await timeout(seconds, async () => {
    const [reader, writer] = await openConnection({ host: "127.0.0.1", port, ...options });
    if (random.chance(0.5)) {
      await using _ = writer;
      await talk(reader, writer, random);
    } else {
      try {
        await talk(reader, writer, random);
      } finally {
        writer.transport.abort();
      }
    }
  });
}

/** Something came that nobody sent. */
export class WrongAnswer extends Error {}

async function talk(reader: StreamReader, writer: StreamWriter, random: Random): Promise<void> {
  let nth = 0;
  for (let left = random.between(0, 6); left > 0; left--) {
    const isMuch = random.chance(0.1);
    const batch = Array.from({ length: random.between(1, isMuch ? 300 : 4) }, () => randomLine(random, false));
    if (random.chance(0.5)) writer.writelines(batch);
    else for (const line of batch) writer.write(line);
    await writer.drain();
    for (const line of batch) await expectNext(reader, answerTo(nth++, line), random);
    if (random.chance(0.2)) await sleep(random.between(0, 10) / 1000);
  }
  if (!writer.canWriteEof()) return;
  writer.writeEof();
  compare(await reader.read(), farewell(nth));
}

async function expectNext(reader: StreamReader, expected: Buffer, random: Random): Promise<void> {
  if (random.chance(0.5)) compare(await reader.readexactly(expected.length), expected);
  else compare(await reader.readuntil(random.pick(["\n", ["\0", "\n"]])), expected);
}

function compare(data: Buffer, expected: Buffer): void {
  if (data.equals(expected)) return;
  if (data[0] === RUBBISH[0]) throw new Garbage("rubbish");
  // A server that breaks off says one byte more, or nothing.
  if (data.length === 0 || data.toString() === "1") throw new Garbage("the end");
  throw new WrongAnswer(
    `${data.subarray(0, 40).toString("latin1")} in place of ${expected.subarray(0, 40).toString()}`,
  );
}
