import { expect, test } from "vitest";
import { runVirtual } from "./testing.ts";
import { GuestTask, guestSleep, type GuestStep, GuestWait, notePassed } from "./guest.ts";
import { addInstrument, type Instrument } from "./instrument.ts";
import { CancelledError, createTask, currentTask, type Future, getRunningLoop, sleep } from "./index.ts";

/** A guest whose code is a list of functions, one for each step. The last one's result is the task's. */
class Steps extends GuestTask<unknown> {
  readonly #steps: ((task: Steps) => unknown)[];
  awaited: Future<unknown> | null = null;
  held = false;
  #cancelled: string | undefined;
  #isCancelled = false;

  constructor(name: string, ...steps: ((task: Steps) => unknown)[]) {
    super(getRunningLoop(), name, "steps");
    this.#steps = steps;
  }

  /** Waits for so long. */
  sleep(seconds: number): void {
    const loop = getRunningLoop();
    this.awaited = guestSleep(loop, loop.time() + seconds, () => this.schedule());
  }

  protected override mayRun(): boolean {
    return !this.held;
  }

  protected override runStep(): GuestStep<unknown> {
    if (this.#isCancelled) return { then: "cancelled", message: this.#cancelled };
    const step = this.#steps.shift() as (task: Steps) => unknown;
    try {
      const value = step(this);
      return this.#steps.length > 0 ? { then: "wait" } : { then: "result", value };
    } catch (error) {
      return { then: "error", error, told: false };
    }
  }

  protected override waitsFor(): Future<unknown> {
    return this.awaited ?? new GuestWait(this.getLoop(), { words: () => "the guest's own", tasks: () => [] });
  }

  protected override cancelInGuest(message: string | undefined): boolean {
    this.#isCancelled = true;
    this.#cancelled = message;
    this.awaited?.cancel();
    this.schedule();
    return true;
  }
}

test("its steps take turns with those of other tasks, in order", async () => {
  const log: string[] = [];
  await runVirtual(async () => {
    const guest = new Steps(
      "guest",
      (task) => (log.push("G0"), task.schedule()),
      (task) => (log.push("G1"), task.schedule()),
      () => log.push("G2"),
    );
    const task = createTask(async () => {
      for (let i = 0; i < 3; i++) {
        log.push(`T${i}`);
        await sleep(0);
      }
    });
    await task;
    await guest;
  });
  expect(log).toEqual(["G0", "T0", "G1", "T1", "G2", "T2"]);
});

test("its result, its error and its cancellation come to who awaits it", async () => {
  await runVirtual(async () => {
    expect(await new Steps("a", () => 5)).toBe(5);
    const failing = new Steps("b", () => {
      throw new RangeError("no");
    });
    await expect(failing).rejects.toThrow(new RangeError("no"));
    const waiting = new Steps(
      "c",
      (task) => task.sleep(10),
      () => "never",
    );
    const waiter = createTask(async () => await waiting);
    await sleep(1);
    waiter.cancel("enough");
    await expect(waiter).rejects.toThrow(new CancelledError("enough"));
    expect([waiting.cancelled(), getRunningLoop().time()]).toEqual([true, 1]);
  });
});

test("while it is not to run, its turn passes", async () => {
  await runVirtual(async () => {
    const guest = new Steps("held", () => "ran");
    guest.held = true;
    await sleep(0);
    await sleep(0);
    expect(guest.done()).toBe(false);
    guest.held = false;
    guest.schedule();
    expect(await guest).toBe("ran");
  });
});

test("code that a step calls belongs to the task; what that code awaits, the task does not wait for", async () => {
  await runVirtual(async () => {
    const seen: unknown[] = [];
    const guest = new Steps("guest", () => {
      seen.push(currentTask());
      void (async () => {
        await sleep(1);
        seen.push("later");
      })();
      return "done";
    });
    expect(await guest).toBe("done");
    expect(seen).toEqual([guest]);
    await sleep(2);
    expect(seen).toEqual([guest, "later"]);
  });
});

test("who watches the loop hears of it as of any task", async () => {
  const log: string[] = [];
  const nameOf = (subject: object): string => ("getName" in subject ? (subject as Steps).getName() : "callback");
  const instrument: Instrument = {
    taskMade: (task) => void log.push(`made ${task.getName()}`),
    stepBegan: (subject) => void log.push(`began ${nameOf(subject)}`),
    stepEnded: (subject, _time, why, on) =>
      void log.push(`ended ${nameOf(subject)}: ${why} ${on?.constructor.name ?? ""}`),
    timerFired: () => void log.push("timer"),
    taskDone: (task) => void log.push(`done ${task.getName()}`),
    passed: (what) => void log.push(`passed ${JSON.stringify(what)}`),
  };
  await runVirtual(async () => {
    const loop = getRunningLoop();
    addInstrument(loop, instrument);
    await new Steps(
      "guest",
      (task) => task.schedule(),
      (task) => task.sleep(1),
      (task) => {
        task.awaited = null;
        task.schedule();
        notePassed(loop, 7);
      },
      () => "end",
    );
  });
  expect(log.filter((line) => /guest|timer|passed/.test(line))).toEqual([
    "made guest",
    "began guest",
    "ended guest: turn ",
    "began guest",
    "ended guest: wait Sleep",
    "timer",
    "began guest",
    'passed {"_id":7}',
    "ended guest: turn ",
    "began guest",
    "ended guest: done ",
    "done guest",
  ]);
});
