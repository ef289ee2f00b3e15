/** Errors in words. */

/** An error in one line, without running code of the user's: no getter, no `toString`. */
export function describeError(thrown: unknown): string {
  if (!(thrown instanceof Error)) return typeof thrown === "object" ? "an object that is no Error" : String(thrown);
  const message = Object.getOwnPropertyDescriptor(thrown, "message")?.value as unknown;
  const name = thrown.constructor.name || "Error";
  return typeof message === "string" && message !== "" ? `${name}: ${message}` : name;
}
