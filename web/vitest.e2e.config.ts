import { defineConfig } from "vitest/config";

/** In a real browser, against the real server: one after another, for each has a server of its own. */
export default defineConfig({
  test: { include: ["e2e/**/*.e2e.ts"], testTimeout: 120_000, hookTimeout: 60_000, fileParallelism: false },
});
