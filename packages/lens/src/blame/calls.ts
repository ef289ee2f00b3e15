/**
 * The calls in a file's text. The profiler says which function called what, but not on which line: where no interrupt
 * tells it, the text does.
 */
import {
  parse,
  type AnyNode,
  type CallExpression,
  type Function as FunctionNode,
  type Identifier,
  type NewExpression,
  type Node,
  type Options,
  type Program,
} from "acorn";
import { ancestor, base, simple, type RecursiveVisitors } from "acorn-walk";
import type { RawFrame } from "./stack.ts";

/** A call in the text. */
export interface Call {
  /** "JSON.parse", "sort": the last two names of what is called. */
  readonly name: string;
  /** From 1: where a stack trace would say the call is. */
  readonly line: number;
  readonly column: number;
}

/** Methods of strings and regular expressions that run the engine's matcher, and of arrays that may take long. */
const TYPES: ReadonlyMap<string, string> = new Map([
  ...["test", "exec"].map((name) => [name, "RegExp"] as const),
  ...["match", "matchAll", "replace", "replaceAll", "search", "split", "repeat", "normalize", "localeCompare"].map(
    (name) => [name, "String"] as const,
  ),
  ...["sort", "toSorted", "join", "fill", "indexOf", "includes", "slice", "concat", "reverse"].map(
    (name) => [name, "Array"] as const,
  ),
]);

/** What is most likely to take long, the likeliest first, where a line calls several builtins. */
const HEAVY = [
  "parse",
  "stringify",
  "structuredClone",
  "deserialize",
  "serialize",
  "sort",
  "toSorted",
  "wait",
  "exec",
  "test",
  "match",
  "matchAll",
  "replace",
  "replaceAll",
  "search",
  "split",
];

interface FoundCall extends Call {
  readonly last: string;
  /** Offsets: of `line` and `column`, and behind the arguments. */
  readonly start: number;
  readonly end: number;
}

interface FoundFunction {
  readonly node: FunctionNode;
  /** The class whose method it is; empty if it is none. */
  readonly owner: string;
  /** The variable or function by whose name it is known in the file. */
  readonly id: Identifier | null;
}

export class Calls {
  readonly #text: string;
  readonly #lineStarts: number[] = [0];
  readonly #functions: FoundFunction[] = [];
  readonly #loops: Node[] = [];
  readonly #program: Program;
  /** Other names under which imports are known: `import { readFileSync as read }`. */
  readonly #aliases = new Map<string, string>();
  /** All calls, by where they start. */
  #starts: Map<number, FoundCall> | undefined;
  #entries: Set<number> | undefined;

  /** Null if `text` can't be parsed. */
  static parse(text: string): Calls | null {
    const options: Options = { ecmaVersion: "latest", sourceType: "module", allowHashBang: true };
    try {
      return new Calls(text, parse(text, options));
    } catch {
      try {
        const script: Options = { ...options, sourceType: "script", allowReturnOutsideFunction: true };
        return new Calls(text, parse(text, script));
      } catch {
        return null;
      }
    }
  }

  private constructor(text: string, program: Program) {
    this.#text = text;
    this.#program = program;
    for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", at + 1)) this.#lineStarts.push(at + 1);
    const loop = (node: Node): void => void this.#loops.push(node);
    ancestor(program, {
      ForStatement: loop,
      ForInStatement: loop,
      ForOfStatement: loop,
      WhileStatement: loop,
      DoWhileStatement: loop,
      Function: (node, _state, ancestors) =>
        void this.#functions.push({
          node: node as FunctionNode,
          owner: ownerName(ancestors),
          id: identifierOf(node as FunctionNode, ancestors),
        }),
      ImportSpecifier: (node) => {
        if (node.imported.type === "Identifier") this.#aliases.set(node.local.name, node.imported.name);
      },
      ObjectPattern: (node) => {
        for (const property of node.properties) {
          if (property.type !== "Property" || property.key.type !== "Identifier") continue;
          if (property.value.type === "Identifier") this.#aliases.set(property.value.name, property.key.name);
        }
      },
    });
  }

  /**
   * The calls of `fn` in the function that `frame` names: of several, the last before a place that the thread had
   * reached when the call was over, if there is such a place.
   */
  findCall(frame: RawFrame, fn: string, reached: { line: number; column: number } | null): Call | null {
    const offset = reached === null ? Infinity : this.#offset(reached.line, reached.column);
    const calls = this.#callsIn(frame);
    const wanted = lastName(fn);
    const named = calls.filter((call) => call.last === wanted || this.#aliases.get(call.last) === wanted);
    // A function may be exported under a name that isn't its own.
    const candidates = named.length > 0 ? named : reached === null && calls.length > 1 ? [] : calls;
    // In a loop, what stands after a place may have come before it.
    const loops = this.#loops
      .filter(({ start, end }) => start <= offset && offset < end)
      .sort((a, b) => b.start - a.start);
    for (const loop of [...loops, this.#program]) {
      const inside = candidates.filter((call) => loop.start <= call.start && call.end <= loop.end);
      if (inside.length > 0) return inside.findLast(({ end }) => end <= offset) ?? inside.at(-1)!;
    }
    return null;
  }

  /** The call at a place, with the bare name that the function has in the module that it comes from; null if none is there. */
  callAt(line: number, column: number): (Call & { readonly imported: string }) | null {
    this.#starts ??= new Map(this.#callsUnder(this.#program, base).map((call) => [call.start, call]));
    const call = this.#starts.get(this.#offset(line, column));
    return call === undefined ? null : { ...call, imported: this.#aliases.get(call.last) ?? call.last };
  }

  /** The builtin that is called on a line of the function that `frame` names, by the profiler's word. */
  builtinOn(frame: RawFrame, line: number): Call | null {
    const calls = this.#callsIn(frame).filter((call) => call.line === line);
    const likely = calls
      .filter((call) => HEAVY.includes(call.last))
      .sort((a, b) => HEAVY.indexOf(a.last) - HEAVY.indexOf(b.last))[0];
    return likely ?? (calls.length === 1 ? calls[0]! : null);
  }

  /** Whether a line of the function that `frame` names calls what is not defined in this file. */
  callsOthersOn(frame: RawFrame, line: number): boolean {
    return this.#callsIn(frame).some((call) => call.line === line && !this.defines(call.last));
  }

  /** Whether the file has a function of its own that bears this name. */
  defines(name: string): boolean {
    return this.#functions.some(({ id }) => id?.name === name);
  }

  /** Whether lines of the function that `frame` names lie in a loop of it together. */
  inOneLoop(frame: RawFrame, lines: readonly { readonly line: number }[]): boolean {
    const body = this.#functionOf(frame)?.node.body ?? this.#program;
    return this.#loops.some(({ start, end }) => {
      const [first, last] = [this.#line(start), this.#line(end)];
      return start >= body.start && end <= body.end && lines.every(({ line }) => first <= line && line <= last);
    });
  }

  /** Whether a place is where the engine says that a function is which hasn't begun: at its parameters. */
  isEntry(line: number, column: number): boolean {
    this.#entries ??= new Set(
      this.#functions.flatMap(({ node }) => [
        node.start,
        this.#text.indexOf("(", nodeName(node) === "" ? node.start : node.id!.end),
      ]),
    );
    return this.#entries.has(this.#offset(line, column));
  }

  /** The method that the function named by `frame` is: "Class.method"; else its bare name. */
  fullName(frame: RawFrame): string {
    const owner = this.#functionOf(frame)?.owner ?? "";
    if (owner === "" || frame.fn === "") return frame.fn;
    return owner === frame.fn ? `new ${owner}` : `${owner}.${frame.fn}`;
  }

  /** Where the name of the function that `frame` names is given to it; null if that is not known, or it has none. */
  nameAt(frame: RawFrame): { line: number; column: number } | null {
    const id = this.#functionOf(frame)?.id;
    if (id == null || id.name !== lastName(frame.fn)) return null;
    const line = this.#line(id.start);
    return { line, column: id.start - this.#lineStarts[line - 1]! + 1 };
  }

  /** Where the text of a line begins, from 1: any place on it is better than none for a source map. */
  firstColumn(frame: RawFrame, line: number): number {
    const start = this.#lineStarts[line - 1] ?? 0;
    const body = this.#functionOf(frame)?.node.body.start ?? 0;
    const text = this.#text.slice(start, this.#lineStarts[line] ?? this.#text.length);
    return Math.max(start + text.search(/\S|$/), body) - start + 1;
  }

  #offset(line: number, column: number): number {
    return (this.#lineStarts[line - 1] ?? 0) + column - 1;
  }

  #line(offset: number): number {
    let low = 0;
    let high = this.#lineStarts.length;
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if (this.#lineStarts[middle]! <= offset) low = middle;
      else high = middle;
    }
    return low + 1;
  }

  #functionOf(frame: RawFrame): FoundFunction | undefined {
    const at = (this.#lineStarts[frame.fnLine - 1] ?? 0) + frame.fnColumn - 1;
    // The engine means the function's beginning or, in profiles, its parameters'.
    const around = this.#functions.filter(({ node }) => node.start <= at && at <= node.body.start);
    if (around.length > 0) return around.reduce((a, b) => (a.node.start >= b.node.start ? a : b));
    return this.#functions.find(({ node }) => this.#line(node.start) === frame.fnLine && nodeName(node) === frame.fn);
  }

  #callsIn(frame: RawFrame): FoundCall[] {
    const scope: Node = this.#functionOf(frame)?.node.body ?? this.#program;
    // The functions within it are others.
    return this.#callsUnder(scope, { ...base, Function: () => {} });
  }

  #callsUnder(scope: Node, walker: RecursiveVisitors<unknown>): FoundCall[] {
    const calls: FoundCall[] = [];
    const visit = (node: CallExpression | NewExpression): void => {
      const call = this.#describe(node);
      if (call !== null) calls.push(call);
    };
    simple(scope, { CallExpression: visit, NewExpression: visit }, walker);
    return calls.sort((a, b) => a.start - b.start);
  }

  #describe({ callee, start, end, type }: CallExpression | NewExpression): FoundCall | null {
    const at = (offset: number): Pick<FoundCall, "line" | "column" | "start" | "end"> => {
      const line = this.#line(offset);
      return { line, column: offset - this.#lineStarts[line - 1]! + 1, start: offset, end };
    };
    if (callee.type === "Identifier") {
      return { name: callee.name, last: callee.name, ...at(type === "NewExpression" ? start : callee.start) };
    }
    if (callee.type !== "MemberExpression" || callee.property.type !== "Identifier" || callee.computed) return null;
    const last = callee.property.name;
    const object = objectName(callee.object, last);
    return { name: object === undefined ? last : `${object}.${last}`, last, ...at(callee.property.start) };
  }
}

/** What a method is called on: a class, a builtin's type that is likely, or a variable. */
function objectName(object: AnyNode, method: string): string | undefined {
  if (object.type === "Literal" && object.regex !== undefined) return "RegExp";
  const variable = object.type === "Identifier" ? object.name : undefined;
  if (variable !== undefined && /^[A-Z]/.test(variable)) return variable;
  // Databases, too, have an `exec`.
  if ((method === "exec" || method === "test") && !/re|pattern|match/i.test(variable ?? "")) return variable;
  return TYPES.get(method);
}

/** Of a function that has no name, the engine says what it was assigned to: "exports.parse". */
export function lastName(fn: string): string {
  return /[^. ]*$/.exec(fn)![0];
}

function nodeName(node: FunctionNode): string {
  return node.type === "ArrowFunctionExpression" ? "" : (node.id?.name ?? "");
}

/** Its own name, or that of the variable that it was made for. */
function identifierOf(node: FunctionNode, ancestors: readonly Node[]): Identifier | null {
  if (node.id != null) return node.id;
  const parent = ancestors.at(-2) as AnyNode | undefined;
  if (parent?.type === "VariableDeclarator" && parent.init === node && parent.id.type === "Identifier")
    return parent.id;
  return null;
}

/** The class whose method a function is; empty if it is none. `ancestors` ends with the function itself. */
function ownerName(ancestors: readonly Node[]): string {
  const method = ancestors.at(-2) as AnyNode | undefined;
  if (method?.type !== "MethodDefinition") return "";
  const owner = ancestors.at(-4) as AnyNode | undefined;
  return owner?.type === "ClassDeclaration" || owner?.type === "ClassExpression" ? (owner.id?.name ?? "") : "";
}
