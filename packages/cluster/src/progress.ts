/** What a function says of its progress while it runs on a worker. */
import { ContextVar } from "turnwise";

/** @internal The job whose function runs. */
export const reporting: ContextVar<((value: unknown) => void) | null> = new ContextVar<
  ((value: unknown) => void) | null
>("turnwise-cluster-report", { defaultValue: null });

/**
 * In a function that runs on a worker: tells the caller how far it is. The caller has it from
 * {@link ClusterCall.progress}. Where the function was called otherwise nothing happens.
 * @throws DataCloneError where `value` can't be sent.
 */
export function reportProgress(value: unknown): void {
  reporting.get()?.(value);
}
