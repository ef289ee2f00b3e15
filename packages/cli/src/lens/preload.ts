/** Loaded before a program that is recorded; and in each of its workers, where it must do next to nothing. */
import { takeLensOptions } from "./launch-options.ts";

const options = takeLensOptions();
if (options !== null) (await import("./record-program.ts")).recordProgram(options);
