import { expect, test } from 'vitest';
import type { Status } from '../src/protocol';
import { money } from '../src/pure/money';
import { describe as described, idle, restricted } from '../src/pure/statusText';
import { plainly } from './plainly';

const AT_WORK: Status = {
  job: 'j',
  uri: 'file:///a.py',
  qualname: 'slugify',
  stage: 'small',
  drawn: 2,
  samples: 8,
  passed: 1,
  total: 4,
  costUsd: 0,
  detail: 'testing',
};

test('a job at work shows stage, samples, tests and money', () => {
  const shown = described(plainly, AT_WORK);
  expect(shown).toMatchObject({ text: 'Cope: slugify', busy: true, severity: 'information' });
  expect(shown.detail).toBe('local · 2 of 8 drawn · 1 of 4 tests · testing · $0.00');
});

test('before the first draw there is nothing to count', () => {
  const start = { ...AT_WORK, stage: '', drawn: 0, total: 0, detail: 'starting' };
  expect(described(plainly, start).detail).toBe('starting · $0.00');
});

test.each([
  ['applied', 'information'],
  ['unverified', 'warning'],
  ['failed', 'error'],
] as const)('%s is shown with severity %s and the one message', (ending, severity) => {
  const shown = described(plainly, { ...AT_WORK, ending, message: 'what happened' });
  expect(shown).toMatchObject({ severity, busy: false, detail: 'what happened' });
});

test('money that is not known says so, and little money is not nothing', () => {
  expect([money(plainly, null), money(plainly, 0.0004), money(plainly, 1.5)]).toEqual([
    'cost unknown',
    '$0.0004',
    '$1.50',
  ]);
});

test('an untrusted workspace is told from a ready one by words', () => {
  expect(restricted(plainly).text).not.toBe(idle(plainly).text);
});
