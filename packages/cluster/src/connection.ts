/** The way to Redis: where it is, connections to it, and their errors without the credentials. */
import { Redis, type RedisOptions } from "ioredis";
import { ClusterConnectionError } from "./errors.ts";
import { endIfSilent } from "./silence.ts";

/**
 * Where Redis (or Valkey) is: a URL, `redis://user:password@host:6379/0`, or `rediss://` for TLS; or ioredis' options,
 * which may have a `url` too. By default the URL in the environment's `TURNWISE_REDIS_URL` or `REDIS_URL`, else
 * `redis://localhost:6379`.
 */
export type Connection = string | URL | (ClientOptions & { readonly url?: string });

/** ioredis' options, but for the one that BullMQ can't do with. */
type ClientOptions = Omit<RedisOptions, "replyMapping">;

/** Which queue of which Redis. */
export interface QueueOptions {
  readonly connection?: Connection | undefined;
  /** The queue; "default" by default. */
  readonly queue?: string | undefined;
  /** What the names of all keys in Redis begin with; "turnwise" by default. */
  readonly prefix?: string | undefined;
}

export const DEFAULT_PREFIX = "turnwise";
export const DEFAULT_QUEUE = "default";

/** @throws TypeError where a queue can't be called so: BullMQ has a use of its own for colons. */
export function checkQueueName(queue: string): void {
  if (typeof queue !== "string" || queue === "" || queue.includes(":")) {
    throw new TypeError(`a queue's name is not empty, and has no colon in it; got ${JSON.stringify(queue)}`);
  }
}

/** Takes what is needed to open connections out of {@link Connection}. @throws TypeError where it can't be read. */
export function connectionOptions(connection: Connection = fromEnvironment()): ConnectionOptions {
  const isOptions = typeof connection === "object" && connection !== null && !(connection instanceof URL);
  const { url, ...options }: ClientOptions & { readonly url?: string } = isOptions
    ? connection
    : { url: String(connection) };
  if (url !== undefined) checkUrl(url);
  return { url, options };
}

/** What can't be read is refused here: the errors of `new URL` and of ioredis have the whole URL in them, password and all. */
function checkUrl(url: string): void {
  if (!/^(redis|rediss|unix):\/\//.test(url)) {
    throw new TypeError("a URL of Redis begins with redis://, rediss:// or unix://");
  }
  if (!isReadable(url)) {
    throw new TypeError(
      "a URL of Redis is redis://user:password@host:port/database: what is special in a user or password (such as " +
        "%, /, #, ?) is to be percent-encoded, see encodeURIComponent",
    );
  }
}

function isReadable(url: string): boolean {
  if (url.startsWith("unix://")) return url.startsWith("unix:///");
  const parsed = URL.parse(url);
  if (parsed === null) return false;
  try {
    decodeURIComponent(parsed.username);
    decodeURIComponent(parsed.password);
  } catch {
    return false;
  }
  return /^\/?\d*$/.test(parsed.pathname);
}

/** See {@link connectionOptions}. */
export interface ConnectionOptions {
  readonly url: string | undefined;
  readonly options: ClientOptions;
}

/**
 * Opens a connection. Until it is up for the first time an error ends it; afterwards it comes back by itself, and what
 * was asked meanwhile is asked again.
 * @param name - what `CLIENT LIST` shows.
 * @param isListener - it only listens for what others publish.
 */
export function connect({ url, options }: ConnectionOptions, name: string, isListener: boolean = false): Redis {
  let wasUp = false;
  const { socketTimeout: silence, ...given } = options;
  const all: ClientOptions = {
    ...given,
    connectionName: name,
    maxRetriesPerRequest: null,
    retryStrategy: (times) => (wasUp ? Math.min(50 * 2 ** Math.min(times, 6), 2000) : null),
  };
  const redis = url === undefined ? new Redis(all) : new Redis(url.replace(/^unix:\/\//, ""), all);
  redis.on("ready", () => void (wasUp = true));
  endIfSilent(redis, silence, isListener);
  const made: Redis[] = [];
  const duplicate = redis.duplicate.bind(redis);
  redis.duplicate = (...args) => {
    const another = duplicate(...args);
    endIfSilent(another, silence);
    made.push(another);
    return another;
  };
  duplicates.set(redis, made);
  return redis;
}

/** The connections that BullMQ makes after the model of one. */
const duplicates = new WeakMap<Redis, Redis[]>();

/** {@link connect}, once it is up. @throws ClusterConnectionError where that can't be. */
export async function connected(where: ConnectionOptions, name: string): Promise<Redis> {
  const redis = connect(where, name);
  await new Promise<void>((resolve, reject) => {
    let lastError: unknown = new Error("the connection was closed");
    redis.on("error", (error) => void (lastError = error));
    redis.once("ready", resolve);
    redis.once("end", () => reject(connectionError(where, lastError)));
  });
  return redis;
}

/** Ends a connection, and those made after it. For one that ended already ioredis would keep the process for 2 s. */
export function disconnect(redis: Redis): void {
  for (const each of [redis, ...(duplicates.get(redis) ?? [])]) if (each.status !== "end") each.disconnect();
}

/** Where it is, without the credentials: `redis://localhost:6379`. */
export function shownConnection({ url, options }: ConnectionOptions): string {
  if (url?.startsWith("unix://") === true || options.path !== undefined) {
    return `unix://${options.path ?? (url ?? "").slice(7)}`;
  }
  const parsed = url === undefined ? null : new URL(url);
  const host = parsed?.hostname || options.host || "localhost";
  const port = parsed?.port || options.port || 6379;
  const isTls = parsed?.protocol === "rediss:" || options.tls !== undefined;
  const db = parsed?.pathname.slice(1) || options.db;
  return `${isTls ? "rediss" : "redis"}://${host}:${port}${db === undefined || db === 0 ? "" : `/${db}`}`;
}

/** An error of the connection, in words that may be shown: ioredis keeps the password in what it throws. */
export function connectionError(where: ConnectionOptions, error: unknown): ClusterConnectionError {
  const { message, code } = error as NodeJS.ErrnoException;
  const why = message || code || String(error);
  return new ClusterConnectionError(`${shownConnection(where)}: ${withoutCredentials(where, why)}`);
}

function withoutCredentials({ url, options }: ConnectionOptions, text: string): string {
  const password = url === undefined ? options.password : decodeURIComponent(new URL(url).password) || options.password;
  return password === undefined || password === null || password === "" ? text : text.replaceAll(password, "***");
}

function fromEnvironment(): string {
  return process.env["TURNWISE_REDIS_URL"] || process.env["REDIS_URL"] || "redis://localhost:6379";
}
