import { expect, test } from 'vitest';
import type { Proposal } from '../src/protocol';
import { evidenceSentence, glimpse, partSentence, spokenSentence } from '../src/pure/evidence';
import { plainly } from './plainly';

const VERIFIED: Proposal = {
  job: 'j',
  uri: 'file:///a.py',
  version: 1,
  qualname: 'Words.slugify',
  edits: [],
  newText: '',
  verified: true,
  message: 'slugify: 4 of 4 tests pass · 5 of 6 samples agree · local · $0.00',
  confidence: 0.974,
  flags: [],
};

test('a verified proposal shows tests, agreement, probability, place and price', () => {
  expect(evidenceSentence(plainly, VERIFIED, 'fresh')).toBe(
    '$(verified) Verified · 4 of 4 tests pass · 5 of 6 samples agree · 0.97 · local · $0.00',
  );
});

test('an unverified one says so first, in capitals, and shows no probability', () => {
  const message =
    'slugify: not verified: none of 9 candidates passes · local · $0.00 · 0.4 s. Nothing was changed.';
  const sentence = evidenceSentence(plainly, { ...VERIFIED, verified: false, message }, 'fresh');
  expect(sentence).toBe('$(warning) UNVERIFIED: none of 9 candidates passes · local · $0.00 · 0.4 s');
});

test('a stale one says so before anything else', () => {
  expect(evidenceSentence(plainly, VERIFIED, 'stale')).toMatch(/^\$\(history\) STALE: the code/);
});

test('what the new code can do and the old could not is named', () => {
  const flagged = { ...VERIFIED, flags: ['network', 'new process'] };
  expect(evidenceSentence(plainly, flagged, 'fresh')).toContain(
    'can do what the old code could not: network, new process',
  );
});

test('a screen reader hears the name and no icon', () => {
  expect(spokenSentence(plainly, VERIFIED, 'fresh')).toMatch(/^Words\.slugify: Verified · /);
});

test('a part that was accepted reads unverified', () => {
  expect(partSentence(plainly)).toContain('UNVERIFIED');
});

test('beside a line stands what it would become, as far as there is room', () => {
  expect(glimpse(plainly, { verified: true }, 'return 1')).toBe('◂ becomes return 1');
  expect(glimpse(plainly, { verified: true }, '\n    words = []\n    return words\n')).toBe(
    '◂ becomes words = [] (+1 more)',
  );
  expect(glimpse(plainly, { verified: true }, 'x'.repeat(200))).toHaveLength('◂ becomes '.length + 81);
  expect(glimpse(plainly, { verified: true }, '\n')).toBe('◂ becomes nothing');
});

test('beside a line that nothing verified it says so in capitals', () => {
  expect(glimpse(plainly, { verified: false }, 'return 1')).toBe('◂ UNVERIFIED: return 1');
});
