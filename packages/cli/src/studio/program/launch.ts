/** What the studio tells the process of a program. */

/** How it is recorded, and where it writes what it did. */
export interface StudioOptions {
  /** What the person calls the program. */
  readonly name: string;
  /** Its file. */
  readonly file: string;
  /** A file with the text to run in its place; null if it was not edited. */
  readonly editedFile: string | null;
  readonly virtual: boolean;
  /** The trace and the summary go there. */
  readonly resultFile: string;
  /** What nobody caught goes there. */
  readonly errorFile: string;
  /** A byte on descriptor 3 says that it must end at once, and tell first what it did. */
  readonly isUrged: boolean;
}

/** Loaded before the program. */
export const studioPreload: URL = new URL("./preload.js", import.meta.url);
const VARIABLE = "TURNWISE_STUDIO";

/** What is to be added to the environment of the program. */
export function studioEnvironment(options: StudioOptions): NodeJS.ProcessEnv {
  return { [VARIABLE]: JSON.stringify(options) };
}

/** Takes the options from the environment, and leaves no trace: what the program starts is not recorded too. */
export function takeStudioOptions(): StudioOptions | null {
  const text = process.env[VARIABLE];
  delete process.env[VARIABLE];
  const at = process.execArgv.indexOf(studioPreload.href);
  if (at > 0) process.execArgv.splice(at - 1, 2);
  return text === undefined ? null : (JSON.parse(text) as StudioOptions);
}
