import { expect, test } from 'vitest';
import { countEnd } from '../src/pure/crashLoop';

test('four ends within three minutes are a loop', () => {
  let ends: number[] = [];
  const looping = [0, 1000, 2000, 3000].map((now) => {
    const counted = countEnd(ends, now);
    ends = counted.ends;
    return counted.looping;
  });
  expect(looping).toEqual([false, false, false, true]);
});

test('ends of long ago are forgotten', () => {
  expect(countEnd([0, 1000, 2000], 190_000)).toEqual({ ends: [190_000], looping: false });
});
