/** What the person who typed the command can put right: told in one line on stderr, with exit code 2. */
export class UsageError extends Error {
  static {
    this.prototype.name = "UsageError";
  }
}
