/** Runs Python programs, and keeps what they print. */
import { stripVTControlCharacters } from "node:util";
import type { Interpreter } from "../interpreter.ts";
import { type PythonExit, type PythonOptions, runAlone } from "../run-python.ts";

/** What a program printed, and how it ended. */
export interface Captured extends PythonExit {
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a program to its end. */
export async function captured(
  python: Interpreter,
  program: string | URL,
  options: PythonOptions = {},
): Promise<Captured> {
  const decoders = { stdout: new TextDecoder(), stderr: new TextDecoder() };
  const text = { stdout: "", stderr: "" };
  const keep = (name: "stdout" | "stderr") => (bytes: Uint8Array) => {
    text[name] += stripVTControlCharacters(decoders[name].decode(bytes, { stream: true }));
  };
  const exit = await runAlone(python, program, {
    env: {},
    stdin: "",
    stdout: keep("stdout"),
    stderr: keep("stderr"),
    ...options,
  });
  return { ...text, ...exit };
}

/** Python source that runs `body` as the body of an `async def main()`, where `loop` is the running loop. */
export function asMain(body: string): string {
  const lines = body.trim().split("\n");
  return `async def main():
    loop = asyncio.get_running_loop()
${lines.map((line) => `    ${line}`).join("\n")}
asyncio.run(main())
`;
}
