/** The rows as a tree, with the keys that trees have. */
import type { VNode } from "preact";
import { useRef, useState } from "preact/hooks";
import { agesOf } from "./age.ts";
import { doing, type TaskRow } from "./task-rows.ts";

interface TaskTreeProps {
  readonly rows: readonly TaskRow[];
  readonly openTask: number | null;
  readonly open: (id: number) => void;
  readonly toggle: (key: string) => void;
}

export function TaskTree({ rows, openTask, open, toggle }: TaskTreeProps): VNode {
  const tree = useRef<HTMLUListElement>(null);
  const [focusKey, setFocusKey] = useState("");
  const focused = Math.max(
    0,
    rows.findIndex(({ key }) => key === focusKey),
  );
  const focus = (index: number): void => {
    const to = Math.min(rows.length - 1, Math.max(0, index));
    setFocusKey(rows[to]!.key);
    (tree.current!.children[to] as HTMLElement).focus();
  };
  const act = (row: TaskRow): void => {
    setFocusKey(row.key);
    if (row.tasks.length > 1) toggle(row.key);
    else open(row.tasks[0]!.id);
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const row = rows[focused];
    if (row === undefined || event.ctrlKey || event.altKey || event.metaKey) return;
    const actions: Record<string, () => void> = {
      ArrowDown: () => focus(focused + 1),
      ArrowUp: () => focus(focused - 1),
      Home: () => focus(0),
      End: () => focus(rows.length - 1),
      Enter: () => act(row),
      " ": () => act(row),
      ArrowRight: () => (row.isOpen === false ? toggle(row.key) : focus(focused + 1)),
      ArrowLeft: () => {
        if (row.isOpen === true) toggle(row.key);
        else focus(rows.findLastIndex(({ depth }, index) => index < focused && depth < row.depth));
      },
    };
    const action = actions[event.key];
    if (action === undefined) return;
    action();
    event.preventDefault();
  };
  return (
    <ul ref={tree} class="tree" role="tree" aria-label="Tasks" onKeyDown={onKeyDown}>
      {rows.map((row, index) => (
        <Row
          key={row.key}
          row={row}
          isFocused={index === focused}
          isSelected={row.tasks.length === 1 && row.tasks[0]!.id === openTask}
          act={() => act(row)}
          toggle={() => toggle(row.key)}
        />
      ))}
      {rows.length === 0 && (
        <li role="treeitem" aria-selected="false" class="quiet">
          No task is meant by the filter.
        </li>
      )}
    </ul>
  );
}

interface RowProps {
  readonly row: TaskRow;
  readonly isFocused: boolean;
  readonly isSelected: boolean;
  readonly act: () => void;
  readonly toggle: () => void;
}

const SIGNS = { running: "▶", ready: "◆", waiting: "○", foreign: "◇", "not begun": "·" } as const;

function Row({ row, isFocused, isSelected, act, toggle }: RowProps): VNode {
  const { depth, tasks, name, isOpen, isAbove, isMatch } = row;
  const { state } = tasks[0]!;
  return (
    <li
      role="treeitem"
      class={`row ${isMatch ? "" : "quiet"}`}
      tabIndex={isFocused ? 0 : -1}
      aria-level={depth + 1}
      aria-expanded={isOpen ?? undefined}
      aria-selected={isSelected}
      style={{ "--depth": Math.min(depth, 16) }}
      onClick={act}
    >
      <span
        class="fold"
        aria-hidden="true"
        onClick={(event) => {
          if (isOpen === null) return;
          event.stopPropagation();
          toggle();
        }}
      >
        {isOpen === null ? "" : isOpen ? "▾" : "▸"}
      </span>
      <span class={`sign ${state.replace(" ", "-")}`} aria-hidden="true">
        {SIGNS[state]}
      </span>
      <span class="name">{name}</span>
      <span class="doing">{isAbove ? "see above" : doing(tasks)}</span>
      <span class="since">{isAbove ? "" : agesOf(tasks)}</span>
    </li>
  );
}
