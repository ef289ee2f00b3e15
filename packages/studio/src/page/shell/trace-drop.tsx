/** Takes files that are dropped anywhere on the page. */
import type { ComponentChildren, VNode } from "preact";
import { useState } from "preact/hooks";
import type { Studio } from "../studio.ts";

export function TraceDrop({ studio, children }: { studio: Studio; children: ComponentChildren }): VNode {
  const [isOver, setOver] = useState(false);
  const hasFiles = ({ dataTransfer }: DragEvent): boolean => dataTransfer?.types.includes("Files") === true;
  return (
    <div
      class="page"
      onDragOver={(event) => {
        if (!hasFiles(event)) return;
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={({ relatedTarget }) => relatedTarget === null && setOver(false)}
      onDrop={(event) => {
        if (!hasFiles(event)) return;
        event.preventDefault();
        setOver(false);
        for (const file of event.dataTransfer?.files ?? []) void studio.open(file);
      }}
    >
      {children}
      {isOver && <p class="drop-hint">Drop a saved trace to open it</p>}
    </div>
  );
}
