import { expect, test } from 'vitest';

import { clamp, countVowels, gcd, isLeapYear, runningTotals } from '../src/easy.js';

test('isLeapYear', () => {
  expect(isLeapYear(2024)).toBe(true);
  expect(isLeapYear(2023)).toBe(false);
  expect(isLeapYear(1900)).toBe(false);
});

test('gcd', () => {
  expect(gcd(12, 18)).toBe(6);
});

test('countVowels', () => {
  expect(countVowels('Education')).toBe(5);
});

test('clamp', () => {
  expect(clamp(5, 0, 3)).toBe(3);
  expect(clamp(-1, 0, 3)).toBe(0);
  expect(clamp(2, 0, 3)).toBe(2);
});

test('runningTotals', () => {
  expect(runningTotals([1, 2, 3])).toEqual([1, 3, 6]);
});
