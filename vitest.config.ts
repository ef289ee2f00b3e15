import { defineConfig } from "vitest/config";

export default defineConfig({
  // `turnwise` means its sources here, not its dist. The other conditions are Vite's own.
  ssr: { resolve: { conditions: ["turnwise-source", "module", "node", "development|production"] } },
  test: {
    include: ["packages/*/src/**/*.test.ts", "examples/**/*.test.ts", "conformance/*.test.ts"],
    // Nothing takes that long, but on a busy machine everything takes longer.
    testTimeout: 30_000,
    // Processes, not worker threads: what is tested owns signals and the event loop. Vitest alone would use one core of two.
    pool: "forks",
    maxWorkers: 2,
  },
});
