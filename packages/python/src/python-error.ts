/** `PythonError`: an exception of Python's that crossed into TypeScript. */

/**
 * An exception that Python code raised and nobody there caught. Its `name` is that of the Python class, `ValueError`;
 * its `stack` ends with Python's traceback. What has a counterpart crosses as that: `asyncio.CancelledError`,
 * `TimeoutError`, and errors that came from TypeScript.
 */
export class PythonError extends Error {
  /** Python's traceback, as the command `python` would print it. */
  readonly traceback: string;

  constructor(message: string, traceback: string) {
    super(message);
    this.traceback = traceback;
    if (traceback !== "") this.stack = `${this.stack ?? ""}\n${traceback}`;
  }

  override get name(): string {
    return this.constructor.name;
  }

  /** @param type - the name of the Python class. */
  static of(type: string, message: string, traceback: string): PythonError {
    let known = classes.get(type);
    if (known === undefined) {
      known = { [type]: class extends PythonError {} }[type] as typeof PythonError;
      classes.set(type, known);
    }
    return new known(message, traceback);
  }
}

/** One for each class of Python's, so that tools call it by its name. */
const classes = new Map<string, typeof PythonError>();
