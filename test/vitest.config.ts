import {availableParallelism} from "node:os";
import {fileURLToPath} from "node:url";
import {defineConfig} from "vitest/config";

export default defineConfig({
  root: fileURLToPath(new URL("..", import.meta.url)),
  test: {
    // As many as the machine has processors, one of which the runner would keep for itself.
    maxWorkers: availableParallelism(),
    include: ["test/**/*.test.ts"],
    globalSetup: ["test/sharedFolders.ts"],
    testTimeout: 120_000,
    hookTimeout: 240_000,
  },
});
