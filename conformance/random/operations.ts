/** What a random program can do with locks, queues and the like: one call each, in Python's spelling. */

export interface Operation {
  /** The call; `VALUE` stands for a text that names the statement. */
  python: string;
  /** The same in JavaScript, where it is not the camelCase of the Python. */
  javascript?: string;
  /** Whether it is awaited. Others may stand in plain callbacks. */
  waits: boolean;
  /** Whether both halves give a result that can be compared. */
  gives: boolean;
}

const waits = (python: string, gives = false, javascript?: string): Operation =>
  javascript === undefined ? { python, waits: true, gives } : { python, javascript, waits: true, gives };
const does = (python: string, gives = false, javascript?: string): Operation =>
  javascript === undefined ? { python, waits: false, gives } : { python, waits: false, gives, javascript };

export const OPERATIONS = {
  lockAcquire: waits("lock.acquire()"),
  lockRelease: does("lock.release()"),
  lockLocked: does("lock.locked()", true),
  semAcquire: waits("sem.acquire()"),
  semRelease: does("sem.release()"),
  semLocked: does("sem.locked()", true),
  eventWait: waits("event.wait()", true),
  eventSet: does("event.set()"),
  eventClear: does("event.clear()"),
  eventIsSet: does("event.is_set()", true),
  condWait: waits("cond.wait()", true),
  /** `asked` counts: what is asked for the second time is so. */
  condWaitFor: waits("cond.wait_for(lambda: asked(VALUE) > 1)", true, "cond.waitFor(() => asked(VALUE) > 1)"),
  condNotify: does("cond.notify()"),
  condNotifyTwo: does("cond.notify(2)"),
  condNotifyAll: does("cond.notify_all()"),
  barrierWait: waits("barrier.wait()", true),
  barrierReset: waits("barrier.reset()"),
  barrierAbort: waits("barrier.abort()"),
  barrierState: does("[barrier.n_waiting, barrier.broken]", true, "[barrier.nWaiting, barrier.broken]"),
  queueGet: waits("queue.get()", true),
  queuePut: waits("queue.put(VALUE)"),
  queueJoin: waits("queue.join()"),
  queueGetNowait: does("queue.get_nowait()", true),
  queuePutNowait: does("queue.put_nowait(VALUE)"),
  queueTaskDone: does("queue.task_done()"),
  queueState: does("[queue.qsize(), queue.empty(), queue.full()]", true),
  queueShutdown: does("queue.shutdown()"),
  queueShutdownNow: does("queue.shutdown(immediate=True)", false, "queue.shutdown(true)"),
  markGet: does("mark.get()", true),
  markSet: does("mark.set(VALUE)"),
} as const satisfies Record<string, Operation>;

export type OperationName = keyof typeof OPERATIONS;

export const operation = (name: OperationName): Operation => OPERATIONS[name];

/** The operations on one object: `queue` gives queueGet, queuePut, ... */
export function operationsOn(object: string): OperationName[] {
  return (Object.keys(OPERATIONS) as OperationName[]).filter((name) => name.startsWith(object));
}

export function inPython(name: OperationName, id: number): string {
  return operation(name).python.replace("VALUE", `"q${id}"`);
}

export function inJavaScript(name: OperationName, id: number): string {
  const { python, javascript } = operation(name);
  const text = javascript ?? python.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
  return text.replace("VALUE", `"q${id}"`);
}
