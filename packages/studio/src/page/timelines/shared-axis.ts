/** `SharedAxis`: the window of time that the timelines of all programs show. */
import { Explorer } from "../../../../lens/src/report/page/explorer.ts";
import type { Run } from "../../../../lens/src/report/page/run.ts";
import { View } from "../../../../lens/src/report/page/scale.ts";

export class SharedAxis {
  readonly view: View;

  /** As long as the longest of the runs. `changed` is told when the window moves. */
  constructor(runs: readonly Run[], changed: () => void) {
    this.view = new View(Math.max(1e-6, ...runs.map(({ extent }) => extent)), changed);
  }

  /** What is selected in a run follows the cursor: nobody has to be told. */
  explorer(run: Run): Explorer {
    return new Explorer(run, () => {}, this.view);
  }

  showAll(): void {
    this.view.show(0, this.view.extent);
  }
}
