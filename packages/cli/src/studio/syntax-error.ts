/**
 * `findSyntaxError`: whether a program can be parsed at all. In a thread of its own: to look, Node loads the program's
 * modules, and would remember them.
 */
import { once } from "node:events";
import { resolve } from "node:path";
import { Worker } from "node:worker_threads";
import type { ProgramError } from "@turnwise/studio/protocol";

/** What the thread is told. */
export interface SyntaxQuestion {
  readonly file: string;
  /** A file with the text to look at in its place; null if it was not edited. */
  readonly editedFile: string | null;
}

/** @returns null if there is no syntax error. */
export async function findSyntaxError(question: SyntaxQuestion): Promise<ProgramError | null> {
  const worker = new Worker(new URL("./program/syntax-worker.js", import.meta.url), {
    workerData: question,
    execArgv: [],
    stderr: true, // What Node warns of it will warn of again when the program runs.
  });
  try {
    const [told] = (await once(worker, "message")) as [string | null];
    return told === null ? null : placed(told, question);
  } finally {
    await worker.terminate();
  }
}

/** The place stands in front of the message: "file:line:column: message". */
export function placed(told: string, { file, editedFile }: SyntaxQuestion): ProgramError {
  const [, path, line, column, message] = /^(.+?):(\d+)(?::(\d+))?: (.*)$/s.exec(told) ?? [];
  if (path === undefined || message === undefined) return { message: told, file, line: null, column: null };
  const found = resolve(path);
  return {
    message,
    file: found === editedFile ? file : found,
    line: Number(line),
    column: column === undefined ? null : Number(column),
  };
}
