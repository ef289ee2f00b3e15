/** Makes random programs. What it favours: few shared objects, many tasks that meet at them, and cancellation. */
import { madeSure } from "./eager.ts";
import { operationsOn, operation, type OperationName } from "./operations.ts";
import { DELAYS, OBJECTS, type Place, TIMEOUTS } from "./place.ts";
import { Prng } from "./prng.ts";
import type { Block, Catches, Operand, RandomProgram, Setup, Statement, StatementBody, WaitUntil } from "./program.ts";

type Maker = (place: Place) => StatementBody;

export function generateProgram(seed: number): RandomProgram {
  return new Generator(seed).program();
}

class Generator {
  readonly #random: Prng;
  readonly #seed: number;
  /** How many tasks of a hundred are begun eagerly. */
  readonly #eagerPercent: number;
  /** Some errors are KeyboardInterrupts. */
  readonly #interrupts: boolean;
  readonly #setup: Setup;
  /** The objects this program is about; few of them, so that its tasks meet. */
  readonly #objects: readonly OperationName[];
  readonly #holdable: readonly ("lock" | "sem" | "cond")[];
  #budget: number;
  #lastId = 0;
  #lastSlot = 0;
  readonly #handles: number[] = [];
  readonly #eagerSlots = new Set<number>();
  /** The futures that are kept: by the slot of the code that made them. They wait for slots above. */
  readonly #kept: { id: number; owner: number }[] = [];

  constructor(seed: number) {
    this.#seed = seed;
    const random = (this.#random = new Prng(seed));
    this.#eagerPercent = random.pick([0, 0, 15, 40, 100]);
    this.#interrupts = random.chance(8);
    this.#budget = 10 + random.below(50);
    this.#setup = {
      eager: this.#eagerPercent === 100,
      futures: 1 + random.below(3),
      semaphore: random.pick(["Semaphore", "BoundedSemaphore"]),
      slots: random.below(3),
      parties: 1 + random.below(3),
      queue: random.pick(["Queue", "Queue", "PriorityQueue", "LifoQueue"]),
      maxsize: random.below(3),
    };
    const objects = OBJECTS.filter(() => random.chance(35));
    this.#objects = objects.flatMap((object) => operationsOn(object));
    this.#holdable = (["lock", "sem", "cond"] as const).filter((object) => objects.includes(object));
  }

  program(): RandomProgram {
    const top: Place = { owner: 0, depth: 0, inCallback: false, groups: [], scopes: [], holds: [] };
    const body: Block = [];
    // A few tasks first, so that there is somebody to cancel and to wait for.
    for (let n = this.#random.below(4); n > 0; n--) body.push(this.#number(this.#create(top)));
    for (let future = 0; future < this.#setup.futures; future++) {
      if (this.#random.chance(60)) body.push(this.#settleLater(future));
    }
    for (const statement of this.#block(top, 4, 11)) body.push(this.#mostlyGuarded(statement));
    if (this.#lastSlot > 0 && this.#random.chance(60)) body.push(this.#joinAll());
    const main = this.#random.chance(40) ? [this.#number({ kind: "timeout", delay: 20, body })] : body;
    return { seed: this.#seed, setup: this.#setup, body: main };
  }

  #number(body: StatementBody): Statement {
    return { id: ++this.#lastId, ...body };
  }

  /** An error that ends the main task ends the program; most are caught, so that the rest of it counts. */
  #mostlyGuarded(statement: Statement): Statement {
    const settled = ["create", "callback", "try", "cancel", "settle", "state"].includes(statement.kind);
    if (settled || this.#random.chance(25)) return statement;
    return this.#number({ kind: "try", body: [statement], catches: "all", handler: [], again: false, last: [] });
  }

  #settleLater(future: number): Statement {
    const settle = this.#number({ kind: "settle", future, how: this.#random.pick(["result", "result", "error"]) });
    return this.#number({ kind: "callback", delay: this.#random.pick([0, 1, 2, 3]), body: [settle] });
  }

  #joinAll(): Statement {
    const operands: Operand[] = [];
    for (let slot = 1; slot <= this.#lastSlot; slot++) operands.push({ kind: "task", slot });
    return this.#number({ kind: "gather", operands, returnExceptions: this.#random.chance(70) });
  }

  #block(place: Place, least: number, most: number): Block {
    const block: Block = [];
    const length = least + this.#random.below(most - least + 1);
    for (let n = 0; n < length && this.#budget > 0; n++) {
      this.#budget--;
      block.push(this.#statement(place));
      if (block.at(-1)?.kind === "raise") break;
    }
    return block;
  }

  #inner(place: Place, change: Partial<Place> = {}): Block {
    return this.#block({ ...place, depth: place.depth + 1, ...change }, 1, 4);
  }

  #statement(place: Place): Statement {
    const id = ++this.#lastId;
    const choices: [number, Maker][] = [
      [place.depth < 4 ? 9 : 0, (p) => this.#create(p)],
      [this.#lastSlot > 0 ? 12 : 0, () => this.#cancel()],
      [4, () => this.#settle()],
      [place.depth < 4 ? 5 : 0, (p) => this.#callback(p, id)],
      [this.#handles.length > 0 ? 2 : 0, () => ({ kind: "cancelHandle", handle: this.#random.pick(this.#handles) })],
      [place.depth < 4 ? 3 : 0, (p) => this.#doneCallback(p)],
      [this.#lastSlot > 0 ? 2 : 0, () => this.#state()],
      [place.depth > 0 ? 3 : 0, () => ({ kind: "raise", interrupt: this.#interrupts && this.#random.chance(40) })],
      [place.scopes.length > 0 ? 4 : 0, (p) => this.#reschedule(p)],
      [place.scopes.length > 0 ? 2 : 0, (p) => ({ kind: "scope", scope: this.#random.pick(p.scopes) })],
      [this.#kept.length > 0 ? 4 : 0, () => this.#cancelKept()],
      [this.#lastSlot > 0 ? 2 : 0, () => this.#uncancelTask()],
      [this.#objects.length > 0 ? 16 : 0, (p) => this.#operation(p)],
    ];
    if (!place.inCallback) choices.push(...this.#waitingChoices(place, id));
    return { id, ...this.#random.weighted(choices)(place) };
  }

  #waitingChoices(place: Place, id: number): [number, Maker][] {
    const deeper = place.depth < 4 ? 1 : 0;
    return [
      [16, () => ({ kind: "sleep", delay: this.#random.pick(DELAYS) })],
      [8, (p) => ({ kind: "await", operand: this.#operand(p, true) })],
      [3, (p) => ({ kind: "awaitOpen", operand: this.#open(p) })],
      [4, () => ({ kind: "cancelSelf", message: this.#random.chance(50) })],
      [3, () => ({ kind: "uncancel" })],
      [6, (p) => this.#gather(p)],
      [deeper * 4, (p) => this.#keep(p, id)],
      [5, (p) => this.#wait(p)],
      [4, (p) => this.#asCompleted(p)],
      [7, (p) => ({ kind: "waitFor", operand: this.#operand(p, true), timeout: this.#random.pick(TIMEOUTS) })],
      [6, (p) => ({ kind: "shield", operand: this.#operand(p, true) })],
      [deeper * 14, (p) => this.#try(p)],
      [deeper * 8, (p) => this.#timeout(p, id)],
      [deeper * 9, (p) => ({ kind: "group", body: this.#inner(p, { groups: [...p.groups, id] }) })],
      [deeper * (this.#free(place).length > 0 ? 7 : 0), (p) => this.#with(p)],
      [deeper * 2, (p) => ({ kind: "repeat", times: 2, body: this.#inner(p) })],
    ];
  }

  #create(place: Place): StatementBody {
    const slot = ++this.#lastSlot;
    const group = place.groups.length > 0 && this.#random.chance(75) ? this.#random.pick(place.groups) : null;
    const [named, eager] = [this.#random.chance(30), this.#random.chance(this.#eagerPercent) && !this.#setup.eager];
    const isEager = eager || this.#setup.eager;
    if (isEager) this.#eagerSlots.add(slot);
    const inner = this.#inner(place, { owner: slot, inCallback: false, holds: [] });
    const body = isEager ? this.#sure(inner) : inner;
    return { kind: "create", slot, named, eager, group, body };
  }

  #sure(body: Block): Block {
    const open: Operand = { kind: "future", future: this.#random.below(this.#setup.futures) };
    return madeSure(body, this.#setup.eager, () =>
      this.#number(
        this.#random.chance(50)
          ? { kind: "sleep", delay: this.#random.pick(DELAYS) }
          : { kind: "awaitOpen", operand: open },
      ),
    );
  }

  /** What may be asked whether it is done. */
  #open(place: Place): Operand {
    const operand = this.#operand(place, false);
    const isEager = operand.kind !== "future" && !(operand.kind === "task" && !this.#eagerSlots.has(operand.slot));
    return isEager ? { kind: "future", future: this.#random.below(this.#setup.futures) } : operand;
  }

  #state(): StatementBody {
    const slot = 1 + this.#random.below(this.#lastSlot);
    return this.#eagerSlots.has(slot) ? this.#cancel() : { kind: "state", slot };
  }

  #cancel(): StatementBody {
    const slot = 1 + this.#random.below(this.#lastSlot);
    return { kind: "cancel", slot, message: this.#random.chance(40), silent: this.#eagerSlots.has(slot) };
  }

  #uncancelTask(): StatementBody {
    const slot = 1 + this.#random.below(this.#lastSlot);
    return this.#eagerSlots.has(slot) ? this.#cancel() : { kind: "uncancelTask", slot };
  }

  #keep(place: Place, id: number): StatementBody {
    const how = this.#eagerPercent > 0 ? "gatherAll" : this.#random.pick(["gather", "gatherAll", "shield"] as const);
    const operands = how === "shield" ? [this.#operand(place, true)] : this.#operands(place, true, 1);
    this.#kept.push({ id, owner: place.owner }); // Not before: nothing in it may wait for it.
    return { kind: "keep", how, operands };
  }

  #cancelKept(): StatementBody {
    return { kind: "cancelKept", made: this.#random.pick(this.#kept).id, silent: this.#eagerPercent > 0 };
  }

  #settle(): StatementBody {
    const how = this.#random.pick(["result", "result", "error", "cancel"] as const);
    return { kind: "settle", future: this.#random.below(this.#setup.futures), how };
  }

  #callback(place: Place, id: number): StatementBody {
    const delay = this.#random.chance(40) ? null : this.#random.pick(DELAYS);
    const body = this.#inner(place, { inCallback: true, holds: [] });
    this.#handles.push(id);
    return { kind: "callback", delay, body };
  }

  #doneCallback(place: Place): StatementBody {
    const operand = this.#operand(place, false);
    return { kind: "doneCallback", operand, body: this.#inner(place, { inCallback: true, holds: [] }) };
  }

  #reschedule(place: Place): StatementBody {
    return { kind: "reschedule", scope: this.#random.pick(place.scopes), delay: this.#random.pick(TIMEOUTS) };
  }

  #operation(place: Place): StatementBody {
    const names = this.#objects.filter((name) => !place.inCallback || !operation(name).waits);
    if (names.length === 0) return this.#settle();
    return { kind: "operation", name: this.#random.pick(names) };
  }

  #gather(place: Place): StatementBody {
    return { kind: "gather", operands: this.#operands(place, true, 0), returnExceptions: this.#random.chance(40) };
  }

  #wait(place: Place): StatementBody {
    const until = this.#random.pick<WaitUntil>(["FIRST_COMPLETED", "FIRST_EXCEPTION", "ALL_COMPLETED"]);
    return { kind: "wait", operands: this.#operands(place, false, 1), timeout: this.#random.pick(TIMEOUTS), until };
  }

  #asCompleted(place: Place): StatementBody {
    const timeout = this.#random.pick(TIMEOUTS);
    // Whoever leaves the loop here gives up the timeout, too; in Python its timer stays set.
    const first = timeout === null && this.#random.chance(50);
    return { kind: "asCompleted", operands: this.#operands(place, false, 1), timeout, first };
  }

  #try(place: Place): StatementBody {
    const body = this.#inner(place);
    const catches = this.#random.pick<Catches>(["errors", "cancelled", "all", "all", null]);
    const handler = catches === null ? [] : this.#block({ ...place, depth: place.depth + 1 }, 0, 2);
    const last = this.#random.chance(35) ? this.#inner(place) : [];
    return { kind: "try", body, catches, handler, again: this.#random.chance(35), last };
  }

  #timeout(place: Place, id: number): StatementBody {
    const delay = this.#random.pick(TIMEOUTS);
    return { kind: "timeout", delay, body: this.#inner(place, { scopes: [...place.scopes, id] }) };
  }

  #with(place: Place): StatementBody {
    const holds = this.#random.pick(this.#free(place));
    return { kind: "with", holds, body: this.#inner(place, { holds: [...place.holds, holds] }) };
  }

  /** What this code does not hold already: taking a lock twice would only deadlock. */
  #free(place: Place): ("lock" | "sem" | "cond")[] {
    return this.#holdable.filter((object) => !place.holds.includes(object));
  }

  #operands(place: Place, coroutines: boolean, least: number): Operand[] {
    const count = this.#random.chance(3) ? least : 1 + this.#random.below(3);
    return Array.from({ length: count }, () => this.#operand(place, coroutines));
  }

  #operand(place: Place, coroutines: boolean): Operand {
    const above = this.#lastSlot - place.owner;
    const kept = this.#kept.filter(({ owner }) => owner >= place.owner);
    const kind = this.#random.weighted([
      [20, "future" as const],
      [above > 0 ? 45 : 0, "task" as const],
      [kept.length > 0 ? 20 : 0, "kept" as const],
      [coroutines && place.depth < 4 && this.#budget > 0 ? 45 : 0, "coroutine" as const],
    ]);
    if (kind === "future") return { kind, future: this.#random.below(this.#setup.futures) };
    if (kind === "task") return { kind, slot: place.owner + 1 + this.#random.below(above) };
    if (kind === "kept") return { kind, made: this.#random.pick(kept).id };
    const id = ++this.#lastId;
    const body = this.#inner(place, { holds: [] });
    return { kind, id, levels: 1 + this.#random.below(3), body: this.#setup.eager ? this.#sure(body) : body };
  }
}
