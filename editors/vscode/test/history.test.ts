import { expect, test } from 'vitest';
import { remember } from '../src/pure/history';

test('an instruction said again moves to the front, and blanks are none', () => {
  expect(remember(['a', 'b'], ' b ')).toEqual(['b', 'a']);
  expect(remember(['a'], '  ')).toEqual(['a']);
});

test('the history has a bound', () => {
  const many = Array.from({ length: 40 }, (_, number) => String(number));
  expect(remember(many, 'new')).toHaveLength(30);
});
