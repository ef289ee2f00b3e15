/** What is known of the task that is opened. */
import type { ComponentChildren, VNode } from "preact";
import type { Snapshot, SnapshotTask } from "../../../../lens/src/live/snapshot.ts";
import { age } from "./age.ts";
import { doing, nameOf } from "./task-rows.ts";

interface TaskDetailsProps {
  readonly snapshot: Snapshot;
  /** Null if none is opened. */
  readonly id: number | null;
  readonly open: (id: number) => void;
}

export function TaskDetails({ snapshot, id, open }: TaskDetailsProps): VNode {
  const task = snapshot.tasks.find((one) => one.id === id);
  return (
    <section class="card task-details" aria-label="The task that is opened" aria-live="polite">
      {task === undefined ? (
        <p class="quiet">{id === null ? "Open a task to see what it waits for." : "The task is done."}</p>
      ) : (
        <>
          <h2>{nameOf(task)}</h2>
          <dl class="facts-list">
            <Fact name="does">{doing([task])}</Fact>
            <Fact name="for">{age(task.since)}</Fact>
            {task.onTasks.length > 0 && (
              <Fact name={`waits for ${NEEDS[task.needs]}`}>
                <TaskLinks snapshot={snapshot} ids={task.onTasks} open={open} />
              </Fact>
            )}
            {task.awaitedBy.length > 0 && (
              <Fact name="awaited by">
                <TaskLinks snapshot={snapshot} ids={task.awaitedBy} open={open} />
              </Fact>
            )}
            {task.at !== null && (
              <Fact name="at">
                <code>{task.at}</code>
              </Fact>
            )}
            {task.madeAt !== null && (
              <Fact name="made at">
                <code>{task.madeAt}</code>
              </Fact>
            )}
            {task.cancelling > 0 && <Fact name="cancellation">asked for {task.cancelling} times</Fact>}
          </dl>
          {task.madeAt === null && snapshot.loops[task.loop]?.debug === false && (
            <p class="quiet">Where tasks were made and where they wait is known in debug mode only.</p>
          )}
        </>
      )}
    </section>
  );
}

const NEEDS: Record<SnapshotTask["needs"], string> = { all: "all of", any: "any of", other: "" };

function Fact({ name, children }: { name: string; children: ComponentChildren }): VNode {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

/** So many links are enough to go on by. */
const MOST_LINKS = 20;

function TaskLinks({
  snapshot,
  ids,
  open,
}: {
  snapshot: Snapshot;
  ids: readonly number[];
  open: (id: number) => void;
}): VNode {
  const tasks = ids.slice(0, MOST_LINKS).map((id) => ({ id, task: snapshot.tasks.find((one) => one.id === id) }));
  return (
    <ul class="links">
      {tasks.map(({ id, task }) => (
        <li key={id}>
          {task === undefined ? (
            "a task that was left out"
          ) : (
            <button type="button" class="link" onClick={() => open(id)}>
              {nameOf(task)}
            </button>
          )}
        </li>
      ))}
      {ids.length > MOST_LINKS && <li class="quiet">and {ids.length - MOST_LINKS} more</li>}
    </ul>
  );
}
