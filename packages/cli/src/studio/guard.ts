/**
 * Who may talk to the studio's server: whoever has the token, from this machine. A page of another origin has neither
 * the token nor the right `Origin`; one whose name was made to point here (DNS rebinding) has another `Host`.
 */
import { createHash, randomBytes, timingSafeEqual } from "node:crypto";
import type { IncomingMessage } from "node:http";

type Request = Pick<IncomingMessage, "method" | "url" | "headers">;

/** Why a request is refused; with null it may pass. */
export type Refusal = { readonly status: 403 | 404 | 405; readonly message: string } | null;

/** A new token: 256 bits. */
export function newToken(): string {
  return randomBytes(32).toString("base64url");
}

/** Knows the token, and the names that this server goes by. */
export class Guard {
  readonly #token: string;
  readonly #hosts: ReadonlySet<string>;
  #pass: string | null = null;

  constructor(token: string, port: number) {
    this.#token = token;
    this.#hosts = new Set([`127.0.0.1:${port}`, `localhost:${port}`]);
  }

  /**
   * A path that leads to the page once. It is for a command line, which everybody on this machine can read: the token
   * would let them in for good.
   */
  newPass(): string {
    this.#pass = newToken();
    return `/once/${this.#pass}`;
  }

  /** Whether a request that has no token has the pass, which is then used up. */
  takesPass({ method, url }: Request): boolean {
    if (method !== "GET" || this.#pass === null || !sameText(pathOf(url), `/once/${this.#pass}`)) return false;
    this.#pass = null;
    return true;
  }

  /** What is wrong with a request. */
  refusal({ method, url, headers }: Request): Refusal {
    if (!this.#hosts.has(headers.host ?? "")) return { status: 403, message: "this server has another name" };
    const { origin } = headers;
    if (origin !== undefined && !this.#isOwn(origin)) return { status: 403, message: "not from another page" };
    if (method !== "GET" && method !== "HEAD") return { status: 405, message: "there is nothing to change here" };
    const [token = ""] = pathOf(url).slice(1).split("/", 1);
    if (sameText(token, this.#token)) return null;
    return { status: 404, message: "the address must be the whole one that `turnwise studio` printed" };
  }

  #isOwn(origin: string): boolean {
    return origin.startsWith("http://") && this.#hosts.has(origin.slice("http://".length));
  }
}

/** The path of a request's address, without what follows `?`. */
export function pathOf(url = "/"): string {
  return url.split("?", 1)[0] as string;
}

/** Takes as long wherever they differ. */
function sameText(a: string, b: string): boolean {
  const [left, right] = [a, b].map((text) => createHash("sha256").update(text).digest()) as [Buffer, Buffer];
  return timingSafeEqual(left, right);
}
