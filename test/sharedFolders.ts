import {mkdtemp, rm} from "node:fs/promises";
import {tmpdir} from "node:os";
import {join} from "node:path";
import type {TestProject} from "vitest/node";

declare module "vitest" {
  export interface ProvidedContext {
    /** Gets what several files of tests read. */
    readonly sharedFolders: string;
  }
}

/** Gives a run the folder for it, and takes it away in the end. Nothing is made before somebody asks for it. */
export default async function provideSharedFolders(project: TestProject): Promise<() => Promise<void>> {
  const folder = await mkdtemp(join(tmpdir(), "trueup-shared-"));
  project.provide("sharedFolders", folder);
  return () => rm(folder, {recursive: true, force: true});
}
