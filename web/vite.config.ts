import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";
import tailwindcss from "@tailwindcss/vite";
import react from "@vitejs/plugin-react";
import type { Plugin } from "vite";
import { defineConfig } from "vitest/config";

/** Initial JavaScript may weigh this much, gzipped. */
const LIMIT = 250 * 1024;

/** Writes `.br` beside what compresses well: the server sends those as they are. Fails where the first load is too heavy. */
function precompressed(): Plugin {
  return {
    name: "precompressed",
    apply: "build",
    // When the files are as they stay.
    writeBundle({ dir = "" }, bundle) {
      const first = (name: string): string[] => {
        const chunk = bundle[name];
        return chunk?.type === "chunk" ? [name, ...chunk.imports.flatMap(first)] : [];
      };
      const entries = Object.values(bundle).filter((part) => part.type === "chunk" && part.isEntry);
      const names = new Set(entries.flatMap((entry) => first(entry.fileName)));
      const initial = [...names].reduce((sum, name) => sum + gzipSync(readFileSync(join(dir, name))).length, 0);
      this.info(`initial JavaScript: ${(initial / 1024).toFixed(0)} KiB gzipped, of ${LIMIT / 1024} at most`);
      if (initial > LIMIT) {
        this.error("the initial JavaScript is too heavy: load what is not needed at first with import()");
      }
      for (const name of readdirSync(dir, { recursive: true, encoding: "utf8" })) {
        if (/\.(js|css|svg|html|webmanifest)$/.test(name)) {
          const params = { [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY };
          writeFileSync(join(dir, `${name}.br`), brotliCompressSync(readFileSync(join(dir, name)), { params }));
        }
      }
    },
  };
}

export default defineConfig({
  plugins: [react(), tailwindcss(), precompressed()],
  // Their forms for browsers parse through innerHTML, which the policy of the page refuses.
  resolve: {
    alias: Object.fromEntries(
      ["decode-named-character-reference", "hast-util-from-html-isomorphic"].map((name) => [
        name,
        fileURLToPath(new URL(`node_modules/${name}/index.js`, import.meta.url)),
      ]),
    ),
  },
  build: {
    outDir: "dist/client",
    assetsDir: "client",
    emptyOutDir: true,
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 1_000,
  },
  // A preview has no origin of its own.
  server: {
    cors: { origin: /^(null|https?:\/\/(localhost|127\.0\.0\.1)(:\d+)?)$/ },
    proxy: { "/api": { target: "http://127.0.0.1:8080", ws: true } },
  },
  // How fast a machine is decides no test.
  test: {
    environment: "jsdom",
    setupFiles: ["src/test/setup.ts"],
    include: ["src/**/*.test.{ts,tsx}"],
    testTimeout: 60_000,
  },
});
