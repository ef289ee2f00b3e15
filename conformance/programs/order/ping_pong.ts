import { createTask, getRunningLoop } from "turnwise";
import { show, type Log } from "../../log.ts";

/** Two tasks that hand each other futures take turns strictly. */
export default async function main(log: Log): Promise<void> {
  const loop = getRunningLoop();
  const ball = Array.from({ length: 7 }, () => loop.createFuture<void>());

  async function player(name: string, first: number): Promise<void> {
    for (let n = first; n < 6; n += 2) {
      await ball[n];
      log(`${name} has ball ${n}`);
      ball[n + 1]!.setResult();
    }
  }

  const ping = createTask(() => player("ping", 0));
  const pong = createTask(() => player("pong", 1));
  ball[0]!.setResult();
  await ball[6];
  log(`${show(ping.done())} ${show(pong.done())}`);
  await ping;
  await pong;
}
