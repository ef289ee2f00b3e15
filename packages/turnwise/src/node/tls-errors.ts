/** What went wrong with TLS, in words: whose certificate, what it is for, what to do. */
import type { PeerCertificate } from "node:tls";
import { codeOf, reword } from "./io-errors.ts";

type Words = (host: string, certificate: PeerCertificate | undefined) => string;

const untrusted: Words = (host, certificate) =>
  `the certificate of ${host}, ${subject(certificate)}, is signed by nobody whom this machine trusts: ` +
  "if you trust it, give its authority's certificate as ssl: { ca }";
const noTls: Words = (host) => `${host} does not speak TLS: is the port right, and is TLS on at both ends?`;

const WORDS: Readonly<Record<string, Words>> = {
  ERR_TLS_CERT_ALTNAME_INVALID: (host, certificate) =>
    `the certificate of ${host} is not for ${host}, it is ${subject(certificate)}: ` +
    "connect by a name that it is for, or give that name as serverHostname",
  DEPTH_ZERO_SELF_SIGNED_CERT: untrusted,
  SELF_SIGNED_CERT_IN_CHAIN: untrusted,
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: untrusted,
  UNABLE_TO_GET_ISSUER_CERT: untrusted,
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: untrusted,
  CERT_HAS_EXPIRED: (host, certificate) =>
    `the certificate of ${host}, ${subject(certificate)}, expired on ${certificate?.valid_to}: it must be renewed there`,
  CERT_NOT_YET_VALID: (host, certificate) =>
    `the certificate of ${host}, ${subject(certificate)}, is valid from ${certificate?.valid_from} on: ` +
    "is this machine's clock right?",
  EPROTO: noTls,
  ERR_SSL_WRONG_VERSION_NUMBER: noTls,
  ERR_SSL_PACKET_LENGTH_TOO_LONG: noTls,
  ERR_SSL_HTTP_REQUEST: noTls,
  ECONNRESET: (host) => `${host} closed the connection during the TLS handshake: does it speak TLS, and trust us?`,
};

/**
 * Rewords an error of a handshake. @param host - whose certificate was expected; empty where this is the server.
 * @param certificate - what the other side showed.
 */
export function explainTls(error: Error, host: string, certificate?: PeerCertificate): Error {
  const code = codeOf(error) ?? "";
  // So Node calls it if the connection below was closed before it began to read.
  if (code === "EINVAL" && (error as NodeJS.ErrnoException).syscall === "read") return explainTls(closedEarly(), host);
  const shown = (error as { cert?: PeerCertificate }).cert ?? certificate;
  const words = WORDS[code]?.(host === "" ? "the other side" : host, shown);
  return words === undefined ? error : reword(error, `${words} (${code})`);
}

/** The error of a connection that was closed amid the handshake. */
export function closedEarly(): Error {
  return Object.assign(new Error("the connection was closed during the TLS handshake"), { code: "ECONNRESET" });
}

/** What a certificate is for. */
function subject(certificate: PeerCertificate | undefined): string {
  const names = certificate?.subjectaltname ?? certificate?.subject?.CN;
  return names === undefined ? "which names nobody" : `for ${String(names)}`;
}
