/** For the examples' tests: what a program that runs has printed. */
import type { Running } from "../packages/cli/src/testing/program.ts";

/** Waits until what `running` printed from now on matches. @throws if it ends before. */
export function untilPrinted({ child, outcome }: Running, pattern: RegExp): Promise<RegExpExecArray> {
  return new Promise((resolve, reject) => {
    let text = "";
    const look = (more: string): void => {
      const found = pattern.exec((text += more));
      if (found === null) return;
      child.stdout?.off("data", look);
      resolve(found);
    };
    child.stdout?.on("data", look);
    outcome.then(({ stdout, stderr }) => reject(new Error(`ended before ${pattern}:\n${stdout}${stderr}`)), reject);
  });
}
