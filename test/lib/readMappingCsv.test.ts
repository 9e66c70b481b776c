import {expect, it} from "vitest";
import {checkMappingFiles} from "../../loaders/workspace/mappings.js";
import {checkMappings} from "../../src/lib/checkMappings.js";
import {readMappingFiles} from "../../src/lib/readMappingCsv.js";

const none = {clients: "", services: "", exclusions: "", prices: "", decisions: ""};

it("reads a file as the command line does: marks, blanks, empty lines, capitals and short rows", () => {
  const files = {
    ...none,
    clients:
      '\ufeffConnection_ID, account_id ,CLIENT_ID,status,Ticket\r\nrmm, A1 ,"C1",confirmed,"T-1, ""old"""\r\n\r\n,,,,\r\n rmm,A2,,excluded\r\n',
  };
  const read = readMappingFiles(files);
  expect(read.clients).toMatchObject([
    {connection_id: "rmm", account_id: "A1", client_id: "C1", status: "confirmed", note: null, ticket: 'T-1, "old"'},
    {connection_id: "rmm", account_id: "A2", client_id: null, status: "excluded", note: null, ticket: null},
  ]);
  const rowsOf = (rows: readonly object[]) => rows.map((row) => ({...row, line: 0}));
  const whole = {...files, clients: files.clients.replace("excluded\r", "excluded,\r")};
  const {mappings, problems} = checkMappingFiles(whole);
  expect(problems).toEqual([]);
  expect(rowsOf(checkMappings(readMappingFiles(whole)).mappings.clients)).toEqual(rowsOf(mappings.clients));
});

it("takes an empty file for one that decides nothing", () => {
  expect(readMappingFiles(none)).toEqual({clients: [], services: [], exclusions: [], prices: [], decisions: []});
});
