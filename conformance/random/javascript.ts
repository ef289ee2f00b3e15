/** Renders a random program as JavaScript. python.ts is its mirror image, statement by statement. */
import { Lines } from "./lines.ts";
import { inJavaScript, operation } from "./operations.ts";
import type { Block, Operand, RandomProgram, Statement } from "./program.ts";
import { usesOf } from "./uses.ts";

/** The body of an async function whose parameters are `log`, `describe`, `show` and what Turnwise exports. */
export function toJavaScript(program: RandomProgram): string {
  const lines = new Lines("  ", 1);
  declare(lines, program);
  block(lines, program.body);
  return lines.toString();
}

function declare(lines: Lines, program: RandomProgram): void {
  const { setup } = program;
  const uses = usesOf(program);
  lines.add("class Boom extends Error {", `  name = "Boom";`, "}");
  lines.add("const loop = getRunningLoop();");
  if (setup.eager) lines.add("loop.setTaskFactory(eagerTaskFactory);");
  if (uses.has("futures")) {
    lines.add(`const futures = Array.from({ length: ${setup.futures} }, () => loop.createFuture());`);
  }
  if (uses.has("handles")) lines.add("const handles = new Map();");
  if (uses.has("kept")) lines.add("const kept = new Map();");
  if (uses.has("tasks")) lines.add("const tasks = new Map();");
  if (uses.has("task")) {
    lines.add("const noTask = loop.createFuture();", `noTask.setResult("no task");`);
    lines.add("const task = (slot) => tasks.get(slot) ?? noTask;");
  }
  if (uses.has("label")) {
    lines.add("const label = (one) => {", "  if (one instanceof Task) return one.getName();");
    if (uses.has("futures")) {
      lines.add("  if (futures.includes(one)) return `future ${futures.indexOf(one)}`;");
    }
    lines.add(`  return "no task";`, "};");
  }
  if (uses.has("attempt")) {
    lines.add("const attempt = (text, call) => {", "  try {", "    log(text + show(call()));");
    lines.add("  } catch (error) {", "    log(text + describe(error));", "  }", "};");
  }
  if (uses.has("outcome")) {
    lines.add("const outcome = (done) => {", `  if (done.cancelled()) return "cancelled";`);
    lines.add("  const error = done.exception();");
    lines.add("  return error ? describe(error) : show(done.result());", "};");
  }
  if (uses.has("lock")) lines.add("const lock = new Lock();");
  if (uses.has("sem")) lines.add(`const sem = new ${setup.semaphore}(${setup.slots});`);
  if (uses.has("event")) lines.add("const event = new Event();");
  if (uses.has("asked")) {
    lines.add("const times = new Map();", "const asked = (what) => {");
    lines.add("  times.set(what, (times.get(what) ?? 0) + 1);", "  return times.get(what);", "};");
  }
  if (uses.has("cond")) lines.add("const cond = new Condition();");
  if (uses.has("barrier")) lines.add(`const barrier = new Barrier(${setup.parties});`);
  if (uses.has("queue")) lines.add(`const queue = new ${setup.queue}(${setup.maxsize});`);
  if (uses.has("mark")) lines.add(`const mark = new ContextVar("mark", { defaultValue: "unset" });`);
}

function block(lines: Lines, statements: Block): void {
  for (const one of statements) statement(lines, one);
}

function body(lines: Lines, statements: Block): void {
  lines.indent(() => block(lines, statements));
}

const text = (value: string): string => JSON.stringify(value);
const message = (has: boolean, id: number): string => (has ? text(`m${id}`) : "");
const list = (operands: string[]): string => `[${operands.join(", ")}]`;

/** Defines what the operand needs and gives the expression for it. */
function operand(lines: Lines, one: Operand): string {
  if (one.kind === "future") return `futures[${one.future}]`;
  if (one.kind === "task") return `task(${one.slot})`;
  if (one.kind === "kept") return `(kept.get(${one.made}) ?? noTask)`;
  coroutine(lines, `f${one.id}`, one.id, one.body);
  for (let level = 1; level < one.levels; level++) {
    const inner = level === 1 ? `f${one.id}` : `f${one.id}_${level - 1}`;
    lines.add(`const f${one.id}_${level} = async () => await ${inner}();`);
  }
  return one.levels > 1 ? `f${one.id}_${one.levels - 1}` : `f${one.id}`;
}

function coroutine(lines: Lines, name: string, id: number, statements: Block): void {
  lines.add(`const ${name} = async () => {`);
  lines.indent(() => {
    block(lines, statements);
    lines.add(`return "v${id}";`);
  });
  lines.add("};");
}

function callback(lines: Lines, name: string, parameter: string, statements: Block, first: string): void {
  lines.add(`const ${name} = (${parameter}) => {`);
  lines.indent(() => {
    lines.add(first);
    block(lines, statements);
  });
  lines.add("};");
}

function awaits(lines: Lines, id: number, what: string, expression: string): void {
  lines.add(`log("${id} ${what}");`, `log("${id} " + show(await ${expression}));`);
}

function attempt(lines: Lines, id: number, what: string, expression: string): void {
  lines.add(`attempt("${id} ${what}: ", () => ${expression});`);
}

function statement(lines: Lines, s: Statement): void {
  const { id } = s;
  switch (s.kind) {
    case "sleep":
      return awaits(lines, id, `sleep ${s.delay}`, `sleep(${s.delay}, "s${id}")`);
    case "await": {
      const call = s.operand.kind === "coroutine" ? "()" : "";
      return awaits(lines, id, "await", operand(lines, s.operand) + call);
    }
    case "awaitOpen": {
      const open = operand(lines, s.operand);
      return awaits(lines, id, "await", `(${open}.done() ? sleep(0) : ${open})`);
    }
    case "gather": {
      const operands = s.operands.map((one) => operand(lines, one));
      const call = s.returnExceptions
        ? `gather(${list(operands)}, { returnExceptions: true })`
        : `gather(${operands.join(", ")})`;
      return awaits(lines, id, "gather", call);
    }
    case "wait": {
      const operands = list(s.operands.map((one) => operand(lines, one)));
      const timeout = s.timeout === null ? "" : `timeout: ${s.timeout}, `;
      lines.add(`log("${id} wait");`);
      lines.add(`const w${id} = await wait(${operands}, { ${timeout}returnWhen: "${s.until}" });`);
      lines.add(`log("${id} " + show([[...w${id}.done].map(label), [...w${id}.pending].map(label)]));`);
      return;
    }
    case "asCompleted": {
      const operands = list(s.operands.map((one) => operand(lines, one)));
      const timeout = s.timeout === null ? "" : `, { timeout: ${s.timeout} }`;
      lines.add(`log("${id} as_completed");`);
      lines.add(`for await (const one of asCompleted(${operands}${timeout})) {`);
      lines.add(`  log("${id} " + label(one) + " " + outcome(one));`);
      if (s.first) lines.add("  break;");
      return lines.add("}", `log("${id} all completed");`);
    }
    case "waitFor":
      return awaits(lines, id, "wait_for", `waitFor(${operand(lines, s.operand)}, ${s.timeout})`);
    case "shield":
      return awaits(lines, id, "shield", `shield(${operand(lines, s.operand)})`);
    case "try":
      lines.add("try {");
      body(lines, s.body);
      if (s.catches !== null) {
        lines.add(`} catch (error${id}) {`);
        lines.indent(() => {
          const cancelled = `error${id} instanceof CancelledError`;
          lines.add(`if (error${id} instanceof KeyboardInterrupt) throw error${id};`);
          if (s.catches === "errors") lines.add(`if (${cancelled}) throw error${id};`);
          if (s.catches === "cancelled") lines.add(`if (!(${cancelled})) throw error${id};`);
          lines.add(`log("${id} caught " + describe(error${id}));`);
          block(lines, s.handler);
          if (s.again) lines.add(`throw error${id};`);
        });
      }
      if (s.catches === null || s.last.length > 0) {
        lines.add("} finally {", `  log("${id} finally");`);
        body(lines, s.last);
      }
      return lines.add("}");
    case "timeout":
      lines.add(`log("${id} timeout ${s.delay}");`, `await timeout(${s.delay}, async (scope${id}) => {`);
      body(lines, s.body);
      return lines.add("});", `log("${id} in time");`);
    case "group":
      lines.add(`log("${id} group");`, `await taskGroup(async (group${id}) => {`);
      body(lines, s.body);
      return lines.add("});", `log("${id} group is over");`);
    case "with":
      lines.add(`log("${id} ${s.holds}");`, `await ${s.holds}.with(async () => {`);
      lines.add(`  log("${id} holds ${s.holds}");`);
      body(lines, s.body);
      return lines.add("});", `log("${id} left ${s.holds}");`);
    case "repeat":
      lines.add(`for (let i${id} = 0; i${id} < ${s.times}; i${id}++) {`);
      body(lines, s.body);
      return lines.add("}");
    case "create": {
      coroutine(lines, `f${id}`, id, s.body);
      const maker = s.group === null ? "" : `group${s.group}.`;
      const options = [...(s.named ? [`name: "t${s.slot}"`] : []), ...(s.eager ? ["eagerStart: true"] : [])];
      const last = options.length > 0 ? `, { ${options.join(", ")} }` : "";
      lines.add(`tasks.set(${s.slot}, ${maker}createTask(f${id}${last}));`);
      return lines.add(`log("${id} made t${s.slot}");`);
    }
    case "cancel": {
      const call = `task(${s.slot}).cancel(${message(s.message, id)})`;
      if (s.silent) return lines.add(`log("${id} cancel t${s.slot}");`, `${call};`);
      return attempt(lines, id, `cancel t${s.slot}`, call);
    }
    case "cancelSelf":
      return attempt(lines, id, "cancel self", `currentTask().cancel(${message(s.message, id)})`);
    case "uncancel":
      return attempt(lines, id, "uncancel", "currentTask().uncancel()");
    case "settle": {
      const future = `futures[${s.future}]`;
      if (s.how === "cancel") return attempt(lines, id, `cancel future ${s.future}`, `${future}.cancel("c${id}")`);
      const call = s.how === "result" ? `setResult("r${id}")` : `setException(new Boom("b${id}"))`;
      return attempt(lines, id, `settle future ${s.future}`, `${future}.done() || ${future}.${call}`);
    }
    case "callback": {
      callback(lines, `c${id}`, "", s.body, `log("${id} callback");`);
      const call = s.delay === null ? `callSoon(c${id})` : `callLater(${s.delay}, c${id})`;
      return lines.add(`handles.set(${id}, loop.${call});`);
    }
    case "cancelHandle":
      return lines.add(`handles.get(${s.handle})?.cancel();`);
    case "doneCallback":
      callback(lines, `c${id}`, "done", s.body, `log("${id} done: " + outcome(done));`);
      return lines.add(`${operand(lines, s.operand)}.addDoneCallback(c${id});`);
    case "state":
      return attempt(lines, id, `t${s.slot}`, `[task(${s.slot}).done(), task(${s.slot}).cancelled()]`);
    case "keep": {
      const operands = s.operands.map((one) => operand(lines, one)).join(", ");
      const call = { gather: `gather(${operands})`, gatherAll: `gather([${operands}], { returnExceptions: true })` };
      lines.add(`kept.set(${id}, ${s.how === "shield" ? `shield(${operands})` : call[s.how]});`);
      return lines.add(`log("${id} kept a ${s.how}");`);
    }
    case "cancelKept": {
      const call = `(kept.get(${s.made}) ?? noTask).cancel("k${id}")`;
      if (s.silent) return lines.add(`log("${id} cancel ${s.made}");`, `${call};`);
      return attempt(lines, id, `cancel ${s.made}`, call);
    }
    case "uncancelTask": {
      const call = `[tasks.get(${s.slot}).uncancel(), tasks.get(${s.slot}).cancelling()]`;
      return attempt(lines, id, `uncancel t${s.slot}`, `tasks.has(${s.slot}) ? ${call} : null`);
    }
    case "scope":
      return attempt(lines, id, "scope", `[scope${s.scope}.expired(), scope${s.scope}.when()]`);
    case "raise":
      return lines.add(`throw new ${s.interrupt ? "KeyboardInterrupt" : "Boom"}("b${id}");`);
    case "reschedule": {
      const when = s.delay === null ? "null" : `loop.time() + ${s.delay}`;
      return attempt(lines, id, "reschedule", `scope${s.scope}.reschedule(${when})`);
    }
    case "operation": {
      const { waits, gives } = operation(s.name);
      const call = inJavaScript(s.name, id);
      if (!waits) return attempt(lines, id, s.name, gives ? call : `(${call}, null)`);
      if (gives) return awaits(lines, id, s.name, call);
      return lines.add(`log("${id} ${s.name}");`, `await ${call};`, `log("${id} done");`);
    }
  }
}
