/** Renders a random program as Python. javascript.ts is its mirror image, statement by statement. */
import { Lines } from "./lines.ts";
import { inPython, operation } from "./operations.ts";
import type { Block, Operand, RandomProgram, Statement } from "./program.ts";
import { usesOf } from "./uses.ts";

/** A module that defines `async def main(log)`. */
export function toPython(program: RandomProgram): string {
  const lines = new Lines("    ");
  lines.add("import asyncio", "import contextvars", "", "from conformance import describe, show", "", "");
  lines.add("class Boom(Exception):", "    pass", "", "", "async def main(log):");
  lines.indent(() => {
    declare(lines, program);
    block(lines, program.body);
  });
  return lines.toString();
}

function declare(lines: Lines, program: RandomProgram): void {
  const { setup } = program;
  const uses = usesOf(program);
  lines.add("loop = asyncio.get_running_loop()");
  if (setup.eager) lines.add("loop.set_task_factory(asyncio.eager_task_factory)");
  if (uses.has("futures")) lines.add(`futures = [loop.create_future() for _ in range(${setup.futures})]`);
  if (uses.has("handles")) lines.add("handles = {}");
  if (uses.has("kept")) lines.add("kept = {}");
  if (uses.has("tasks")) lines.add("tasks = {}");
  if (uses.has("task")) {
    lines.add("no_task = loop.create_future()", `no_task.set_result("no task")`);
    lines.add("", "def task(slot):", "    return tasks.get(slot, no_task)", "");
  }
  if (uses.has("label")) {
    lines.add("def label(one):", "    if isinstance(one, asyncio.Task):", "        return one.get_name()");
    if (uses.has("futures")) {
      lines.add("    if one in futures:", `        return f"future {futures.index(one)}"`);
    }
    lines.add(`    return "no task"`, "");
  }
  if (uses.has("attempt")) {
    lines.add("def attempt(text, call):", "    try:", "        log(text + show(call()))");
    lines.add("    except Exception as error:", "        log(text + describe(error))", "");
  }
  if (uses.has("outcome")) {
    lines.add("def outcome(done):", "    if done.cancelled():", `        return "cancelled"`);
    lines.add("    error = done.exception()");
    lines.add("    return show(done.result()) if error is None else describe(error)", "");
  }
  if (uses.has("lock")) lines.add("lock = asyncio.Lock()");
  if (uses.has("sem")) lines.add(`sem = asyncio.${setup.semaphore}(${setup.slots})`);
  if (uses.has("event")) lines.add("event = asyncio.Event()");
  if (uses.has("asked")) {
    lines.add(
      "times = {}",
      "def asked(what):",
      "    times[what] = times.get(what, 0) + 1",
      "    return times[what]",
      "",
    );
  }
  if (uses.has("cond")) lines.add("cond = asyncio.Condition()");
  if (uses.has("barrier")) lines.add(`barrier = asyncio.Barrier(${setup.parties})`);
  if (uses.has("queue")) lines.add(`queue = asyncio.${setup.queue}(${setup.maxsize})`);
  if (uses.has("mark")) lines.add(`mark = contextvars.ContextVar("mark", default="unset")`);
}

function block(lines: Lines, statements: Block): void {
  for (const one of statements) statement(lines, one);
}

function body(lines: Lines, statements: Block): void {
  lines.indent(() => {
    if (statements.length === 0) lines.add("pass");
    block(lines, statements);
  });
}

const text = (value: string): string => JSON.stringify(value);
const message = (has: boolean, id: number): string => (has ? text(`m${id}`) : "");
const python = (value: number | null): string => (value === null ? "None" : String(value));
const list = (operands: string[]): string => `[${operands.join(", ")}]`;

/** Defines what the operand needs and gives the expression for it. */
function operand(lines: Lines, one: Operand): string {
  if (one.kind === "future") return `futures[${one.future}]`;
  if (one.kind === "task") return `task(${one.slot})`;
  if (one.kind === "kept") return `kept.get(${one.made}, no_task)`;
  coroutine(lines, `f${one.id}`, one.id, one.body);
  for (let level = 1; level < one.levels; level++) {
    const inner = level === 1 ? `f${one.id}` : `f${one.id}_${level - 1}`;
    lines.add(`async def f${one.id}_${level}():`, `    return await ${inner}()`);
  }
  return one.levels > 1 ? `f${one.id}_${one.levels - 1}()` : `f${one.id}()`;
}

function coroutine(lines: Lines, name: string, id: number, statements: Block): void {
  lines.add(`async def ${name}():`);
  lines.indent(() => {
    block(lines, statements);
    lines.add(`return "v${id}"`);
  });
}

function callback(lines: Lines, name: string, parameter: string, statements: Block, first: string): void {
  lines.add(`def ${name}(${parameter}):`);
  lines.indent(() => {
    lines.add(first);
    block(lines, statements);
  });
}

function awaits(lines: Lines, id: number, what: string, expression: string): void {
  lines.add(`log("${id} ${what}")`, `log("${id} " + show(await ${expression}))`);
}

function attempt(lines: Lines, id: number, what: string, expression: string): void {
  lines.add(`attempt("${id} ${what}: ", lambda: ${expression})`);
}

function statement(lines: Lines, s: Statement): void {
  const { id } = s;
  switch (s.kind) {
    case "sleep":
      return awaits(lines, id, `sleep ${s.delay}`, `asyncio.sleep(${s.delay}, "s${id}")`);
    case "await":
      return awaits(lines, id, "await", operand(lines, s.operand));
    case "awaitOpen": {
      const open = operand(lines, s.operand);
      return awaits(lines, id, "await", `(asyncio.sleep(0) if ${open}.done() else ${open})`);
    }
    case "gather": {
      const operands = s.operands.map((one) => operand(lines, one));
      if (s.returnExceptions) operands.push("return_exceptions=True");
      return awaits(lines, id, "gather", `asyncio.gather(${operands.join(", ")})`);
    }
    case "wait": {
      const operands = list(s.operands.map((one) => operand(lines, one)));
      const options = `timeout=${python(s.timeout)}, return_when=asyncio.${s.until}`;
      lines.add(`log("${id} wait")`, `done, pending = await asyncio.wait(${operands}, ${options})`);
      lines.add(`log("${id} " + show([[label(one) for one in done], [label(one) for one in pending]]))`);
      return;
    }
    case "asCompleted": {
      const operands = list(s.operands.map((one) => operand(lines, one)));
      lines.add(`log("${id} as_completed")`);
      lines.add(`async for one in asyncio.as_completed(${operands}, timeout=${python(s.timeout)}):`);
      lines.add(`    log("${id} " + label(one) + " " + outcome(one))`);
      if (s.first) lines.add("    break");
      return lines.add(`log("${id} all completed")`);
    }
    case "waitFor":
      return awaits(lines, id, "wait_for", `asyncio.wait_for(${operand(lines, s.operand)}, ${python(s.timeout)})`);
    case "shield":
      return awaits(lines, id, "shield", `asyncio.shield(${operand(lines, s.operand)})`);
    case "try": {
      lines.add("try:");
      body(lines, s.body);
      if (s.catches !== null) {
        const caught = { errors: "Exception", cancelled: "asyncio.CancelledError" };
        const all = `(${caught.errors}, ${caught.cancelled})`;
        lines.add(`except ${s.catches === "all" ? all : caught[s.catches]} as error${id}:`);
        lines.indent(() => {
          lines.add(`log("${id} caught " + describe(error${id}))`);
          block(lines, s.handler);
          if (s.again) lines.add("raise");
        });
      }
      if (s.catches !== null && s.last.length === 0) return;
      lines.add("finally:");
      lines.indent(() => {
        lines.add(`log("${id} finally")`);
        block(lines, s.last);
      });
      return;
    }
    case "timeout":
      lines.add(`log("${id} timeout ${s.delay}")`);
      lines.add(`async with asyncio.timeout(${python(s.delay)}) as scope${id}:`);
      body(lines, s.body);
      return lines.add(`log("${id} in time")`);
    case "group":
      lines.add(`log("${id} group")`, `async with asyncio.TaskGroup() as group${id}:`);
      body(lines, s.body);
      return lines.add(`log("${id} group is over")`);
    case "with":
      lines.add(`log("${id} ${s.holds}")`, `async with ${s.holds}:`);
      lines.indent(() => {
        lines.add(`log("${id} holds ${s.holds}")`);
        block(lines, s.body);
      });
      return lines.add(`log("${id} left ${s.holds}")`);
    case "repeat":
      // A function, so that each round has variables of its own, as in JavaScript.
      lines.add(`async def round${id}():`);
      body(lines, s.body);
      return lines.add(`for _ in range(${s.times}):`, `    await round${id}()`);
    case "create": {
      coroutine(lines, `f${id}`, id, s.body);
      const maker = s.group === null ? "asyncio" : `group${s.group}`;
      const options = (s.named ? `, name="t${s.slot}"` : "") + (s.eager ? ", eager_start=True" : "");
      lines.add(`tasks[${s.slot}] = ${maker}.create_task(f${id}()${options})`);
      return lines.add(`log("${id} made t${s.slot}")`);
    }
    case "cancel": {
      const call = `task(${s.slot}).cancel(${message(s.message, id)})`;
      if (s.silent) return lines.add(`log("${id} cancel t${s.slot}")`, call);
      return attempt(lines, id, `cancel t${s.slot}`, call);
    }
    case "cancelSelf":
      return attempt(lines, id, "cancel self", `asyncio.current_task().cancel(${message(s.message, id)})`);
    case "uncancel":
      return attempt(lines, id, "uncancel", "asyncio.current_task().uncancel()");
    case "settle": {
      const future = `futures[${s.future}]`;
      if (s.how === "cancel") return attempt(lines, id, `cancel future ${s.future}`, `${future}.cancel("c${id}")`);
      const call = s.how === "result" ? `set_result("r${id}")` : `set_exception(Boom("b${id}"))`;
      return attempt(lines, id, `settle future ${s.future}`, `${future}.done() or ${future}.${call}`);
    }
    case "callback": {
      callback(lines, `c${id}`, "", s.body, `log("${id} callback")`);
      const call = s.delay === null ? `call_soon(c${id})` : `call_later(${s.delay}, c${id})`;
      return lines.add(`handles[${id}] = loop.${call}`);
    }
    case "cancelHandle":
      return lines.add(`if ${s.handle} in handles:`, `    handles[${s.handle}].cancel()`);
    case "doneCallback":
      callback(lines, `c${id}`, "done", s.body, `log("${id} done: " + outcome(done))`);
      return lines.add(`${operand(lines, s.operand)}.add_done_callback(c${id})`);
    case "state":
      return attempt(lines, id, `t${s.slot}`, `[task(${s.slot}).done(), task(${s.slot}).cancelled()]`);
    case "keep": {
      const operands = s.operands.map((one) => operand(lines, one));
      if (s.how === "gatherAll") operands.push("return_exceptions=True");
      lines.add(`kept[${id}] = asyncio.${s.how === "shield" ? "shield" : "gather"}(${operands.join(", ")})`);
      return lines.add(`log("${id} kept a ${s.how}")`);
    }
    case "cancelKept": {
      const call = `kept.get(${s.made}, no_task).cancel("k${id}")`;
      if (s.silent) return lines.add(`log("${id} cancel ${s.made}")`, call);
      return attempt(lines, id, `cancel ${s.made}`, call);
    }
    case "uncancelTask": {
      const call = `[tasks[${s.slot}].uncancel(), tasks[${s.slot}].cancelling()]`;
      return attempt(lines, id, `uncancel t${s.slot}`, `${call} if ${s.slot} in tasks else None`);
    }
    case "scope":
      return attempt(lines, id, "scope", `[scope${s.scope}.expired(), scope${s.scope}.when()]`);
    case "raise":
      return lines.add(`raise ${s.interrupt ? "KeyboardInterrupt" : "Boom"}("b${id}")`);
    case "reschedule": {
      const when = s.delay === null ? "None" : `loop.time() + ${s.delay}`;
      return attempt(lines, id, "reschedule", `scope${s.scope}.reschedule(${when})`);
    }
    case "operation": {
      const { waits, gives } = operation(s.name);
      const call = inPython(s.name, id);
      if (!waits) return attempt(lines, id, s.name, gives ? call : `(${call}, None)[1]`);
      if (gives) return awaits(lines, id, s.name, call);
      return lines.add(`log("${id} ${s.name}")`, `await ${call}`, `log("${id} done")`);
    }
  }
}
