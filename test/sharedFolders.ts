import {mkdtemp, rm} from "node:fs/promises";
import {tmpdir} from "node:os";
import {join} from "node:path";
import type {TestProject} from "vitest/node";

declare module "vitest" {
  export interface ProvidedContext {
    /** Gets the sites that several files of tests read. */
    readonly sharedSites: string;
  }
}

/** Gives a run the folder for such sites, and takes it away in the end. Nothing is built before somebody asks for it. */
export default async function provideSharedSites(project: TestProject): Promise<() => Promise<void>> {
  const folder = await mkdtemp(join(tmpdir(), "trueup-shared-"));
  project.provide("sharedSites", folder);
  return () => rm(folder, {recursive: true, force: true});
}
