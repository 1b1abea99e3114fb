import { expect, test } from 'vitest';
import { pythonIn, stepsFor } from '../src/pure/installation';

const WANTED = { folder: '/store/server', requirement: 'cope-lsp==0.1.0', windows: false };

test('uv makes the environment where it is there, and gets a Python where none is', () => {
  const steps = stepsFor({ uv: '/usr/bin/uv' }, WANTED);
  expect(steps?.map(({ program }) => program)).toEqual(['/usr/bin/uv', '/usr/bin/uv']);
  expect(steps?.[0]?.arguments).toContain('3.12');
  expect(steps?.[1]?.arguments).toContain('/store/server/bin/python');
});

test('without uv the Python does it, isolated', () => {
  const steps = stepsFor({ python: '/usr/bin/python3' }, WANTED);
  expect(steps?.map(({ program }) => program)).toEqual(['/usr/bin/python3', '/store/server/bin/python']);
  expect(steps?.every(({ arguments: words }) => words[0] === '-I')).toBe(true);
});

test('with neither there is no way', () => {
  expect(stepsFor({}, WANTED)).toBeUndefined();
});

test('Windows has its own places', () => {
  expect(pythonIn({ folder: 'C:\\s', windows: true })).toBe('C:\\s\\Scripts\\python.exe');
});
