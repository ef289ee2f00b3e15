/**
 * Reads of a socket, past the stream that it is: from the system into one buffer for all sockets.
 *
 * A stream of Node's makes a buffer of 64 KiB for each read, cuts it down to what came, and passes that through a queue
 * and an event. A third of the time that Node has to itself for a small message goes there. A socket whose option
 * `onread` was set is spared that; but a server of Node's makes its sockets without. What the option leaves on a socket
 * is not documented. It is found out by setting it, and where it is not as expected all stays as it is.
 */
import { Socket } from "node:net";

/** As many bytes as Node reads at once. */
const SIZE = 64 * 1024;
/** Who gets more than this at a time reads into buffers of his own. A copy of less costs less than a buffer. */
const MUCH = 8 * 1024;
/**
 * Such a buffer is larger: there is room for several messages one behind the other; and where 64 KiB were read there is
 * often more, and a second read costs more than the space.
 */
const OWN_SIZE = 2 * SIZE;
/**
 * So many sockets have one, 32 MiB in all: a socket keeps it while it is idle, and there may be ten thousands of them.
 * The others read into the shared one.
 */
const MOST_OWN = 256;

/** What `onread` calls, with the socket as `this`. @returns false to read no more. */
export type Received = (this: Socket, count: number, buffer: Buffer) => boolean;

type Kept = Record<symbol, unknown> & { _handle?: { useUserBuffer?(buffer: Uint8Array): void } | null };

interface Places {
  readonly buffer: symbol;
  readonly generate: symbol;
  readonly callback: symbol;
}

/** Where all sockets read to. */
let shared: Buffer | null = null;
/** How many sockets have a buffer of their own. */
let owners = 0;
/** Where the socket that has read just now is to read to next. */
let following: Buffer | undefined;
const nextBuffer = (): Buffer | undefined => {
  const buffer = following;
  following = undefined;
  return buffer;
};

/** The names under which a socket keeps `onread`; null if they can't be found; undefined before they were looked for. */
let places: Places | null | undefined;

/** From now on `received` is called with all that is read. @returns false where that can't be had. */
export function readInto(socket: Socket, received: Received): boolean {
  if (places === undefined) places = findPlaces();
  const { _handle: handle } = socket as unknown as Kept;
  if (places === null || typeof handle?.useUserBuffer !== "function") return false;
  const kept = socket as unknown as Kept;
  if (kept[places.buffer] !== null || kept[places.callback] !== null) return false;
  shared ??= Buffer.allocUnsafeSlow(SIZE);
  kept[places.buffer] = shared;
  kept[places.generate] = nextBuffer;
  kept[places.callback] = received;
  handle.useUserBuffer(shared);
  return true;
}

/** What has been read, for its receiver to keep. Call it once, in what was given to {@link readInto}. */
export function takeRead(count: number, buffer: Buffer): Buffer {
  const isOwn = buffer !== shared;
  const isMuch = count > MUCH;
  following = undefined;
  if (isOwn && isMuch) {
    // What comes next follows it, if there is room for twice as much.
    const hasRoom = buffer.length - count >= 2 * count;
    following = hasRoom ? buffer.subarray(count) : Buffer.allocUnsafeSlow(OWN_SIZE);
    return buffer.subarray(0, count);
  }
  if (isOwn && owners > MOST_OWN / 2) {
    owners--;
    following = shared ?? undefined;
  } else if (!isOwn && isMuch && owners < MOST_OWN) {
    owners++;
    following = Buffer.allocUnsafeSlow(OWN_SIZE);
  }
  const chunk = Buffer.allocUnsafe(count);
  buffer.copy(chunk, 0, 0, count);
  return chunk;
}

/** Nothing comes from `socket` any more by way of {@link readInto}. Call it once. */
export function endReads(socket: Socket): void {
  const buffer = (socket as unknown as Kept)[(places as Places).buffer];
  if (buffer !== shared) owners--;
}

/** What Node does itself at the end of a socket: nothing, for one that may be half open. */
let ownEnd: ((...args: unknown[]) => void) | undefined;

/** Takes away what a socket that may be half open hears of its own end: a list for two listeners is spared. */
export function forgetOwnEnd(socket: Socket): void {
  ownEnd ??= new Socket({ allowHalfOpen: true }).listeners("end")[0] as typeof ownEnd;
  if (ownEnd !== undefined) socket.off("end", ownEnd);
}

function findPlaces(): Places | null {
  const callback = (): boolean => true;
  const buffer = new Uint8Array(1);
  const withBuffer = new Socket({ onread: { buffer, callback } }) as unknown as Kept;
  const withFunction = new Socket({ onread: { buffer: nextBuffer as () => Buffer, callback } }) as unknown as Kept;
  const place = (socket: Kept, value: unknown): symbol | undefined =>
    Object.getOwnPropertySymbols(socket).find((symbol) => socket[symbol] === value);
  const found = {
    buffer: place(withBuffer, buffer),
    generate: place(withFunction, nextBuffer),
    callback: place(withBuffer, callback),
  };
  return Object.values(found).includes(undefined) ? null : (found as Places);
}
