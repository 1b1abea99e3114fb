import { expect, test } from 'vitest';
import { usagePage, type Statistics } from '../src/pure/usage';
import { plainly } from './plainly';

const FOUND: Statistics = {
  requests: 10,
  usd: 0.25,
  calls: 3,
  seconds_median: 2.5,
  by_stage: { small: 8, large: 2 },
  by_ending: { accepted: 9, unverified: 1 },
  by_delivery: { applied: 9 },
  by_model_usd: { '<img src=x>': 0.25 },
  cached_plans: 1,
  cached_solutions: 2,
  input_tokens: 1000,
  cached_tokens: 10,
  output_tokens: 500,
  days: [{ date: '2026-11-28', requests: 10, usd: 0.25, by_stage: { small: 7, large: 2 } }],
};
const NOTHING = {
  ...FOUND,
  requests: 0,
  by_stage: {},
  by_ending: {},
  by_delivery: {},
  by_model_usd: {},
  days: [],
};
const FRAME = { t: plainly, days: 30, language: 'en', nonce: 'n0nce' };

test('the page shows money and shares in numbers and bars', () => {
  const page = usagePage(FOUND, FRAME);
  for (const said of ['$0.25', '8 (80 %)', '2026-11-28', '2 (20 %)']) expect(page).toContain(said);
});

test('a day shows what each stage answered, in pieces and in words', () => {
  const page = usagePage(FOUND, FRAME);
  expect(page).toContain('10 · small 7 · large 2');
  expect(page).toContain('<rect class="colour2" x="70.0" width="20.0" height="10"/>');
  expect(page).toContain('<rect class="colour0" x="90.0" width="10.0" height="10"/>');
});

test('nothing on it runs or comes from elsewhere', () => {
  const page = usagePage(FOUND, FRAME);
  expect(page).toContain("default-src 'none'; style-src 'nonce-n0nce'");
  expect(page).not.toMatch(/<script|https?:|url\(|style="/);
});

test('a name from outside is text', () => {
  expect(usagePage(FOUND, FRAME)).not.toContain('<img');
});

test('without requests there are numbers and no empty charts', () => {
  expect(usagePage(NOTHING, FRAME)).not.toContain('<table');
});
