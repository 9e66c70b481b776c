import type {CanonicalRows} from "../../loaders/connectors/readStream.js";
import type {Reply, Service, VendorRequest} from "./emulator.js";
import type {World, WorldOptions} from "./world.js";

/** A vendor as the tests know it: how it behaves, and what Trueup must make of it. */
export interface Vendor {
  /** The connector's name. */
  readonly name: string;
  /** The environment that its settings refer to: planted secrets, to be looked for where none may be. */
  readonly env: Readonly<Record<string, string>>;
  /** The connection in workspace.yaml, without id and connector. */
  settings(url: string, world: World): Record<string, unknown>;
  /**
   * The service for this world; `most` rows to a page, where that is fewer than the vendor gives. Of an unsteady one, each
   * page has equal rows in an order of its own, the same whenever it is asked for, as where a database sorts for each.
   */
  emulate(world: World, options?: {most?: number; isUnsteady?: boolean}): Service;
  /** The rows of the lake after a sync of this world. */
  expected(world: World): CanonicalRows;
  /** The stream that faults are tried on: one with several pages. */
  readonly stream: {
    matches(request: VendorRequest): boolean;
    /** What tells one client's pages from another's, where the path does not. */
    part?(request: VendorRequest): string;
    rows(body: unknown): Record<string, unknown>[];
    /** Makes a needed field of a record unreadable. */
    spoil(record: Record<string, unknown>): void;
    /** The table that lacks the record then. */
    readonly table: keyof CanonicalRows;
    /** Makes this answer the last page, too early. */
    end(reply: Reply): Reply;
    /** Makes the answer claim so many rows in all; left out where the vendor gives no total. */
    claim?(body: unknown, total: number): void;
  };
  /** Its pages give no total, but it is asked for one. */
  readonly isCounted?: boolean;
  /** The world in which there are 50,000 rows to read. */
  readonly large?: WorldOptions;
  /** Gives totals, not rows: there are never many. */
  readonly isSmall?: boolean;
  /** A request for a token, where there are tokens. */
  readonly isToken?: (request: VendorRequest) => boolean;
  /** How it refuses credentials that it does not know, where not with 400, 401 or 403. */
  readonly refusal?: RegExp;
  /** Requests for one client's data, where the vendor is asked client by client. */
  readonly part?: (request: VendorRequest, world: World) => boolean;
  /** Requests for the records of which the vendor tells those that changed, where there are any. */
  readonly changes?: (request: VendorRequest) => boolean;
  /** The vendor's own API document, and where in it an answer is described. */
  readonly document?: {
    /** Its name in the folder that TRUEUP_VENDOR_DOCUMENTS names. */
    readonly file: string;
    /** Parameters that the vendor takes and this document does not name. */
    readonly undocumented?: readonly string[];
    /** Path in the document for a request's path, or a schema of its own for the rows of the answer. */
    describe(request: VendorRequest): Description | null;
  };
}

export type Description =
  | {readonly path: string}
  /** An object that is described by its fields only, at these keys of the document. */
  | {readonly fields: readonly string[]; readonly rows: (body: unknown) => readonly unknown[]}
  | {readonly schema: string; readonly rows: (body: unknown) => readonly unknown[]};

/** Changes a copy of a body. */
export function changed<Body>(reply: Reply, change: (body: Body) => void): Reply {
  const body = structuredClone(reply.body) as Body;
  change(body);
  return {...reply, body};
}

/** How workspace.yaml refers to the environment. */
export const variable = (name: string): string => `\${${name}}`;

export const seconds = (date: Date | null): number | null => (date === null ? null : date.getTime() / 1000);
export const iso = (date: Date | null): string | null => date?.toISOString() ?? null;
