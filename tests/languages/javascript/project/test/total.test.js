import assert from "node:assert/strict";
import { describe, it, test } from "node:test";

import { total, worded } from "../src/total.js";

describe("total", () => {
  it("adds prices by count", () => {
    assert.equal(total([{ price: 250, count: 2 }, { price: 100, count: 1 }]), 600);
  });

  it("leaves out what is free", () => {
    assert.equal(total([{ price: 250, count: 2, free: true }, { price: 100, count: 1 }]), 100);
  });

  it("is nothing for no lines", async () => {
    assert.equal(total([]), 0);
  });
});

test("prices are worded", () => {
  assert.equal(worded(1250), "12.50 €");
});
