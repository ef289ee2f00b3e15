/** The overlay that lists the keys. */
import type { VNode } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { COMMANDS } from "../commands.ts";

export function Help({ isOpen, close }: { isOpen: boolean; close: () => void }): VNode {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    if (isOpen) dialog.current?.showModal();
    else dialog.current?.close();
  }, [isOpen]);
  // Not `onClose`: that comes later, when it may be about to open again. Escape is told at once.
  return (
    <dialog ref={dialog} class="help" aria-labelledby="help-title" onCancel={close}>
      <h2 id="help-title">Keys</h2>
      <dl class="keys">
        {COMMANDS.map(({ keys, shown = keys.join("  "), what }) => (
          <div key={what}>
            <dt>
              {shown.split(/\s{2,}/).map((key) => (
                <kbd key={key}>{key.length === 1 ? key.toUpperCase() : key}</kbd>
              ))}
            </dt>
            <dd>{what}</dd>
          </div>
        ))}
        <div>
          <dt>
            <kbd>?</kbd>
          </dt>
          <dd>show this, or close it</dd>
        </div>
      </dl>
      <p class="quiet">
        In a source keys are text; Tab leaves it. On the timelines ↑, ↓, Page Up and Page Down move the lanes of the
        selected program; a click puts the cursor there, a drag over the ruler moves it; the wheel zooms, with Shift it
        pans; drag to move, pinch to zoom. Drop a saved trace anywhere.
      </p>
      <p>
        <button type="button" onClick={close}>
          Close
        </button>
      </p>
    </dialog>
  );
}
