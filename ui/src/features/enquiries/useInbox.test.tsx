import { act, renderHook } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import type { EnquiryRow } from "~/shared/backend";
import { useArrivals, useInbox } from "./useInbox";

const rows = (...ids: string[]): EnquiryRow[] => ids.map((id) => ({ id, status: "new" }) as EnquiryRow);
const ids = (list: readonly EnquiryRow[]): string => list.map((row) => row.id).join("");

describe("the list under the pointer", () => {
  it("keeps its order, holds back what is new and lets it in when the pointer leaves", () => {
    const hook = renderHook(({ list, still }) => useInbox(list, "todo", still), {
      initialProps: { list: rows("a", "b", "c"), still: true },
    });
    expect(ids(hook.result.current.rows)).toBe("abc");
    hook.rerender({ list: rows("n", "b", "a", "c"), still: true });
    expect([ids(hook.result.current.rows), hook.result.current.held]).toEqual(["abc", 1]);
    hook.rerender({ list: rows("n", "b", "a"), still: true });
    expect([ids(hook.result.current.rows), hook.result.current.held]).toEqual(["ab", 1]);
    hook.rerender({ list: rows("n", "b", "a"), still: false });
    expect([ids(hook.result.current.rows), hook.result.current.held]).toEqual(["nba", 0]);
  });

  it("lets the new ones in when somebody asks for them, and holds the next again", () => {
    const hook = renderHook(({ list }) => useInbox(list, "todo", true), {
      initialProps: { list: rows("a") },
    });
    hook.rerender({ list: rows("n", "a") });
    expect(hook.result.current.held).toBe(1);
    act(() => {
      hook.result.current.let();
    });
    expect(ids(hook.result.current.rows)).toBe("na");
    hook.rerender({ list: rows("o", "n", "a") });
    expect([ids(hook.result.current.rows), hook.result.current.held]).toEqual(["na", 1]);
  });

  it("starts afresh with another question", () => {
    const hook = renderHook(({ list, key }) => useInbox(list, key, true), {
      initialProps: { list: rows("a", "b"), key: "todo" },
    });
    hook.rerender({ list: rows("x"), key: "waiting" });
    expect([ids(hook.result.current.rows), hook.result.current.held]).toEqual(["x", 0]);
  });
});

describe("arrivals", () => {
  it("tells what was not there, once; the first answer is no news", () => {
    const told: string[] = [];
    const hook = renderHook(
      ({ list }: { list: EnquiryRow[] | undefined }) => {
        useArrivals(list, (arrived) => told.push(ids(arrived)));
      },
      { initialProps: { list: undefined as EnquiryRow[] | undefined } },
    );
    hook.rerender({ list: rows("a", "b") });
    hook.rerender({ list: rows("a", "b", "c") });
    hook.rerender({ list: rows("b") });
    hook.rerender({ list: rows("a", "b", "c") });
    expect(told).toEqual(["c"]);
  });
});
