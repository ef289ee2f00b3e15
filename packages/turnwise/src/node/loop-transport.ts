/** `LoopTransport`: what every transport here has in common: its protocol is called by the loop, in order. */
import { Context, type Vars } from "../contextvars.ts";
import type { EventLoop } from "../events.ts";
import { KeyboardInterrupt } from "../exceptions.ts";
import { Handle } from "../handles.ts";
import type { Scope } from "../running.ts";
import { sleep } from "../sleep.ts";
import type { BaseProtocol } from "./protocols.ts";
import type { Task } from "../tasks.ts";
import { hold, letGo, type Resource } from "./resources.ts";
import { BaseTransport } from "./transports.ts";

/** Makes the protocol of a connection. */
export type ProtocolFactory<P extends BaseProtocol = BaseProtocol> = () => P;

/**
 * Calls a protocol: `connectionMade` first, whatever the subclass has to deliver, `connectionLost` last.
 *
 * Node tells of events between turns of the loop. Here they only leave a note, and put one handle in the loop's queue,
 * which each transport has for good: its run tells the protocol one thing.
 */
export abstract class LoopTransport extends BaseTransport implements Resource {
  protected readonly loop: EventLoop;
  /** No more calls but `connectionLost`. */
  protected closing = false;
  /** The protocol was asked not to write. */
  protected protocolIsPaused = false;
  /** What makes the protocol, until the first call; then the protocol. */
  #protocol: BaseProtocol | ProtocolFactory;
  readonly #call: ProtocolCall;
  #isQueued = false;
  #isMade = false;
  #isOver = false;
  #isLost = false;
  #error: unknown = null;

  /**
   * @param context - with whose variables the protocol is first called; what it sets stays for its later calls.
   * @param isHeld - whether somebody else ends it with the loop.
   */
  constructor(loop: EventLoop, protocol: BaseProtocol | ProtocolFactory, context: Context, isHeld = false) {
    super();
    this.loop = loop;
    this.#protocol = protocol;
    this.#call = new ProtocolCall(this, loop, context);
    if (!isHeld) hold(loop, this);
    this.schedule();
  }

  override isClosing(): boolean {
    return this.closing;
  }

  override setProtocol(protocol: BaseProtocol): void {
    this.#protocol = protocol;
  }

  override getProtocol(): BaseProtocol {
    return this.#protocol as BaseProtocol;
  }

  /** The loop is closed: nobody is told. */
  loopClosed(): void {
    this.closing = this.#isLost = true;
    this.destroy();
  }

  /** Delivers one thing to the protocol. @returns false if there was none. */
  protected abstract deliver(): boolean;
  /** Whether there is more to deliver. */
  protected abstract hasMore(): boolean;
  /** Whether there is something to deliver, but the protocol does not want it yet. */
  protected holdsBack(): boolean {
    return false;
  }
  /** `connectionMade` was called; it may have closed this. */
  protected abstract made(): void;
  /** Drops what Node has: {@link over} follows. */
  protected abstract destroy(): void;
  /** `connectionLost` was called, or never will be. */
  protected lost(): void {}

  /** Lets the loop call the protocol. @param last - a callback of Node's does nothing else: an idle loop goes on in here. */
  protected schedule(last = false): void {
    if (this.#isQueued || this.#isLost) return;
    this.#isQueued = true;
    if (last) this.loop._enter(this.#call);
    else {
      this.loop._wake();
      this.loop._push(this.#call);
    }
  }

  /** Node has closed its end: what was noted before is delivered, then `connectionLost`. @param last - as in `schedule`. */
  protected over(last = false): void {
    this.#isOver = true;
    this.schedule(last);
  }

  /** What `connectionLost` is to say. The first error counts. */
  protected noteError(error: unknown): void {
    this.#error ??= error;
  }

  /** Another transport has called `connectionMade`. */
  protected goOn(): void {
    this.#isMade = true;
    this.made();
  }

  /** Closes at once. */
  protected forceClose(error: unknown): void {
    this.noteError(error);
    this.closing = true;
    this.destroy();
  }

  /** The buffer is over its high-water mark. */
  protected pauseProtocol(): void {
    this.protocolIsPaused = true;
    try {
      this.returned("pauseWriting", this.getProtocol().pauseWriting());
    } catch (thrown) {
      this.report("protocol.pauseWriting() failed", thrown);
    }
  }

  /** The buffer is down at its low-water mark. */
  protected resumeProtocol(): void {
    this.protocolIsPaused = false;
    try {
      this.returned("resumeWriting", this.getProtocol().resumeWriting());
    } catch (thrown) {
      this.report("protocol.resumeWriting() failed", thrown);
    }
  }

  /** A method of the protocol threw. */
  protected failed(method: string, thrown: unknown, why = "."): void {
    if (!this.closing) this.forceClose(thrown);
    this.report(`Fatal error: protocol.${method}() call failed${why}`, thrown);
  }

  /** What a method of the protocol has returned: if that is an async one, nobody else hears how it ends. */
  protected returned(method: string, result: unknown): void {
    if (result === undefined || !(result instanceof Promise)) return;
    result.catch((thrown: unknown) => {
      if (thrown instanceof KeyboardInterrupt) this.loop._abort(thrown);
      else this.failed(method, thrown, IT_IS_ASYNC);
    });
  }

  /** Tells the exception handler. Ctrl-C is not for it. */
  protected report(message: string, exception?: unknown): void {
    if (exception instanceof KeyboardInterrupt) throw exception;
    this.loop.callExceptionHandler({ message, exception, transport: this, protocol: this.#protocol });
  }

  /** @internal The loop has its turn for this. */
  _next(): void {
    this.#isQueued = false;
    if (this.#isLost) return;
    if (!this.#isMade) this.#make();
    else if (!this.deliver() && this.#mayLose()) this.#lose();
    if (this.hasMore() || this.#mayLose()) this.schedule();
  }

  /** Node has closed its end, and there is nothing that the protocol is to hear before it hears of that. */
  #mayLose(): boolean {
    return this.#isOver && (this.closing || this.#error !== null || !this.holdsBack());
  }

  #make(): void {
    this.#isMade = true;
    if (typeof this.#protocol === "function") {
      try {
        this.setProtocol(this.#protocol());
      } catch (thrown) {
        this.end();
        this.forceClose(thrown);
        this.lost();
        this.loop.callExceptionHandler({
          message: "Error on transport creation for incoming connection",
          exception: thrown,
          transport: this,
        });
        return;
      }
    }
    try {
      this.returned("connectionMade", this.getProtocol().connectionMade(this));
    } catch (thrown) {
      this.failed("connectionMade", thrown);
    }
    this.made();
  }

  #lose(): void {
    this.closing = true;
    this.end();
    try {
      this.returned("connectionLost", this.getProtocol().connectionLost(this.#error));
    } catch (thrown) {
      this.failed("connectionLost", thrown);
    } finally {
      this.lost();
    }
  }

  /** It is over. */
  protected end(): void {
    this.#isLost = true;
    letGo(this.loop, this);
  }
}

const IT_IS_ASYNC =
  ": it is async, and the loop calls it, and does not await it. Start a task there (createTask), or read from a stream.";

/** Waits until `connectionMade` was called for a transport that was just made. Whoever is cancelled here drops it. */
export async function started(transport: LoopTransport & { abort(): void }): Promise<void> {
  try {
    await sleep(0); // It was first in the queue.
  } catch (thrown) {
    transport.abort();
    throw thrown;
  }
}

/**
 * The handle of a transport. What watches the loop sees a handle like any other. It is its own scope, with variables of
 * its own: thousands of connections have one each.
 */
class ProtocolCall extends Handle implements Scope {
  /** @internal */
  declare _context: Vars;
  readonly #transport: LoopTransport;

  constructor(transport: LoopTransport, loop: EventLoop, context: Context) {
    super(loop, callProtocol, NO_ARGS, context);
    this.#transport = transport;
  }

  override toString(): string {
    return `<${this.constructor.name} ${String(this.#transport)}>`;
  }

  /** @internal */
  get _task(): Task<unknown> | null {
    return null;
  }

  protected override _scopeWith(context: Vars | Context): Scope {
    this._context = context instanceof Context ? context._vars : context;
    return this;
  }

  /** @internal */
  override _invoke(): void {
    this.#transport._next();
  }
}

const NO_ARGS: readonly never[] = [];

/** In whose name it is done. */
function callProtocol(): void {}
