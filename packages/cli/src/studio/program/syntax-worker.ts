/** A thread that looks for a syntax error, says what it found, and ends. */
import { registerHooks } from "node:module";
import { pathToFileURL } from "node:url";
import { parentPort, workerData } from "node:worker_threads";
import { checkSyntax } from "../../syntax.ts";
import { UsageError } from "../../usage-error.ts";
import type { SyntaxQuestion } from "../syntax-error.ts";
import { giveEditedText } from "./edited-text.ts";

const { file, editedFile } = workerData as SyntaxQuestion;

parentPort?.postMessage((await errorIn(file)) ?? null);

async function errorIn(program: string): Promise<string | undefined> {
  if (editedFile === null) return await told(program);
  giveEditedText(program, editedFile);
  let isCommonJs = false;
  registerHooks({
    load(url, context, nextLoad) {
      const loaded = nextLoad(url, context);
      isCommonJs ||= url === pathToFileURL(program).href && loaded.format?.startsWith("commonjs") === true;
      return loaded;
    },
  });
  const error = await told(program);
  // Of CommonJS the text on disk is looked at: then the edited one is, by its own name. It imports nothing.
  return isCommonJs ? await told(editedFile) : error;
}

/** The error in words. */
async function told(program: string): Promise<string | undefined> {
  try {
    await checkSyntax(pathToFileURL(program));
    return undefined;
  } catch (thrown) {
    if (thrown instanceof UsageError) return thrown.message;
    throw thrown;
  }
}
