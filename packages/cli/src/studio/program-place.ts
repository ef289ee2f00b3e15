/** `ProgramPlace`: the files of one run. What was edited never touches the file that it was read from. */
import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, delimiter, dirname, extname, join } from "node:path";
import { fileURLToPath } from "node:url";
import type { ProgramError, RunMessage } from "@turnwise/studio/protocol";

/** In a folder of its own, which is gone when the run is over. */
export class ProgramPlace implements Disposable {
  readonly #folder: string;
  /** What is run. */
  readonly file: string;
  /** The text to run in place of the file's, if that is another: a file too. */
  readonly editedFile: string | null = null;
  /** More for the program's environment. */
  readonly env: NodeJS.ProcessEnv = {};

  constructor({ file, source, language, name }: RunMessage) {
    this.#folder = realpathSync(mkdtempSync(join(tmpdir(), "turnwise-studio-")));
    if (file !== null && readText(file) === source) {
      this.file = file;
    } else if (file !== null && language === "typescript") {
      // Node asks for the file, and is given the text: imports, stack traces and `import.meta` are as ever.
      this.file = file;
      this.editedFile = this.#write(`edited${extname(file)}`, source);
    } else {
      this.file = this.#write(file === null ? safeName(name, language) : basename(file), source);
      if (language === "typescript") this.#link("turnwise");
      // Python can't be given another text; it finds the modules beside the file all the same.
      else if (file !== null) this.env["PYTHONPATH"] = paths(dirname(file), process.env["PYTHONPATH"]);
    }
  }

  /** Where the process writes what it did: see `program/record.ts`. */
  get resultFile(): string {
    return join(this.#folder, "result.json");
  }

  /** Where the process writes what nobody caught. */
  get errorFile(): string {
    return join(this.#folder, "error.json");
  }

  /** What the process did, as JSON; null if it could not tell. */
  result(): string | null {
    return readText(this.resultFile);
  }

  /** What nobody caught; null if there was nothing. */
  error(): ProgramError | null {
    const text = readText(this.errorFile);
    return text === null ? null : (JSON.parse(text) as ProgramError);
  }

  [Symbol.dispose](): void {
    rmSync(this.#folder, { recursive: true, force: true, maxRetries: 3 });
  }

  #write(name: string, text: string): string {
    const path = join(this.#folder, name);
    writeFileSync(path, text);
    return path;
  }

  /** So that a program in a temporary folder can import a package of this command's. */
  #link(name: string): void {
    const modules = join(this.#folder, "node_modules");
    mkdirSync(modules);
    const target = dirname(fileURLToPath(import.meta.resolve(`${name}/package.json`)));
    symlinkSync(target, join(modules, name), "junction");
  }
}

/** A file's text; null if it can't be read. */
function readText(file: string): string | null {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return null;
  }
}

/** A program's name as the name of a file, with the right extension. */
function safeName(name: string, language: RunMessage["language"]): string {
  const extensions = language === "python" ? /\.py$/ : /\.[cm]?[jt]s$/;
  const plain = basename(name)
    .replaceAll(/[^\w.-]/g, "_")
    .replace(/^[.-]+/, "");
  if (extensions.test(plain) && plain.length < 100) return plain;
  return language === "python" ? "program.py" : "program.ts";
}

function paths(...all: (string | undefined)[]): string {
  return all.filter((path) => path !== undefined && path !== "").join(delimiter);
}
