import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { eventually, moment, recorded, studioForTests } from "./testing/studio-page.ts";

const { missing, open } = await studioForTests();

const FILE = fileURLToPath(new URL("../../../docs/studio.png", import.meta.url));
const SIZE = { width: 1440, height: 900 };

/** The first chunk of a PNG says how large it is. */
function sizeOf(png: Buffer): { width: number; height: number } {
  expect(png.toString("latin1", 1, 4)).toBe("PNG");
  return { width: png.readUInt32BE(16), height: png.readUInt32BE(20) };
}

test.skipIf(missing)("the picture in the README is one of the page", { timeout: 60_000 }, async () => {
  const { page } = await open({ viewport: SIZE, hash: "#program=A&time=1.5" });
  await recorded(page, 2);
  await eventually(() => moment(page, "A").innerText()).toContain("blocks the thread");
  await page.mouse.move(0, 0);
  // Fonts differ from machine to machine: it is made anew only where that is asked for.
  const picture =
    process.env["TURNWISE_PICTURES"] === undefined ? await page.screenshot() : await page.screenshot({ path: FILE });
  expect(sizeOf(picture)).toEqual(SIZE);
  expect(existsSync(FILE)).toBe(true);
  expect(sizeOf(readFileSync(FILE))).toEqual(SIZE);
});
