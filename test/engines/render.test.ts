import {describe, expect, it} from "vitest";
import {
  clickhouseType,
  keepShared,
  nameStars,
  renderForClickhouse,
  renderMacros,
} from "../../loaders/engines/clickhouse/render.js";

describe("a model rendered for ClickHouse", () => {
  const render = (sql: string) => renderForClickhouse(sql, ["round_div"]);

  it("names a qualified column as DuckDB does, and leaves expressions, named columns and other clauses alone", () => {
    expect(
      render("select lines.client_id, lines.a + lines.b, lines.c as d, lines.*, x from t as lines where lines.e = 1"),
    ).toBe(
      "select lines.client_id as client_id, lines.a + lines.b, lines.c as d, lines.*, x from t as lines where lines.e = 1",
    );
  });

  it("names columns in subqueries, after distinct, and before a comment or the end", () => {
    expect(render("select distinct a.x -- why\nfrom (select max(b.y), b.z from b) as a group by a.x")).toBe(
      "select distinct a.x as x -- why\nfrom (select max(b.y), b.z as z from b) as a group by a.x",
    );
    expect(render("exists (select a.x)")).toBe("exists (select a.x as x)");
  });

  it("translates types where they are types only", () => {
    expect(render("select cast(null as varchar) as date, cast(x as decimal(18, 2)), cast(d as date) from t")).toBe(
      "select cast(null as String) as date, cast(x as decimal(18, 2)), cast(d as Date32) from t",
    );
    expect(render("select cast(x as hugeint) as y, max(date) as last from t")).toBe(
      "select cast(x as Int128) as y, max(date) as last from t",
    );
    expect(clickhouseType("TIMESTAMPTZ")).toBe("Nullable(DateTime64(6, 'UTC'))");
    expect(clickhouseType("DECIMAL(18,2)")).toBe("Nullable(decimal(18,2))");
  });

  it("leaves texts alone and gives macros their prefix", () => {
    expect(render("select round_div(a, 2), 'round_div(select a.b from)' from t")).toBe(
      "select trueup_round_div(a, 2), 'round_div(select a.b from)' from t",
    );
    expect(render("select a.round_div from t as a")).toBe("select a.round_div as round_div from t as a");
    expect(
      renderMacros("-- why\ncreate or replace function f as (a) -> a;\ncreate or replace function g as (a) -> f(a);\n"),
    ).toEqual([
      "create or replace function trueup_f as (a) -> a",
      "create or replace function trueup_g as (a) -> trueup_f(a)",
    ]);
  });

  it("writes out the columns of a table beside which others stand, as a query that stands before has them", async () => {
    const asked: string[] = [];
    const columnsOf = async (query: string) => {
      asked.push(query);
      return ["a", "b"];
    };
    const sql =
      "with first as (\n  select 1 as a, 2 as b\n)\nselect rows.*, others.c from first as rows join others on true";
    expect(await nameStars(sql, columnsOf)).toBe(sql.replace("rows.*", "rows.a, rows.b"));
    expect(asked).toEqual(["with first as (\n  select 1 as a, 2 as b\n) select * from first"]);
    await expect(nameStars("select x.* from (select 1) as x", columnsOf)).rejects.toThrow(
      "Write out the columns of x.*",
    );
  });

  it("has worked out once what several parts of a query read, and no more", () => {
    const query = (head: string) =>
      `with\n\na as${head} (\n  select 1\n),\n\nb as (\n  select * from a\n)\n\nselect * from a join b on true`;
    expect(keepShared(query(""))).toBe(query(" materialized"));
  });
});
