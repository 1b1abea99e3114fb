import type { Line } from "./lines.js";

export class Bill {
  constructor(private readonly lines: readonly Line[]) {}

  /** What all lines cost together, without what is free. */
  total(discount: number = 0): number {
    throw new Error("not implemented");
  }

  get size(): number {
    return this.lines.length;
  }
}
