/**
 * What Python runs now, read out of the interpreter's memory as a debugger would from outside. So it can be asked at any
 * moment, in the midst of an instruction too, and disturbs nothing.
 */
import type { PyodideAPI } from "pyodide";
import type { GuestFrame } from "turnwise/guest";

/** What of Emscripten's module is used. Memory moves when it grows, so it is asked for anew each time. */
interface Memory {
  readonly HEAPU8: Uint8Array;
  readonly __PyRuntime: number;
}

/** CPython says where its structures have their fields: 64-bit numbers in this order, after an eight-byte mark. */
const FIELDS = [
  "version, freeThreaded",
  "runtimeSize, finalizing, interpretersHead",
  "interpreterSize, id, nextInterpreter, threadsHead, threadsMain, gc, modules, sysdict, builtins, cevalGil, gil",
  "gilEnabled, gilLocked, gilHolder, codeGeneration, tlbcGeneration",
  "threadSize, previousThread, nextThread, interpreter, currentFrame, threadId, nativeId, datastack, status",
  "frameSize, previous, executable, instruction, locals, owner, stackPointer, tlbcIndex",
  "codeSize, fileName, name, qualifiedName, lineTable, firstLine, argCount, localNames, localKinds, codeBytes, tlbc",
  "objectSize, type, typeSize, typeName, typeRepr, typeFlags, tupleSize, tupleItems, tupleLength, listSize, listItems",
  "listLength, setSize, setUsed, setTable, setMask, dictSize, dictKeys, dictValues, floatSize, floatValue, longSize",
  "longTag, longDigits, bytesSize, bytesLength, bytesValue, stringSize, stringState, stringLength, asciiSize",
].flatMap((line) => line.split(", "));
const MARK = "xdebugpy";
/** The layout of the fields above: that of CPython 3.14. */
const VERSION = 0x030e;

/** Of what kind of owner a frame is that holds no Python code. */
const NO_CODE = 3;
/** A code object's reference has marks in its lowest bits. */
const TAGS = 3;
const DEPTH = 200;

/** A function's code, as far as it does not change. */
interface Code {
  readonly name: string;
  readonly file: string;
  readonly firstLine: number;
  /** For each code unit its line and column. */
  readonly places: Int32Array;
}

/** Reads the stack of an interpreter. */
export class PythonStack {
  readonly #memory: Memory;
  readonly #at: Readonly<Record<string, number>>;
  readonly #nameOf: (file: string, name: string) => GuestFile | null;
  /** By address. Code may be freed, and another take its place: names are compared before it is believed. */
  readonly #codes = new Map<number, Code & { readonly key: string }>();
  #view: DataView = new DataView(new ArrayBuffer(0));

  /**
   * @param nameOf - says how frames of a file are shown; null for those that are not.
   * @throws Error if the interpreter is laid out otherwise than this module knows.
   */
  constructor(pyodide: PyodideAPI, nameOf: (file: string, name: string) => GuestFile | null) {
    this.#memory = (pyodide as unknown as { readonly _module: Memory })._module;
    this.#nameOf = nameOf;
    const start = this.#memory.__PyRuntime;
    this.#refresh();
    const mark = String.fromCharCode(...new Uint8Array(this.#view.buffer, start, MARK.length));
    const at = Object.fromEntries(
      FIELDS.map((field, index) => [field, Number(this.#view.getBigUint64(start + 8 + index * 8, true))]),
    );
    if (mark !== MARK || (at["version"] as number) >>> 16 !== VERSION) throw new Error("an unknown version of CPython");
    this.#at = at;
  }

  /** The frames of the code that runs, innermost first; empty if none does. */
  frames(): GuestFrame[] {
    this.#refresh();
    const frames: GuestFrame[] = [];
    let frame = this.#pointer(this.#thread(), "currentFrame");
    for (let depth = 0; frame !== 0 && depth < DEPTH; depth++) {
      const shown = this.#frame(frame);
      if (shown !== null) frames.push(shown);
      frame = this.#pointer(frame, "previous");
    }
    return frames;
  }

  /** Whether Python code runs, or has called what runs. */
  isRunning(): boolean {
    this.#refresh();
    return this.#pointer(this.#thread(), "currentFrame") !== 0;
  }

  /** What is a thread to Python is, here, one stack of WebAssembly: that which runs has the lock. */
  #thread(): number {
    const interpreter = this.#pointer(this.#memory.__PyRuntime, "interpretersHead");
    return this.#pointer(interpreter, "gilHolder");
  }

  #frame(frame: number): GuestFrame | null {
    if (this.#view.getUint8(frame + this.#field("owner")) >= NO_CODE) return null;
    const address = this.#pointer(frame, "executable") & ~TAGS;
    const code = this.#code(address);
    const file = this.#nameOf(code.file, code.name);
    if (file === null) return null;
    const unit = (this.#pointer(frame, "instruction") - address - this.#field("codeBytes")) >> 1;
    const line = code.places[unit * 2] ?? 0;
    return {
      ...file,
      line: line > 0 ? line : code.firstLine,
      column: code.places[unit * 2 + 1] ?? 0,
      firstLine: code.firstLine,
    };
  }

  #code(address: number): Code {
    const key = `${this.#pointer(address, "fileName")} ${this.#pointer(address, "qualifiedName")} ${this.#pointer(address, "lineTable")}`;
    const known = this.#codes.get(address);
    if (known?.key === key) return known;
    const firstLine = this.#view.getInt32(address + this.#field("firstLine"), true);
    const table = this.#pointer(address, "lineTable");
    const length = this.#pointer(table, "bytesLength");
    const code = {
      key,
      name: this.#string(this.#pointer(address, "qualifiedName")),
      file: this.#string(this.#pointer(address, "fileName")),
      firstLine,
      places: readPlaces(new Uint8Array(this.#view.buffer, table + this.#field("bytesValue"), length), firstLine),
    };
    this.#codes.set(address, code);
    return code;
  }

  #string(address: number): string {
    const length = this.#pointer(address, "stringLength");
    // Two bits that say whether it is interned; then three for its kind, and one each for compact and ASCII.
    const state = this.#view.getUint8(address + this.#field("stringState"));
    const kind = (state >> 2) & 7;
    const isAscii = (state & 64) !== 0;
    // What is not ASCII has the length and the address of its UTF-8 in front.
    const data = address + this.#field("asciiSize") + (isAscii ? 0 : 8);
    const unit = (index: number): number =>
      kind === 1
        ? this.#view.getUint8(data + index)
        : kind === 2
          ? this.#view.getUint16(data + index * 2, true)
          : this.#view.getUint32(data + index * 4, true);
    return Array.from({ length }, (_, index) => String.fromCodePoint(unit(index))).join("");
  }

  #pointer(address: number, field: string): number {
    return this.#view.getUint32(address + this.#field(field), true);
  }

  #field(name: string): number {
    return this.#at[name] as number;
  }

  #refresh(): void {
    const { buffer } = this.#memory.HEAPU8;
    if (this.#view.buffer !== buffer) this.#view = new DataView(buffer);
  }
}

/** How a frame is shown: an empty `file` for what is Python's own. */
export type GuestFile = Pick<GuestFrame, "name" | "file">;

/** Decodes a location table of CPython's: for each code unit its line and column, 0 where there is none. */
export function readPlaces(table: Uint8Array, firstLine: number): Int32Array {
  const places: number[] = [];
  let at = 0;
  let line = firstLine;
  const varint = (): number => {
    let value = 0;
    for (let shift = 0; ; shift += 6) {
      const byte = table[at++] ?? 0;
      value |= (byte & 63) << shift;
      if ((byte & 64) === 0) return value;
    }
  };
  const signed = (): number => {
    const value = varint();
    return (value & 1) === 0 ? value >>> 1 : -(value >>> 1);
  };
  while (at < table.length) {
    const head = table[at++] as number;
    const kind = (head >> 3) & 15;
    let column = 0;
    if (kind < 10) column = ((kind << 3) | ((table[at++] as number) >> 4)) + 1;
    else if (kind < 13) {
      line += kind - 10;
      column = (table[at] as number) + 1;
      at += 2;
    } else if (kind === 13) line += signed();
    else if (kind === 14) {
      line += signed();
      varint(); // Where it ends.
      column = varint();
      varint();
    }
    for (let unit = 0; unit <= (head & 7); unit++) places.push(kind === 15 ? 0 : line, column);
  }
  return Int32Array.from(places);
}
