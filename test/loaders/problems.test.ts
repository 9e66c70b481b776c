import {expect, it} from "vitest";
import {describeProblems, type Problem} from "../../loaders/problems.js";

const unknown = (line: number, value: string): Problem => ({
  file: "mappings/clients.csv",
  line,
  column: "connection_id",
  value,
  message: "The workspace has no such integration.",
  remedy: "Correct it.",
});

it("tells a problem of many lines once, with all of its lines", () => {
  expect(
    describeProblems([
      unknown(2, "m365"),
      unknown(3, "rmm"),
      unknown(8, "m365"),
      {...unknown(9, "m365"), file: "mappings/services.csv"},
      unknown(14, "m365"),
      unknown(15, "rmm"),
      {file: "workspace.yaml", message: "is missing."},
    ]),
  ).toEqual([
    'mappings/clients.csv:2 connection_id "m365": The workspace has no such integration. Correct it. The same in lines 8, 14.',
    'mappings/clients.csv:3 connection_id "rmm": The workspace has no such integration. Correct it. The same in line 15.',
    'mappings/services.csv:9 connection_id "m365": The workspace has no such integration. Correct it.',
    "workspace.yaml: is missing.",
  ]);
});
