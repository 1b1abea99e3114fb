/** Whether a server that ended is started once more. */

/** So many ends within so many milliseconds are a loop. */
export interface Patience {
  readonly ends: number;
  readonly withinMs: number;
}

/** The patience with a server that ends by itself. */
export const PATIENCE: Patience = { ends: 4, withinMs: 180_000 };

/** The ends that still count at `now`, the new one among them, and whether they are a loop. */
export function countEnd(
  ends: readonly number[],
  now: number,
  patience: Patience = PATIENCE,
): { ends: number[]; looping: boolean } {
  const recent = [...ends, now].filter((end) => now - end < patience.withinMs);
  return { ends: recent, looping: recent.length >= patience.ends };
}
