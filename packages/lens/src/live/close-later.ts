/** The program that `closer.ts` leaves behind: `close-later PID OWN_PID PORT`. */
import { setTimeout as delay } from "node:timers/promises";
import { CLOSE_INSPECTOR, inspectorPath, InspectorSession } from "./inspector.ts";
import { portsOf } from "./ports.ts";
import { isAlive } from "./target.ts";

/** How often to look, in ms. */
const INTERVAL = 250;
/** After this the process is left alone, in ms. */
const LONGEST = 10 * 60 * 1000;

const [pid = 0, ownPid = 0, expected = 0] = process.argv.slice(2).map(Number);
const before = portsOf(pid).own;
const begin = performance.now();
while (isAlive(pid) && performance.now() - begin < LONGEST && !(await closeIfOpen())) await delay(INTERVAL);

async function closeIfOpen(): Promise<boolean> {
  const { own } = portsOf(pid);
  const candidates = own === null ? [expected] : [...own].filter((port) => port === expected || !before?.has(port));
  for (const port of candidates) if (await closeAt(port)) return true;
  return false;
}

/** @returns whether the inspector at this port was the process's. It is closed then. */
async function closeAt(port: number): Promise<boolean> {
  const path = await inspectorPath(port);
  if (path === null) return false;
  const session = await InspectorSession.open(port, path);
  try {
    return (await session.evaluate(`process.pid === ${ownPid} && ${CLOSE_INSPECTOR}`)) !== false;
  } catch {
    return true; // It closed the session before it could answer.
  } finally {
    session.close();
  }
}
