/** The host of a loop that Python runs from the inside, where WebAssembly can't be suspended: its waits block the thread. */
import type { Host, IdleState } from "turnwise";
import { blockFor } from "./interrupts.ts";

/** Keeps what the loop asks for until {@link serve} does it. Node has no turns meanwhile: no I/O, no signals. */
export class BlockingHost implements Host {
  #soon: (() => void) | null = null;
  #idle: { readonly deadline: number | null; readonly wake: () => void } | null = null;

  now(): number {
    return performance.now() / 1000;
  }

  soon(callback: () => void): void {
    this.#soon = callback;
  }

  idle({ deadline }: IdleState, wake: () => void): void {
    this.#idle = { deadline, wake };
  }

  disarm(): void {
    this.#idle = null;
  }

  keepAlive(): () => void {
    return () => {};
  }

  /**
   * Does one thing that the loop asked for, and waits until it is time.
   * @returns false if it waits for nothing that could come.
   */
  serve(): boolean {
    const soon = this.#soon;
    if (soon !== null) {
      this.#soon = null;
      soon();
      return true;
    }
    const idle = this.#idle;
    if (idle === null || idle.deadline === null) return false;
    this.#idle = null;
    blockFor(Math.max(0, idle.deadline - this.now()));
    idle.wake();
    return true;
  }
}
