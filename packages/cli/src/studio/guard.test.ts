import { expect, test } from "vitest";
import { Guard, newToken } from "./guard.ts";

const TOKEN = newToken();
const guard = new Guard(TOKEN, 4711);

function statusOf(change: {
  method?: string;
  url?: string;
  host?: string | undefined;
  origin?: string;
}): number | null {
  const { method = "GET", url = `/${TOKEN}/`, origin } = change;
  const host = "host" in change ? change.host : "127.0.0.1:4711";
  const headers = { ...(host !== undefined && { host }), ...(origin !== undefined && { origin }) };
  return guard.refusal({ method, url, headers })?.status ?? null;
}

test("who has the token, from this machine, may pass", () => {
  expect(statusOf({})).toBeNull();
  expect(statusOf({ host: "localhost:4711", origin: "http://localhost:4711", url: `/${TOKEN}/a/b?c` })).toBeNull();
  expect(statusOf({ method: "HEAD", origin: "http://127.0.0.1:4711", url: `/${TOKEN}` })).toBeNull();
});

test.for([
  "/",
  "",
  "//",
  `/${TOKEN.slice(1)}/`,
  `/${TOKEN}x/`,
  `/${TOKEN.toLowerCase()}/`,
  `//${TOKEN}/`,
  `/?${TOKEN}`,
  `/x/../${TOKEN}/`,
])("not without the token: %s", (url) => {
  expect(statusOf({ url })).toBe(404);
});

test.for(["evil.example", "evil.example:4711", "127.0.0.1", "127.0.0.1:80", "127.0.0.1:4711.evil.example", undefined])(
  "not by another name, though it leads here: %s",
  (host) => {
    expect(statusOf({ host })).toBe(403);
  },
);

test.for(["https://127.0.0.1:4711", "http://evil.example", "http://127.0.0.1:80", "null", ""])(
  "not from another page: %s",
  (origin) => {
    expect(statusOf({ origin })).toBe(403);
  },
);

test("a pass leads in once, and not by another name or from another page", () => {
  const other = new Guard(newToken(), 4711);
  const headers = { host: "127.0.0.1:4711" };
  expect(other.takesPass({ method: "GET", url: "/once/null", headers })).toBe(false);
  const url = other.newPass();
  expect(other.refusal({ method: "GET", url, headers })?.status).toBe(404);
  expect(other.refusal({ method: "GET", url, headers: { host: "evil.example" } })?.status).toBe(403);
  expect(other.takesPass({ method: "GET", url: `${url}x`, headers })).toBe(false);
  expect(other.takesPass({ method: "GET", url, headers })).toBe(true);
  expect(other.takesPass({ method: "GET", url, headers })).toBe(false);
});

test.for(["POST", "PUT", "DELETE", "OPTIONS", "CONNECT"])("nothing but reading: %s", (method) => {
  expect(statusOf({ method })).toBe(405);
});

test("no two tokens are alike, and none is short", () => {
  const tokens = Array.from({ length: 100 }, newToken);
  expect(new Set(tokens).size).toBe(100);
  for (const token of tokens) expect(token).toMatch(/^[\w-]{43}$/);
});
