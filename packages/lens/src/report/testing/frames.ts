/** How long the frames of a page take while keys are pressed on its timelines. */
import type { Page } from "playwright-core";

/** Dispatches one of `keys` in each frame, by turns. @returns the time from frame to frame, in milliseconds. */
export function timeBetweenFrames(page: Page, keys: readonly string[], frames: number): Promise<number[]> {
  return page.evaluate<number[]>(`new Promise((resolve) => {
    const stage = document.querySelector(".stage");
    const keys = ${JSON.stringify(keys)};
    const gaps = [];
    let last = performance.now();
    requestAnimationFrame(function frame(now) {
      gaps.push(now - last);
      last = now;
      if (gaps.length > ${frames}) return resolve(gaps.slice(1));
      if (keys.length > 0) stage.dispatchEvent(new KeyboardEvent("keydown", { key: keys[gaps.length % keys.length], bubbles: true, composed: true }));
      requestAnimationFrame(frame);
    });
  })`);
}
