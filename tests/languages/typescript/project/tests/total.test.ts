import { describe, expect, it } from "vitest";

import { Bill } from "../src/total";

const line = (price: number, count: number, free = false) => ({ price, count, free });

describe("a bill's total", () => {
  it("adds prices by count", () => {
    expect(new Bill([line(250, 2), line(100, 1)]).total()).toBe(600);
  });

  it.each([
    [100, 200],
    [300, 0],
  ])("takes off %i", (discount, left) => {
    expect(new Bill([line(100, 3)]).total(discount)).toBe(left);
  });

  it("leaves out what is free", async () => {
    expect(new Bill([line(250, 2, true), line(100, 1)]).total()).toBe(100);
  });
});

it("knows how many lines there are", () => {
  expect(new Bill([line(1, 1)]).size).toBe(1);
});
