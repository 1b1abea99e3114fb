import { expect, test } from 'vitest';
import { stubsOf } from '../src/pure/stubs';

const STUB = 'def f(a):\n    """Doc.\n\n    >>> f(1)\n    """\n    ...\n';

test.each([
  ['def f(a): ...\n'],
  ['def f(a):\n    pass  # later\n'],
  ['async def f(\n    a,\n    b,\n) -> int:\n    raise NotImplementedError("f")\n'],
  [STUB],
  [`class C:\n${STUB.replace(/^/gm, '    ')}`],
])('%j is a stub', (text) => {
  expect(stubsOf(text).map(({ name }) => name)).toEqual(['f']);
});

test.each([['def f(a):\n    return a\n'], ['def f(a):\n    x = 1\n    pass\n'], ['class C:\n    ...\n']])(
  '%j is none',
  (text) => {
    expect(stubsOf(text)).toEqual([]);
  },
);

test('each is found at its line', () => {
  expect(stubsOf(`x = 1\n${STUB}\n\n${STUB}`).map(({ line }) => line)).toEqual([1, 9]);
});
