/** What `turnwise run --virtual` has Node load before the program. Worker threads keep real time. */
import { isMainThread } from "node:worker_threads";
import { installVirtualTime } from "./install.ts";

if (isMainThread) installVirtualTime();
