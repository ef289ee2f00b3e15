// What is tested: a client that gives each try a second, and waits longer after each failure.
import * as asyncio from "turnwise";

/** A request, and the future that the answer goes to. */
export interface Request {
  readonly path: string;
  readonly answer: asyncio.Future<string>;
}

/** Where requests go: a server takes them from here. */
export type Connection = asyncio.Queue<Request>;

/** Asks for `path`; tries again, after 1, 2, 4 ... seconds, if there is no answer within a second. */
export async function get(connection: Connection, path: string, tries = 4): Promise<string> {
  for (let pause = 1; ; pause *= 2) {
    try {
      return await asyncio.timeout(1, () => ask(connection, path));
    } catch (error) {
      if (!(error instanceof asyncio.TimeoutError) || --tries === 0) throw error;
      await asyncio.sleep(pause);
    }
  }
}

async function ask(connection: Connection, path: string): Promise<string> {
  const answer = asyncio.getRunningLoop().createFuture<string>();
  await connection.put({ path, answer });
  return await answer;
}
