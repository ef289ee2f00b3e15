/** Whether anything besides its tasks could have made a process go on. */

/** What a loop that runs keeps the process alive by. */
const OF_A_LOOP = "MessagePort";

/**
 * Whether nothing is left in this process that could wake a task, once all of them wait for each other: no timer, no
 * connection, no child, no thread, nobody who listens to a signal other than Ctrl-C. In doubt it says no.
 */
export function nothingElse(): boolean {
  const own = [process.stdout, process.stderr].filter((stream) => "_handle" in stream && stream._handle != null).length;
  const counts = { streams: 0, ports: 0, others: 0 };
  for (const kind of process.getActiveResourcesInfo()) {
    if (kind === "PipeWrap" || kind === "TTYWrap") counts.streams++;
    else if (kind === OF_A_LOOP) counts.ports++;
    else counts.others++;
  }
  if (counts.streams > own || counts.ports > 1 || counts.others > 0) return false;
  return !process
    .eventNames()
    .some((name) => /^SIG(?!INT$)/.test(String(name)) && process.listenerCount(name as NodeJS.Signals) > 0);
}
