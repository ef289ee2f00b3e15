/** `giveEditedText`: a file's text is another than the one on disk, for this thread's modules. */
import { registerHooks } from "node:module";
import { pathToFileURL } from "node:url";

/** @param editedFile - has the text, and the extension of `file`. */
export function giveEditedText(file: string, editedFile: string): void {
  const { href } = pathToFileURL(file);
  const edited = pathToFileURL(editedFile).href;
  registerHooks({
    // Node sees for itself whether the text is a module or CommonJS, where that is left open.
    load: (url, context, nextLoad) => nextLoad(url.split(/[?#]/, 1)[0] === href ? edited : url, context),
  });
}
