import { defineConfig } from "vitest/config";

/** Tests of how long something takes: they come last, and have the machine for themselves. */
const TIMED = [
  "examples/notes.test.ts",
  "examples/notes-python.test.ts",
  "packages/lens/src/blame/corpus.test.ts",
  "packages/lens/src/blame/watch.test.ts",
  "packages/lens/src/recorder/twins.test.ts",
];

export default defineConfig({
  // `turnwise` means its sources here, not its dist. The other conditions are Vite's own.
  ssr: { resolve: { conditions: ["turnwise-source", "module", "node", "development|production"] } },
  test: {
    // Nothing takes that long, but on a busy machine everything takes longer.
    testTimeout: 30_000,
    // Processes, not worker threads: what is tested owns signals and the event loop.
    pool: "forks",
    projects: [
      {
        extends: true,
        test: {
          name: "all",
          include: ["packages/*/src/**/*.test.ts", "examples/**/*.test.ts", "conformance/*.test.ts"],
          exclude: [...TIMED, "**/node_modules/**"],
          // Vitest alone would use one core of two.
          maxWorkers: 2,
          sequence: { groupOrder: 0 },
        },
      },
      {
        extends: true,
        test: { name: "timed", include: TIMED, maxWorkers: 1, sequence: { groupOrder: 1 } },
      },
    ],
  },
});
