/** The bar at the top: what there is to look at, what can be added, light or dark, help. */
import type { VNode } from "preact";
import { useRef } from "preact/hooks";
import type { StudioProgram } from "../../protocol.ts";
import type { Studio, ViewName } from "../studio.ts";
import type { ThemeChoice } from "../theme-choice.ts";
import { useChange } from "./use-change.ts";

interface BarProps {
  readonly studio: Studio;
  readonly theme: ThemeChoice;
  readonly openHelp: () => void;
}

export function Bar({ studio, theme, openHelp }: BarProps): VNode {
  useChange((changed) => theme.listen(changed), theme);
  const { hello, view } = studio;
  return (
    <header class="bar">
      <h1>
        <Logo />
        Turnwise studio
      </h1>
      {hello?.pid != null && (
        <nav class="group" aria-label="What is shown">
          <ViewButton studio={studio} name="programs" text="Programs" />
          <ViewButton studio={studio} name="tasks" text={`Tasks of process ${hello.pid}`} />
        </nav>
      )}
      <span class="space" />
      {view === "programs" && <AddMenu studio={studio} />}
      <button type="button" onClick={() => theme.next()} title="Light, dark, or as the system has it">
        <span aria-hidden="true">{{ system: "◐", light: "○", dark: "●" }[theme.chosen]} </span>
        <span class="visually-hidden">Colours: </span>
        {{ system: "Auto", light: "Light", dark: "Dark" }[theme.chosen]}
      </button>
      <button type="button" onClick={openHelp} aria-keyshortcuts="?">
        Keys <kbd aria-hidden="true">?</kbd>
      </button>
    </header>
  );
}

function Logo(): VNode {
  return (
    <svg viewBox="0 0 32 32" width="22" height="22" aria-hidden="true">
      <rect width="32" height="32" rx="7" fill="var(--logo)" />
      <path d="M6 11h9M17 21h9M6 21h5M21 11h5" stroke="#fff" stroke-width="5" stroke-linecap="round" />
    </svg>
  );
}

function ViewButton({ studio, name, text }: { studio: Studio; name: ViewName; text: string }): VNode {
  return (
    <button type="button" aria-pressed={studio.view === name} onClick={() => studio.show(name)}>
      {text}
    </button>
  );
}

const EMPTY: StudioProgram = {
  name: "new.ts",
  file: null,
  language: "typescript",
  source: `import * as asyncio from "turnwise";

async function main(): Promise<void> {
  await asyncio.sleep(1);
  console.log("Hello");
}

await asyncio.run(main);
`,
};

function AddMenu({ studio }: { studio: Studio }): VNode {
  const file = useRef<HTMLInputElement>(null);
  const menu = useRef<HTMLDivElement>(null);
  const add = (program: StudioProgram): void => {
    menu.current?.hidePopover();
    const slot = studio.add(program);
    if (slot === null) return;
    studio.select(slot);
    if (program !== EMPTY) studio.run(slot);
  };
  return (
    <>
      <button type="button" popoverTarget="add-menu" disabled={!studio.hasRoom}>
        + Add
      </button>
      <div id="add-menu" class="menu" popover ref={menu} aria-label="Add a program">
        {studio.hello?.programs.map((program) => (
          <button type="button" key={program.name} disabled={!studio.hasRoom} onClick={() => add(program)}>
            {program.name}
          </button>
        ))}
        <button type="button" onClick={() => add(EMPTY)}>
          A new program
        </button>
        <button
          type="button"
          onClick={() => {
            menu.current?.hidePopover();
            file.current?.click();
          }}
        >
          A saved trace…
        </button>
      </div>
      <input
        ref={file}
        type="file"
        accept=".json,application/json"
        hidden
        aria-label="A saved trace"
        onChange={({ currentTarget }) => {
          const [chosen] = currentTarget.files ?? [];
          if (chosen !== undefined) void studio.open(chosen);
          currentTarget.value = "";
        }}
      />
    </>
  );
}
