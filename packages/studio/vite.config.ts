/** Builds the page into static files that ask for nothing from elsewhere; all addresses in them are relative. */
import { defineConfig } from "vite";

export default defineConfig({
  base: "./",
  // Lens comes from its sources, whatever is built of it.
  resolve: { conditions: ["turnwise-source", "module", "browser", "development|production"] },
  oxc: { jsx: { runtime: "automatic", importSource: "preact" } },
  build: {
    outDir: "dist/page",
    emptyOutDir: true,
    target: ["chrome122", "firefox127", "safari17.4"],
    // A data: address would need a hole in the Content-Security-Policy.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 800,
  },
});
