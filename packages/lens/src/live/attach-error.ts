/** Why a process could not be looked into: one line for people, and a code for programs. */

export type AttachErrorCode =
  | "no-process"
  | "not-permitted"
  | "not-node"
  | "no-inspector"
  | "port-taken"
  | "no-answer"
  | "ended"
  | "closed"
  | "not-turnwise"
  | "aborted";

export class AttachError extends Error {
  static {
    this.prototype.name = "AttachError";
  }
  readonly code: AttachErrorCode;

  constructor(code: AttachErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
