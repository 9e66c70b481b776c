// @vitest-environment jsdom
import {expect, it} from "vitest";
import {loadData} from "../../src/lib/data.js";

it("says what to do where a server in between answers with a page, as one that asks people to sign in does", async () => {
  const signIn = async (): Promise<Response> => new Response("<!doctype html><title>Sign in</title>");
  await expect(loadData("billing", signIn)).rejects.toThrow(
    "What the server answered is not the data of this page (billing). If it asks people to sign in, reload the page to do so.",
  );
});
