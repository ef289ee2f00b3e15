/**
 * Perfetto's own rules for JSON traces, as a check: what its importer would drop, or count as an error in its
 * "Info and stats" page, is said here in words.
 */

/** What is wrong with the events; empty if Perfetto reads all of them as they are meant. */
export function checkPerfetto(events: readonly unknown[]): string[] {
  const faults: string[] = [];
  const sound: Event[] = [];
  for (const [index, event] of events.entries()) {
    const fault = shapeFault(event);
    if (fault === null) sound.push(event as Event);
    else faults.push(`event ${index}: ${fault}`);
  }
  // The importer sorts by time and keeps the order of the file where times are equal.
  const ordered = sound.filter((event) => event.ph !== "M").sort((a, b) => time(a) - time(b));
  return [...faults, ...threadFaults(ordered), ...asyncFaults(ordered)];
}

interface Event {
  readonly ph: string;
  readonly name: string;
  readonly cat?: string;
  readonly id?: string | number;
  readonly pid: number;
  readonly tid: number;
  readonly ts: number;
  readonly dur?: number;
  readonly bp?: string;
}

/** In nanoseconds, as the importer keeps it. */
const time = (event: Event): number => Math.round(event.ts * 1000);
const endOf = (event: Event): number => Math.round((event.ts + event.dur!) * 1000);
const isTime = (value: unknown): boolean => typeof value === "number" && Number.isFinite(value) && value >= 0;

function shapeFault(event: unknown): string | null {
  if (typeof event !== "object" || event === null) return "is not an object";
  const { ph, name, cat, id, pid, tid, ts, dur, s, args } = event as Record<string, unknown>;
  if (typeof ph !== "string" || !"XbesfCiM".includes(ph) || ph.length !== 1) return `has the phase ${String(ph)}`;
  if (typeof name !== "string") return "has no name";
  if (!Number.isInteger(pid) || !Number.isInteger(tid)) return `"${name}" has no pid or no tid`;
  if (!isTime(ts)) return `"${name}" has the time ${String(ts)}`;
  if (ph === "X" && !isTime(dur)) return `"${name}" has the duration ${String(dur)}`;
  if ("besf".includes(ph) && (typeof cat !== "string" || (typeof id !== "string" && typeof id !== "number"))) {
    return `"${name}" has no category or no id`;
  }
  if (ph === "i" && !["t", "p", "g"].includes(s as string)) return `"${name}" is an instant without a scope`;
  if (ph === "C") {
    const values = Object.values((args ?? {}) as object);
    if (values.length === 0 || !values.every(Number.isFinite)) return `the counter "${name}" has no finite values`;
  }
  if (ph === "M") {
    const known = ["process_name", "thread_name", "process_sort_index", "thread_sort_index", "process_labels"];
    if (!known.includes(name)) return `the metadata "${name}" is unknown`;
    if (typeof args !== "object" || args === null) return `the metadata "${name}" has no args`;
  }
  return null;
}

/** Complete events nest strictly on each thread; arrows start and end in one, and each has both ends. */
function threadFaults(ordered: readonly Event[]): string[] {
  const faults: string[] = [];
  const stacks = new Map<string, Event[]>();
  const started = new Set<string>();
  const ended = new Set<string>();
  for (const event of ordered) {
    if (!"Xsf".includes(event.ph)) continue;
    const thread = `${event.pid}/${event.tid}`;
    const stack = stacks.get(thread) ?? [];
    stacks.set(thread, stack);
    const at = time(event);
    const isOver = (slice: Event): boolean =>
      // A slice without a length is open to the arrows that stand there, but not to other slices.
      endOf(slice) < at || (endOf(slice) === at && (event.ph === "X" || time(slice) < at));
    while (stack.length > 0 && isOver(stack.at(-1)!)) stack.pop();
    const open = stack.at(-1);
    if (event.ph === "X") {
      if (open !== undefined && endOf(event) > endOf(open)) {
        faults.push(`"${event.name}" at ${event.ts} ends after "${open.name}", in which it began`);
      }
      stack.push(event);
      continue;
    }
    const flow = `${event.cat} ${event.name} ${event.id}`;
    if (open === undefined) faults.push(`the arrow ${flow} at ${event.ts} is in no slice`);
    if (event.ph === "s") {
      if (started.has(flow)) faults.push(`the arrow ${flow} starts twice`);
      started.add(flow);
    } else {
      if (!started.has(flow)) faults.push(`the arrow ${flow} ends before it starts`);
      if (event.bp !== "e") faults.push(`the arrow ${flow} ends at the next slice, not at the one around it`);
      ended.add(flow);
    }
  }
  for (const flow of started) if (!ended.has(flow)) faults.push(`the arrow ${flow} never ends`);
  return faults;
}

/** Each asynchronous end closes the newest open begin of its category and id, which has its name. */
function asyncFaults(ordered: readonly Event[]): string[] {
  const faults: string[] = [];
  const stacks = new Map<string, Event[]>();
  for (const event of ordered) {
    if (event.ph !== "b" && event.ph !== "e") continue;
    const track = `${event.cat} ${event.id}`;
    const stack = stacks.get(track) ?? [];
    stacks.set(track, stack);
    if (event.ph === "b") {
      stack.push(event);
      continue;
    }
    const begun = stack.pop();
    if (begun === undefined) faults.push(`"${event.name}" of ${track} ends at ${event.ts} and never began`);
    else if (begun.name !== event.name) {
      faults.push(`"${event.name}" of ${track} ends at ${event.ts} while "${begun.name}" is open`);
    }
  }
  for (const [track, stack] of stacks) for (const open of stack) faults.push(`"${open.name}" of ${track} never ends`);
  return faults;
}
