/** Values in messages. */

/** A few words for any value; never throws. */
export function describe(value: unknown): string {
  if (typeof value === "string") return JSON.stringify(value);
  if (value instanceof Error) return `${value.name}(${JSON.stringify(value.message)})`;
  if (typeof value === "function") return `the function ${value.name || "<anonymous>"}`;
  if (typeof value !== "object" || value === null) return String(value);
  return `[${(value.constructor as { name?: string } | undefined)?.name ?? "object"}]`;
}
