import {fileURLToPath} from "node:url";
import {defineConfig} from "vitest/config";

/** Tests that need an engine too large for everybody's install. */
export default defineConfig({
  root: fileURLToPath(new URL("../..", import.meta.url)),
  test: {include: ["test/engines/**/*.chdb.ts"], testTimeout: 300_000, hookTimeout: 120_000},
});
