/** Ctrl-C while Python blocks the thread: another thread hears it, and says so in shared memory. */

/** What that thread stores in the first element: the number of SIGINT. */
const SIGINT = 2;

/** Where the program that runs is told. Python itself looks there while its code runs. */
let cell = new Int32Array(new SharedArrayBuffer(4));

/** Blocks the thread for so many seconds, or until Ctrl-C is pressed. */
export function blockFor(seconds: number): void {
  Atomics.wait(cell, 0, 0, seconds * 1000);
}

/** @returns whether Ctrl-C was pressed, and Python has not seen it; now it counts as seen. */
export function takeInterrupt(): boolean {
  return Atomics.compareExchange(cell, 0, SIGINT, 0) === SIGINT;
}

/**
 * The program that runs next is told by `interrupts`.
 * @param heard - is called at each Ctrl-C that Python does not see by itself, because it is suspended.
 * @returns a function that ends this.
 */
export function listenTo(interrupts: Int32Array<SharedArrayBuffer>, heard: () => void): () => void {
  cell = interrupts;
  let listens = true;
  const listen = async (): Promise<void> => {
    while (listens) {
      await Promise.resolve(Atomics.waitAsync(interrupts, 0, 0).value);
      if (listens && takeInterrupt()) heard();
    }
  };
  void listen();
  return () => {
    listens = false;
    Atomics.notify(interrupts, 0);
  };
}
