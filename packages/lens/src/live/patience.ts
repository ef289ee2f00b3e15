/** How long to wait for a process that may be in a native call, and what to say meanwhile. */
import { AttachError } from "./attach-error.ts";

/** How long to wait for an answer. */
export interface Patience {
  /** In seconds; by default 6. Infinity for any time. */
  readonly timeout?: number | undefined;
  /** Told once, in a line, when there is no answer for a second. */
  readonly onSlow?: ((message: string) => void) | undefined;
  /** Gives up. */
  readonly signal?: AbortSignal | undefined;
}

const SLOW = 1000;
const IN_A_CALL = "a native call, such as execSync, keeps it";

/**
 * Does `work`, whose signal aborts when this gives up.
 * @param why - in words, what keeps the process from answering.
 * @throws AttachError "no-answer" or "aborted".
 */
export async function patiently<T>(
  pid: number,
  { timeout = 6, onSlow, signal }: Patience,
  work: (signal: AbortSignal) => Promise<T>,
  why: () => string = () => IN_A_CALL,
): Promise<T> {
  const giving = new AbortController();
  const { promise: gaveUp, reject } = Promise.withResolvers<never>();
  const giveUp = (error: AttachError): void => {
    reject(error);
    giving.abort(error);
  };
  const slow = setTimeout(
    () => onSlow?.(`process ${pid} has not answered for a second: ${why()}; still waiting`),
    SLOW,
  );
  const end =
    timeout === Infinity
      ? undefined
      : setTimeout(() => {
          giveUp(new AttachError("no-answer", `process ${pid} has not answered for ${timeout} s: ${why()}`));
        }, timeout * 1000);
  const onAbort = (): void => giveUp(new AttachError("aborted", "interrupted"));
  if (signal?.aborted === true) onAbort();
  signal?.addEventListener("abort", onAbort);
  try {
    return await Promise.race([gaveUp, work(giving.signal)]);
  } finally {
    clearTimeout(slow);
    clearTimeout(end);
    signal?.removeEventListener("abort", onAbort);
  }
}
