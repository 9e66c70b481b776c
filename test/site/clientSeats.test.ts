import {expect, it} from "vitest";
import {openDatabase} from "../../loaders/database.js";
import {describeSeats, seatsByClient} from "../../loaders/site/data/clientSeats.js";

it("writes the seats of each client in groups of what they share, and none of other clients, of an account that no client has or of a client without a page", async () => {
  const database = await openDatabase();
  try {
    await database.run("create table pages as select unnest(['a', 'b', 'c', 'd']) as client_id");
    await database.run(
      `create table accounts as select 'm365' as connection_id, 't1' as account_id, 'Tenant' as account_name`,
    );
    await database.run(
      `create table products as select 'm365' as connection_id, 'p1' as product_id, 'Exchange' as product_name`,
    );
    await database.run(`create table seats as
      select client_id, 'm365' as connection_id, account_id, product_id, 'user' as kind, status, 'counted' as disposition,
        reason as disposition_reason, 'r1' as rule_id, 'active' as activity_state, seat_id,
        upper(seat_id) as display_name, seat_id || '@x' as identifier, timestamptz '2026-01-02 03:04:05Z' as created_at,
        cast(null as timestamptz) as last_activity_at, 3 as days_inactive, date '2027-01-01' as commitment_end
      from (values
        ('b', 't1', 'p1', 'active', 's3', null), ('a', 't1', 'p1', 'active', 's2', 'shared'), ('a', 't1', 'p1', 'deleted', 's15', null),
        ('a', 't1', 'p1', 'active', 's9', null), ('a', 't1', 'p1', 'active', 's1', null), ('a', 't1', 'p1', 'active', 's4', null),
        ('b', 't2', 'p2', 'active', 's5', null), ('c', 't2', 'p2', 'active', 's7', null), (null, 't1', 'p1', 'active', 's6', null),
        ('bb', 't1', 'p1', 'active', 's8', null), ('d', 't1', 'p1', 'active', 's10', null)
      ) as rows(client_id, account_id, product_id, status, seat_id, reason)`);
    const {head, lines} = await describeSeats(database);
    const {shared, own} = JSON.parse(`${head}}`);
    const found: Record<string, unknown[]> = {};
    for await (const {clientId, groups} of seatsByClient(database, lines("seats.client_id < 'd'"))) {
      const at = (columns: string[], name: string, row: unknown[]) => row[columns.indexOf(name)];
      found[clientId] = (JSON.parse(`[${groups}]`) as {group: unknown[]; seats: unknown[][]}[]).map(
        ({group, seats}) => [
          ...["account_name", "product_id", "product_name", "status", "disposition_reason"].map((name) =>
            at(shared, name, group),
          ),
          ...seats.map((seat) => at(own, "seat_id", seat)),
        ],
      );
    }
    expect(found).toEqual({
      a: [
        ["Tenant", "p1", "Exchange", "active", "shared", "s2"],
        ["Tenant", "p1", "Exchange", "active", null, "s1", "s4", "s9"],
        ["Tenant", "p1", "Exchange", "deleted", null, "s15"],
      ],
      b: [
        ["Tenant", "p1", "Exchange", "active", null, "s3"],
        [null, "p2", null, "active", null, "s5"],
      ],
      c: [[null, "p2", null, "active", null, "s7"]],
    });
    const [first] = await database.rows(lines("seats.seat_id = 's1'"));
    expect(Object.values(first ?? {})[1]).toBe('["s1","S1","s1@x","2026-01-02T03:04:05Z",null,"3","2027-01-01"]');
  } finally {
    database.close();
  }
});
