import assert from 'node:assert/strict';
import test from 'node:test';

import { clamp, countVowels, gcd, isLeapYear, runningTotals } from '../src/easy.js';

test('isLeapYear', () => {
  assert.equal(isLeapYear(2024), true);
  assert.equal(isLeapYear(2023), false);
  assert.equal(isLeapYear(1900), false);
});

test('gcd', () => {
  assert.equal(gcd(12, 18), 6);
});

test('countVowels', () => {
  assert.equal(countVowels('Education'), 5);
});

test('clamp', () => {
  assert.equal(clamp(5, 0, 3), 3);
  assert.equal(clamp(-1, 0, 3), 0);
  assert.equal(clamp(2, 0, 3), 2);
});

test('runningTotals', () => {
  assert.deepEqual(runningTotals([1, 2, 3]), [1, 3, 6]);
});
