/** `readMessage`: what the page said, checked. */
import type { ClientMessage, SLOTS as PageSlots } from "@turnwise/studio/protocol";

/** So many programs lie side by side: the page says how many, which has no code for Node. */
export const SLOTS: typeof PageSlots = 4;

/** @returns the message; or, if it makes no sense, why. */
export function readMessage(text: string): ClientMessage | string {
  let message: unknown;
  try {
    message = JSON.parse(text);
  } catch {
    return "that is no JSON";
  }
  if (typeof message !== "object" || message === null) return "a message is an object";
  const { type, ...rest } = message as Record<string, unknown>;
  const shape = typeof type === "string" && Object.hasOwn(SHAPES, type) ? SHAPES[type as keyof typeof SHAPES] : null;
  if (shape === null) return `there is no message of the type ${JSON.stringify(type)}`;
  const wrong = Object.entries(shape).find(([name, isRight]) => !isRight(rest[name]));
  return wrong === undefined ? (message as ClientMessage) : `${String(type)}: \`${wrong[0]}\` is not right`;
}

type Check = (value: unknown) => boolean;

const isText: Check = (value) => typeof value === "string";
const isSlot: Check = (value) => Number.isInteger(value) && (value as number) >= 0 && (value as number) < SLOTS;

const SHAPES: { readonly [Type in ClientMessage["type"]]: Readonly<Record<string, Check>> } = {
  run: {
    slot: isSlot,
    run: Number.isSafeInteger,
    source: isText,
    language: (value) => value === "typescript" || value === "python",
    file: (value) => value === null || isText(value),
    name: isText,
    virtual: (value) => typeof value === "boolean",
  },
  stop: { slot: isSlot },
  watch: {},
  unwatch: {},
};
