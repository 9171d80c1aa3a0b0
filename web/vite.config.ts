import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";
import optimizeLocales from "@react-aria/optimize-locales-plugin";
import tailwindcss from "@tailwindcss/vite";
import react from "@vitejs/plugin-react";
import type { Plugin } from "vite";
import { defineConfig } from "vitest/config";

const path = (file: string) => fileURLToPath(new URL(file, import.meta.url));

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
      const chunks = Object.values(bundle).filter((part) => part.type === "chunk");
      const weigh = (roots: typeof chunks) =>
        [...new Set(roots.flatMap(({ fileName }) => first(fileName)))].reduce(
          (sum, name) => sum + gzipSync(readFileSync(join(dir, name))).length,
          0,
        );
      // The previews are pages of their own.
      const entries = chunks.filter((chunk) => chunk.isEntry && chunk.name === "index");
      const initial = weigh(entries);
      const chat = weigh([...entries, ...chunks.filter(({ name }) => name === "Shell" || name === "ChatPage")]);
      const sizes = [initial, chat].map((size) => (size / 1024).toFixed(0));
      this.info(`JavaScript, gzipped: ${sizes.join(" KiB initially, with the chat ")} KiB`);
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

/** KaTeX's styles: in a layer, so that those of the client come after them, and with WOFF2 alone of its font formats, which
 * all browsers that run this client can read. */
function katexStyles(): Plugin {
  return {
    name: "katex-styles",
    enforce: "pre",
    transform: {
      filter: { id: /katex\.min\.css$/ },
      handler: (code) => `@layer base {${code.replace(/,url\([^)]+\.(?:woff|ttf)\) format\("\w+"\)/g, "")}}`,
    },
  };
}

export default defineConfig({
  plugins: [
    react(),
    tailwindcss(),
    katexStyles(),
    // The parts of React Aria speak thirty languages; the client speaks three.
    { ...optimizeLocales.vite({ locales: ["en-US", "de-DE", "ar-AE"] }), enforce: "pre" },
    precompressed(),
  ],
  resolve: {
    alias: {
      // Its form for browsers parses through innerHTML, which the policy of the page refuses.
      "decode-named-character-reference": path("node_modules/decode-named-character-reference/index.js"),
    },
  },
  build: {
    outDir: "dist/client",
    assetsDir: "client",
    emptyOutDir: true,
    assetsInlineLimit: 0,
    rolldownOptions: {
      input: { index: path("index.html"), preview: path("preview.html"), "preview/html": path("preview/html.html") },
    },
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
