/** Loaded before a program of the studio's; and in each of its workers, where it must do next to nothing. */
import { takeStudioOptions } from "./launch.ts";

const options = takeStudioOptions();
if (options !== null) (await import("./record.ts")).recordForStudio(options);
