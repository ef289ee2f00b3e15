/** The errors' words: Node says what failed, here it is said what was tried, what that means and what to do. */

/** What was tried: to reach somebody, to be reached, to keep a connection, to make a UDP socket and to send by it. */
export type Attempt = "connect" | "listen" | "connection" | "bind" | "datagram";

type Words = (where: string) => string;

const NAMES: Readonly<Record<string, Words>> = {
  ENOTFOUND: (where) => `the name in ${where} does not resolve: is it spelt right?`,
  EAI_AGAIN: (where) => `the name in ${where} can't be looked up now: is there a network?`,
};

const WORDS: Readonly<Record<Attempt, Readonly<Record<string, Words>>>> = {
  connect: {
    ...NAMES,
    ECONNREFUSED: (where) => `nobody listens on ${where}: is the server started?`,
    ENOENT: (where) => `there is no socket ${where}: is the server started, and the path right?`,
    EINVAL: (where) => `can't connect to ${where}: is it a valid address, or a path of at most ${LONGEST_PATH} bytes?`,
    ENOTSOCK: (where) => `${where} is not a socket: is the path right?`,
    EACCES: (where) => `no permission to connect to ${where}: ask whoever owns it`,
    ETIMEDOUT: (where) => `no answer from ${where}: is the address right, and no firewall between?`,
    EHOSTUNREACH: (where) => `no way to ${where}: is the address right, and the network up?`,
    ENETUNREACH: (where) => `no way to ${where}: is the address right, and the network up?`,
    EADDRNOTAVAIL: (where) => `can't connect to ${where} from here: is localAddr an address of this machine?`,
    EADDRINUSE: (where) => `can't connect to ${where}: localAddr is in use; choose port 0 for any that is free`,
    ECONNRESET: (where) => `${where} closed the connection before it was ready: does it expect another protocol?`,
    EMFILE: (where) => `can't connect to ${where}: too many open files; close some, or raise the limit (ulimit -n)`,
  },
  listen: {
    ...NAMES,
    EADDRINUSE: (where) => `${where} is in use: stop the server that listens there, or choose another (port 0: any)`,
    EACCES: (where) => `no permission to listen on ${where}: choose a port from 1024 up, or another path`,
    EPERM: (where) => `no permission to listen on ${where}: choose another`,
    EADDRNOTAVAIL: (where) => `can't listen on ${where}: it is not an address of this machine`,
    EINVAL: (where) => `can't listen on ${where}: is it a valid address, or a path of at most ${LONGEST_PATH} bytes?`,
    ENOTSUP: (where) => `can't listen on ${where}: the system has no such option; leave out reusePort`,
    EMFILE: (where) => `can't listen on ${where}: too many open files; close some, or raise the limit (ulimit -n)`,
  },
  bind: {
    ...NAMES,
    EADDRINUSE: (where) => `${where} is in use: stop what is bound there, or choose another (port 0: any)`,
    EACCES: (where) => `no permission for ${where}: choose a port from 1024 up; to broadcast, allowBroadcast`,
    EADDRNOTAVAIL: (where) => `can't bind to ${where}: it is not an address of this machine`,
    EINVAL: (where) => `can't use ${where}: are localAddr and remoteAddr of one family?`,
  },
  datagram: {
    ...NAMES,
    ECONNREFUSED: (where) => `nobody receives datagrams on ${where}: is the other side started?`,
    EMSGSIZE: (where) => `the datagram for ${where} is too large: send at most 65,507 bytes`,
    EACCES: (where) => `no permission to send to ${where}: to broadcast, set allowBroadcast`,
  },
  connection: {
    ECONNRESET: (where) => `the connection with ${where} was reset: the other side ended it`,
    EPIPE: (where) => `the connection with ${where} is broken: the other side had closed it when this was written`,
    ETIMEDOUT: (where) => `the connection with ${where} timed out: the other side does not answer any more`,
  },
};

/**
 * Rewords the message of an error of Node's, which keeps its `code` and all else it knows.
 * @param where - what it is about: `127.0.0.1:80`, a path.
 */
export function explain(error: unknown, attempt: Attempt, where: string): unknown {
  const code = codeOf(error);
  const words = code === undefined ? undefined : WORDS[attempt][code];
  if (error instanceof AggregateError) {
    for (const one of error.errors) explain(one, attempt, whereOf(one) ?? where);
  }
  return words === undefined ? error : reword(error as Error, `${words(where)} (${code})`);
}

/** A path of more bytes than this is no Unix socket's. */
const LONGEST_PATH = process.platform === "darwin" ? 103 : 107;

/** @throws an error like Node's where `path` is too long for a Unix socket: Node 22 cuts it off, and says nothing. */
export function checkPath(path: string, attempt: "connect" | "listen"): void {
  if (process.platform === "win32" || Buffer.byteLength(path) <= LONGEST_PATH) return;
  throw explain(Object.assign(new Error("invalid argument"), { code: "EINVAL", syscall: attempt }), attempt, path);
}

/** Gives an error another message, in its stack too: that is what is printed. */
export function reword(error: Error, message: string): Error {
  const { stack } = error;
  const before = error.message;
  error.message = message;
  if (stack !== undefined && before === "") error.stack = stack.replace(/^[^\n]*/, () => `${error.name}: ${message}`);
  else if (stack !== undefined) error.stack = stack.replace(before, () => message);
  return error;
}

/** The stacks of errors as they came, before {@link here} added to them. */
const stacks = new WeakMap<Error, string>();

/**
 * The error, with those in its stack who wait here for what failed: what came from outside knows nothing of them. Who
 * throws it once more, to others, calls it again.
 */
export function here(error: unknown): unknown {
  if (!(error instanceof Error)) return error;
  const own = stacks.get(error) ?? error.stack;
  const place: { stack?: string } = {};
  Error.captureStackTrace(place, here);
  const frames = place.stack?.split("\n").slice(1) ?? [];
  if (own === undefined || frames.length === 0) return error;
  stacks.set(error, own);
  error.stack = [own, ...frames].join("\n");
  return error;
}

/** The code of an error of Node's: `ECONNREFUSED`. */
export function codeOf(error: unknown): string | undefined {
  const code = (error as { code?: unknown } | null | undefined)?.code;
  return typeof code === "string" ? code : undefined;
}

/** `host:port`, as it is written in a URL. */
export function hostPort(host: string, port: number | string): string {
  return host.includes(":") ? `[${host}]:${port}` : `${host}:${port}`;
}

function whereOf(error: unknown): string | undefined {
  const { address, port } = error as { address?: string; port?: number };
  return address === undefined || port === undefined ? undefined : hostPort(address, port);
}
