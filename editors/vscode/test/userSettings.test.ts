import { expect, test } from 'vitest';
import { needsRestart, overrides, type ServerSetting } from '../src/pure/userSettings';
import known from '../src/serverSettings.json';

const SETTINGS = known as unknown as ServerSetting[];

test('what the user set goes on the command line, as JSON', () => {
  expect(overrides({ 'large.model': 'gpt', 'budget.per_day_usd': 0.5, ignore: ['*.sql'] })).toEqual([
    '--set',
    'large.model="gpt"',
    '--set',
    'budget.per_day_usd=0.5',
    '--set',
    'ignore=["*.sql"]',
  ]);
});

test.each([
  [{}, { samples: 4 }],
  [{ samples: 16 }, {}],
  [{}, { cloud: 'never' }],
  [{ auto_apply: true }, { auto_apply: false }],
  [{}, { ignore: ['*.sql'] }],
  [{ 'tests.expose': ['a', 'b'] }, { 'tests.expose': ['a'] }],
  [{ 'small.model': 'x' }, { 'small.model': 'x' }],
])('from %j to %j the running server can be told', (started, wanted) => {
  expect(needsRestart(SETTINGS, started, wanted)).toBe(false);
});

test.each([
  [{ samples: 4 }, {}],
  [{}, { cloud: 'allow' }],
  [{}, { stages: 'paper' }],
  [{ stages: 'local' }, {}],
  [{}, { auto_apply: true }],
  [{ ignore: ['*.sql'] }, {}],
  [{}, { 'tests.expose': ['.env'] }],
  [{}, { 'small.model': 'x' }],
])('from %j to %j takes another process', (started, wanted) => {
  expect(needsRestart(SETTINGS, started, wanted)).toBe(true);
});
