/** The page as a whole. */
import type { VNode } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { handleKey } from "../commands.ts";
import { LiveView } from "../live/live-view.tsx";
import type { Studio } from "../studio.ts";
import type { ThemeChoice } from "../theme-choice.ts";
import { Bar } from "./bar.tsx";
import { Help } from "./help.tsx";
import { Notice } from "./notice.tsx";
import { Programs } from "./programs.tsx";
import { TraceDrop } from "./trace-drop.tsx";
import { useChange } from "./use-change.ts";

export interface AppProps {
  readonly studio: Studio;
  readonly theme: ThemeChoice;
}

export function App({ studio, theme }: AppProps): VNode {
  useChange((changed) => studio.listen((change) => change === "all" && changed()), studio);
  const [isHelpOpen, openHelp] = useState(false);
  const help = useRef(openHelp);
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      if (event.defaultPrevented) return;
      if (event.key === "?" && !isInText(event)) help.current((isOpen) => !isOpen);
      else if (!handleKey(studio, event)) return;
      event.preventDefault();
    };
    window.addEventListener("keydown", onKey);
    return () => window.removeEventListener("keydown", onKey);
  }, [studio]);
  return (
    <TraceDrop studio={studio}>
      <Bar studio={studio} theme={theme} openHelp={() => openHelp(true)} />
      <Notice studio={studio} />
      {studio.view === "tasks" ? <LiveView studio={studio} /> : <Programs studio={studio} theme={theme} />}
      <Help isOpen={isHelpOpen} close={() => openHelp(false)} />
    </TraceDrop>
  );
}

function isInText(event: KeyboardEvent): boolean {
  const target = event.composedPath()[0];
  return target instanceof HTMLElement && (target.isContentEditable || target.matches("input, textarea"));
}
