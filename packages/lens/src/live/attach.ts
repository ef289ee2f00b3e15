/** `attach`: a way into a Turnwise process that runs, and out of it again, so that it is left as it was. */
import { setTimeout as delay } from "node:timers/promises";
import { AttachError } from "./attach-error.ts";
import { closeLater } from "./closer.ts";
import { CLOSE_INSPECTOR, ConnectionLost, inspectorPath, InspectorSession } from "./inspector.ts";
import { look } from "./look.ts";
import { type Patience, patiently } from "./patience.ts";
import { type Ports, portsOf } from "./ports.ts";
import type { Snapshot } from "./snapshot.ts";
import { findTarget, isAlive, type Target } from "./target.ts";

/** Another `turnwise ps` may have the port, and is soon done with it, in ms. */
const PORT_PATIENCE = 2000;
/** Until the process is asked again, in ms, if somebody else had the port when it was asked. */
const ASK_AGAIN = 300;
/** How long closing may take before it is left to the process, in ms. */
const CLOSE_PATIENCE = 500;

/**
 * Opens the inspector of process `pid` on the loopback interface, unless it is open already. It answers also while the
 * process runs JavaScript; not while it is in a native call.
 *
 * Call {@link AttachedProcess.close} in the end: it closes the inspector again, if this opened it.
 * @throws AttachError if there is no such process, it is another user's, no Node, does not run on Turnwise or does not
 * answer in time, or if another process has the port.
 */
export async function attach(pid: number, patience: Patience = {}): Promise<AttachedProcess> {
  const opening = new Opening(findTarget(pid));
  try {
    return await patiently(
      pid,
      patience,
      (signal) => opening.open(signal),
      () => opening.isHeldUpBy(),
    );
  } catch (thrown) {
    await opening.undo();
    const helper = opening.closedLaterBy;
    if (!(thrown instanceof AttachError) || helper === null) throw thrown;
    const more = `; when the call ends, the inspector opens, and process ${helper}, which stays behind for that, closes it`;
    throw new AttachError(thrown.code, thrown.message + more);
  }
}

/** The tasks of process `pid` now. @throws AttachError as {@link attach} does. */
export async function snapshotOf(pid: number, patience: Patience = {}): Promise<Snapshot> {
  for (let attempt = 1; ; attempt++) {
    const attached = await attach(pid, patience);
    try {
      return await attached.snapshot(patience);
    } catch (thrown) {
      // Somebody else who looked at the same process was done.
      const isLost = thrown instanceof AttachError && thrown.code === "closed";
      if (!isLost || attempt === 3) throw thrown;
    } finally {
      await attached.close();
    }
  }
}

/** A process whose inspector is open. */
export class AttachedProcess {
  readonly #target: Target;
  readonly #session: InspectorSession;
  /** The port to close in the end; null if it was open before. */
  readonly #opened: number | null;

  /** @internal Made by {@link attach}. */
  constructor(target: Target, session: InspectorSession, opened: number | null) {
    this.#target = target;
    this.#session = session;
    this.#opened = opened;
  }

  /** Settles when the process has ended, or its inspector was closed. */
  get ended(): Promise<void> {
    return this.#session.closed;
  }

  /** The tasks of the process now. @throws AttachError if it does not answer in time, or has ended. */
  async snapshot(patience: Patience = {}): Promise<Snapshot> {
    const { pid } = this.#target;
    let snapshot: Snapshot;
    try {
      // As text: to take an object apart costs the inspector more.
      const json = await patiently(pid, patience, () => this.#session.evaluate(`JSON.stringify((${String(look)})())`));
      snapshot = JSON.parse(json as string) as Snapshot;
    } catch (thrown) {
      if (!(thrown instanceof ConnectionLost)) throw thrown;
      if (await endsSoon(pid)) throw new AttachError("ended", `process ${pid} has ended`);
      throw new AttachError("closed", `somebody closed the inspector of process ${pid}: try again`);
    }
    if (!snapshot.turnwise) {
      throw new AttachError("not-turnwise", `process ${pid} is a Node process, but has run no loop of Turnwise so far`);
    }
    return snapshot;
  }

  /** Leaves the process as it was. If a native call keeps it, the inspector closes at the end of that. */
  async close(): Promise<void> {
    if (this.#opened === null) {
      this.#session.close();
      return;
    }
    await closeInspector(this.#session);
    const deadline = performance.now() + CLOSE_PATIENCE;
    while (portsOf(this.#target.pid).own?.has(this.#opened) === true && performance.now() < deadline) await delay(10);
  }
}

/** Whether a process whose connections are gone is about to end. */
async function endsSoon(pid: number): Promise<boolean> {
  for (const begin = performance.now(); isAlive(pid); await delay(10)) {
    if (performance.now() - begin > CLOSE_PATIENCE) return false;
  }
  return true;
}

/** Closes the inspector, and with it the session. What was sent is carried out even after this has gone away. */
async function closeInspector(session: InspectorSession): Promise<void> {
  session.evaluate(CLOSE_INSPECTOR).catch(() => {});
  await Promise.race([session.closed, delay(CLOSE_PATIENCE, undefined, { ref: false })]);
  session.close();
}

/** The way to an open inspector. Whatever was done on it can be undone. */
class Opening {
  readonly #target: Target;
  #session: InspectorSession | null = null;
  #asked = false;
  #portIsTaken = false;
  /** A process that was left behind. */
  closedLaterBy: number | null = null;

  constructor(target: Target) {
    this.#target = target;
  }

  async open(signal: AbortSignal): Promise<AttachedProcess> {
    const { pid } = this.#target;
    const { port: expected } = this.#target.inspector;
    const begin = performance.now();
    let before = portsOf(pid);
    let toTry = this.#mayBeOpenAt(before);
    let asked: { readonly at: number; readonly connections: ReadonlySet<string> } | null = null;
    for (let pause = 5; ; pause = Math.min(pause * 2, 100)) {
      if (!isAlive(pid)) throw new AttachError("ended", `process ${pid} has ended`);
      const ports = portsOf(pid);
      for (const port of toTry) {
        const session = await this.#enter(port);
        if (session !== null) return new AttachedProcess(this.#target, session, this.#asked ? port : null);
      }
      this.#portIsTaken = expected !== 0 && (await ports.isTaken(expected));
      if (this.#portIsTaken) {
        // Taken after the process was asked, it may have failed: it is asked once more when the port is free.
        asked = null;
        if (performance.now() - begin > PORT_PATIENCE) throw portTaken(pid, expected);
      } else if (asked === null || (performance.now() - asked.at > ASK_AGAIN && wasUsed(expected, ports, asked))) {
        asked = { at: performance.now(), connections: ports.connections(expected) };
        this.#asked = true;
        (process as unknown as { _debugProcess(pid: number): void })._debugProcess(pid);
      }
      await delay(pause, undefined, { signal });
      const now = portsOf(pid);
      toTry = this.#mayHaveOpenedAt(before, now);
      if (expected !== 0 || now.own?.isSupersetOf(before.own ?? new Set()) !== false) continue;
      // A port was closed: it may be that of an inspector which somebody else had opened.
      before = now;
      asked = null;
    }
  }

  /** What keeps it waiting, in words. */
  isHeldUpBy(): string {
    if (this.#portIsTaken) return `port ${this.#target.inspector.port}, where it would open its inspector, is taken`;
    const call = "a native call, such as execSync, keeps it";
    return this.#session === null ? `${call}, or it handles SIGUSR1 itself` : call;
  }

  /** Takes back what was done so far. */
  async undo(): Promise<void> {
    if (!this.#asked) this.#session?.close();
    else if (this.#session !== null) await closeInspector(this.#session);
    else if (isAlive(this.#target.pid)) this.closedLaterBy = closeLater(this.#target);
  }

  /** Where an open inspector may be. Other ports are not tried: the process's own servers must not notice anything. */
  #mayBeOpenAt({ own }: Ports): number[] {
    const { port, openFromStart } = this.#target.inspector;
    if (port !== 0) return own?.has(port) === false ? [] : [port];
    return openFromStart ? [...(own ?? [])] : [];
  }

  /** The same, after the process was asked. */
  #mayHaveOpenedAt(before: Ports, { own }: Ports): number[] {
    const { port } = this.#target.inspector;
    if (own === null) return port === 0 ? [] : [port];
    return [...own].filter((each) => each === port || before.own?.has(each) !== true);
  }

  /** @returns the session; null if this is no inspector of the process. */
  async #enter(port: number): Promise<InspectorSession | null> {
    const path = await inspectorPath(port);
    if (path === null) return null;
    try {
      this.#session = await InspectorSession.open(port, path);
      if ((await this.#session.evaluate("process.pid")) === this.#target.ownPid) return this.#session;
      this.#session.close();
    } catch (thrown) {
      if (!(thrown instanceof ConnectionLost)) throw thrown;
    }
    this.#session = null;
    return null;
  }
}

/** Whether somebody had the port after the process was asked, for a moment that was not seen from here. */
function wasUsed(port: number, now: Ports, before: { readonly connections: ReadonlySet<string> }): boolean {
  return !now.connections(port).isSubsetOf(before.connections);
}

function portTaken(pid: number, port: number): AttachError {
  return new AttachError(
    "port-taken",
    `port ${port}, where process ${pid} would open its inspector, is taken by another process: stop that one, or start process ${pid} with node --inspect-port=0`,
  );
}
