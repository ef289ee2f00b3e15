/** Random programs of tasks, scopes and cancellations: what must hold whatever happens. */
import { setTimeout as hostSleep } from "node:timers/promises";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { createTask } from "./coroutines.ts";
import { CancelledError, ExceptionGroup, TimeoutError } from "./exceptions.ts";
import { currentTask, getRunningLoop } from "./running.ts";
import { shield } from "./shield.ts";
import { sleep } from "./sleep.ts";
import { taskGroup } from "./taskgroups.ts";
import type { Task } from "./tasks.ts";
import { runVirtual } from "./testing.ts";
import { timeout } from "./timeouts.ts";

type Action =
  | { kind: "sleep" | "micro" | "foreign" | "fail"; n: number }
  | { kind: "timeout" | "group" | "all" | "race" | "shield" | "finally"; n: number; body: Action[] };

const { action } = fc.letrec<{ action: Action }>((tie) => {
  const body = fc.array(tie("action"), { minLength: 1, maxLength: 3 });
  return {
    action: fc.oneof(
      { depthSize: "small", withCrossShrink: true },
      fc.record({ kind: fc.constantFrom("sleep", "micro", "foreign" as const), n: fc.nat(4) }),
      fc.record({ kind: fc.constant("fail" as const), n: fc.nat(4) }),
      fc.record({ kind: fc.constantFrom("timeout", "group", "shield", "finally" as const), n: fc.nat(4), body }),
      fc.record({ kind: fc.constantFrom("all", "race" as const), n: fc.nat(4), body }),
    ) as fc.Arbitrary<Action>,
  };
});

class Expected extends Error {}

function isExpected(thrown: unknown): boolean {
  if (thrown instanceof ExceptionGroup) return thrown.errors.every(isExpected);
  return thrown instanceof Expected || thrown instanceof CancelledError || thrown instanceof TimeoutError;
}

test("every finally runs once, requests to cancel are counted right, no step begins inside another", async () => {
  const program = fc.record({
    bodies: fc.array(fc.array(action, { minLength: 1, maxLength: 4 }), { minLength: 1, maxLength: 4 }),
    cancels: fc.array(fc.record({ at: fc.integer({ min: 0, max: 40 }), task: fc.nat(3) }), { maxLength: 4 }),
  });
  await fc.assert(
    fc.asyncProperty(program, async ({ bodies, cancels }) => {
      let entered = 0;
      let left = 0;
      let foreignUsed = false;
      const problems: string[] = [];
      // The branches of a fork share one count, so in them a scope may see the requests of another.
      const countsAreOwn = cancels.length === 0 && !/"kind":"(all|race)"/.test(JSON.stringify(bodies));

      const perform = async (todo: Action): Promise<void> => {
        const me = currentTask() as Task<unknown>;
        const before = me.cancelling();
        entered++;
        let ended: unknown = "returned";
        try {
          await performInner(todo);
        } catch (thrown) {
          ended = thrown;
          if (!isExpected(thrown)) problems.push(String(thrown));
          throw thrown;
        } finally {
          left++;
          if (currentTask() !== me && !me.done()) problems.push(`another current task after ${todo.kind}`);
          const after = me.cancelling();
          // A scope takes back what it asked for.
          if (countsAreOwn && after !== before && (todo.kind === "timeout" || todo.kind === "group")) {
            if (ended === "returned" || ended instanceof TimeoutError)
              problems.push(`${todo.kind}: ${before} to ${after}`);
          }
        }
      };

      const sequence = async (body: Action[]): Promise<void> => {
        for (const todo of body) await perform(todo);
      };

      const performInner = async (todo: Action): Promise<void> => {
        switch (todo.kind) {
          case "sleep":
            await sleep(todo.n);
            return;
          case "micro":
            for (let i = 0; i < todo.n; i++) await Promise.resolve();
            return;
          case "foreign":
            foreignUsed = true;
            await hostSleep(0);
            return;
          case "fail":
            await sleep(todo.n / 2);
            throw new Expected("fail");
          case "timeout":
            await timeout(todo.n, () => sequence(todo.body));
            return;
          case "group":
            await taskGroup(async (group) => {
              for (const child of todo.body) group.createTask(() => perform(child));
              await sleep(todo.n);
            });
            return;
          case "all":
            await Promise.allSettled(todo.body.map(perform));
            return;
          case "race": {
            const branches = todo.body.map(perform);
            try {
              await Promise.all(branches);
            } finally {
              // No branch is left behind: those are in no task, and scopes need one.
              await Promise.allSettled(branches);
            }
            return;
          }
          case "shield":
            await shield(() => sequence(todo.body));
            return;
          case "finally":
            try {
              await sequence(todo.body);
            } finally {
              await sleep(todo.n / 4).catch(() => {});
            }
        }
      };

      await runVirtual(
        async () => {
          const loop = getRunningLoop();
          loop.setExceptionHandler((_loop, { exception, message }) => {
            if (!isExpected(exception)) problems.push(`${message}: ${String(exception)}`);
          });
          const tasks = bodies.map((body) => createTask(() => sequence(body)));
          for (const { at, task } of cancels) loop.callLater(at / 4, () => tasks[task % tasks.length]?.cancel());
          for (const task of tasks) await shield(task).catch(() => {});
          expect(tasks.every((task) => task.done())).toBe(true);
          if (countsAreOwn) expect(tasks.map((task) => task.cancelling())).toEqual(tasks.map(() => 0));
          // What was left behind ends, though a branch that nobody awaits may be in a foreign wait.
          for (let i = 0; i < 20 && (i === 0 || left < entered); i++) {
            if (foreignUsed) await hostSleep(2);
            await sleep(1000);
          }
        },
        { patience: 0.15 },
      );
      expect(problems).toEqual([]);
      expect(left).toBe(entered);
    }),
    { numRuns: 200, interruptAfterTimeLimit: 4000 },
  );
});
