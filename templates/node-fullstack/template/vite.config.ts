import { globSync } from "node:fs";
import { join } from "node:path";
import { defineConfig } from "vite";

const web = join(import.meta.dirname, "web");

export default defineConfig({
  root: web,
  build: {
    outDir: "../dist",
    emptyOutDir: false, // `npm run build` does it; two test runs at once must not.
    // Each is a page: about.html answers at /about.
    rolldownOptions: { input: globSync("*.html", { cwd: web }).map((page) => join(web, page)) },
    // Pages may load files, but no data: addresses; see PAGE_POLICY in src/http/pages.ts.
    assetsInlineLimit: 0,
  },
});
