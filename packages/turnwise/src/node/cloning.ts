/** Why a value can't be cloned for another thread. */
import { types } from "node:util";
import { describe } from "../describe.ts";

/**
 * Where in `value` there is something that the structured clone refuses, and what: `callbacks[1].done: the function
 * done`. Null where there is nothing. It copies nothing that is large.
 *
 * @param transfer - what is moved, and so need not be cloned.
 */
export function findUncloneable(value: unknown, name: string, transfer: readonly unknown[]): string | null {
  const found = find(value, new Set(transfer));
  return found === null ? null : `${name}${found.path}: ${describe(found.value)}`;
}

/** Whether the structured clone takes `value`. */
export function isCloneable(value: unknown): boolean {
  return find(value, new Set()) === null;
}

interface Found {
  /** The way to it, as it would be written: `.a[1]`. */
  readonly path: string;
  readonly value: unknown;
}

/** @param passed - what need not be looked at: it is moved, or was looked at. */
function find(value: unknown, passed: Set<unknown>): Found | null {
  if (typeof value === "function" || typeof value === "symbol") return { path: "", value };
  if (typeof value !== "object" || value === null || passed.has(value)) return null;
  passed.add(value);
  if (Array.isArray(value)) {
    for (let i = 0; i < value.length; i++) {
      const found = find(value[i], passed);
      if (found !== null) return { path: `[${i}]${found.path}`, value: found.value };
    }
    return null;
  }
  if (value instanceof Map) {
    for (const [key, part] of value) {
      const found = find(key, passed) ?? find(part, passed);
      if (found !== null) return { path: `.get(${describe(key)})${found.path}`, value: found.value };
    }
    return null;
  }
  if (value instanceof Set) {
    for (const part of value) {
      const found = find(part, passed);
      if (found !== null) return { path: `.values()${found.path}`, value: found.value };
    }
    return null;
  }
  if (isAlwaysCloneable(value)) return null;
  if (Object.prototype.toString.call(value) !== "[object Object]" || types.isProxy(value)) {
    return isTaken(value) ? null : { path: "", value };
  }
  for (const key in value) {
    if (!Object.hasOwn(value, key)) continue;
    const found = find((value as Record<string, unknown>)[key], passed);
    if (found !== null) return { path: `${step(key)}${found.path}`, value: found.value };
  }
  return null;
}

/** What would cost a copy to try out, or is common. */
function isAlwaysCloneable(value: object): boolean {
  return types.isArrayBufferView(value) || types.isAnyArrayBuffer(value) || types.isDate(value);
}

function isTaken(value: unknown): boolean {
  try {
    structuredClone(value);
    return true;
  } catch {
    return false;
  }
}

function step(key: string): string {
  return /^[A-Za-z_$][\w$]*$/.test(key) ? `.${key}` : `[${JSON.stringify(key)}]`;
}
