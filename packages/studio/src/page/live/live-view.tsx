/** The tasks of the process that is watched: a tree, with filters, and what is known of the task that is opened. */
import { Fragment, type VNode } from "preact";
import { useState } from "preact/hooks";
import { counted } from "../../../../lens/src/analysis/figures.ts";
import type { Deadlock } from "../../../../lens/src/live/deadlocks.ts";
import type { Snapshot, TaskState } from "../../../../lens/src/live/snapshot.ts";
import type { Studio } from "../studio.ts";
import { age } from "./age.ts";
import { TaskDetails } from "./task-details.tsx";
import { MOST_ROWS, nameOf, NO_FILTER, taskRows, type TaskFilter } from "./task-rows.ts";
import { TaskTree } from "./task-tree.tsx";

const STATES: readonly (TaskState | "any")[] = ["any", "running", "ready", "waiting", "foreign", "not begun"];

export function LiveView({ studio }: { studio: Studio }): VNode {
  const { live } = studio;
  const [filter, setFilter] = useState<TaskFilter>(NO_FILTER);
  const [toggled, setToggled] = useState<ReadonlySet<string>>(new Set());
  const [openTask, setOpenTask] = useState<number | null>(null);
  const { snapshot } = live;
  const trouble = live.trouble !== null && (
    <p class="notice" role="status">
      {live.trouble}{" "}
      {!live.isWatching && (
        <button type="button" onClick={() => studio.show("tasks")}>
          Try again
        </button>
      )}
    </p>
  );
  if (snapshot === null) return <main class="nothing">{trouble || <p>Looking at the process…</p>}</main>;
  const { rows, matches, isCut } = taskRows(snapshot, filter, toggled);
  const toggle = (key: string): void => setToggled((before) => before.symmetricDifference(new Set([key])));
  return (
    <main class="live">
      {trouble}
      <ProcessFacts snapshot={snapshot} />
      {live.deadlocks.map((circle) => (
        <DeadlockNote key={circle[0]?.id} circle={circle} open={setOpenTask} />
      ))}
      <div class="filters">
        <input
          type="search"
          placeholder="Filter by name, function or what is waited for"
          aria-label="Filter the tasks"
          value={filter.text}
          onInput={({ currentTarget: { value } }) => setFilter({ ...filter, text: value })}
        />
        <label>
          State{" "}
          <select
            value={filter.state}
            onChange={({ currentTarget: { value } }) => setFilter({ ...filter, state: value as TaskFilter["state"] })}
          >
            {STATES.map((state) => (
              <option key={state}>{state}</option>
            ))}
          </select>
        </label>
        <button type="button" aria-pressed={live.isPaused} onClick={() => live.pause(!live.isPaused)}>
          {live.isPaused ? "▶ Refresh again" : "❚❚ Hold still"}
        </button>
        <span class="quiet" role="status">
          {counted(matches, "task")}
          {snapshot.leftOut.tasks > 0 && `; ${counted(snapshot.leftOut.tasks, "newer one")} left out`}
        </span>
      </div>
      <div class="live-columns">
        <div class="card">
          <TaskTree rows={rows} openTask={openTask} open={setOpenTask} toggle={toggle} />
          {isCut && <p class="quiet cut">Only the first {MOST_ROWS} rows are shown: filter, or close some.</p>}
        </div>
        <TaskDetails snapshot={snapshot} id={openTask} open={setOpenTask} />
      </div>
    </main>
  );
}

function ProcessFacts({ snapshot: { process, at, atFunction, loops, turnwise } }: { snapshot: Snapshot }): VNode {
  const tasks = loops.reduce((sum, loop) => sum + loop.tasks, 0);
  return (
    <div class="facts">
      <h2>{process.argv.join(" ")}</h2>
      <p class="quiet">
        process {process.pid}, Node {process.node?.replace(/^v/, "")}, runs for {age(process.uptime)};{" "}
        {counted(loops.length, "loop")}, {counted(tasks, "task")}
        {!turnwise && "; no Turnwise was found in it"}
      </p>
      <p>
        {at === null ? (
          "The thread is idle."
        ) : (
          <>
            The thread is at <code>{at}</code>
            {atFunction !== "" && ` in ${atFunction}`}
          </>
        )}
      </p>
    </div>
  );
}

function DeadlockNote({ circle, open }: { circle: Deadlock; open: (id: number) => void }): VNode {
  return (
    <p class="error" role="alert">
      <strong>✕ Deadlock: </strong>
      {circle.map((task) => (
        <Fragment key={task.id}>
          <button type="button" class="link" onClick={() => open(task.id)}>
            {nameOf(task)}
          </button>
          {" waits for "}
        </Fragment>
      ))}
      {circle[0] === undefined ? "" : nameOf(circle[0])}.
    </p>
  );
}
