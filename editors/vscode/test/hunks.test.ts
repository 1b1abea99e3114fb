import { describe, expect, test } from 'vitest';
import type { TextEdit } from '../src/protocol';
import { applied, hunksOf, linesOf, moved, positionAt } from '../src/pure/hunks';

const TEXT = 'import os\n\n\ndef f():\n    ...\n\n\ndef g():\n    ...\n';
const EDITS = [
  edit([8, 4], [8, 7], 'return 2'),
  edit([4, 4], [4, 7], 'return 1'),
  edit([0, 0], [0, 0], 'import re\n'),
];
const AFTER = 'import re\nimport os\n\n\ndef f():\n    return 1\n\n\ndef g():\n    return 2\n';

function edit(start: [number, number], end: [number, number], newText: string): TextEdit {
  const [from, to] = [start, end].map(([line, character]) => ({ line, character }));
  if (from === undefined || to === undefined) throw new Error('an edit has two ends');
  return { range: { start: from, end: to }, newText };
}

describe('hunks of a text', () => {
  test('come in the order of the text, and together make the new one', () => {
    const hunks = hunksOf(TEXT, EDITS);
    expect(hunks.map(({ newText }) => newText)).toEqual(['import re\n', 'return 1', 'return 2']);
    expect(applied(TEXT, hunks)).toBe(AFTER);
  });

  test('that meet on a line are one, because neither makes sense alone', () => {
    const hunks = hunksOf('a = 1\n', [edit([0, 0], [0, 1], 'b'), edit([0, 4], [0, 5], '2')]);
    expect(hunks).toHaveLength(1);
    expect(applied('a = 1\n', hunks)).toBe('b = 2\n');
  });

  test('can be taken one by one', () => {
    const [, second] = hunksOf(TEXT, EDITS);
    expect(applied(TEXT, second === undefined ? [] : [second])).toBe(TEXT.replace('...', 'return 1'));
  });

  test('count in UTF-16 and stop at the end of a line', () => {
    expect(applied('x = "😋"\ny\n', hunksOf('x = "😋"\ny\n', [edit([0, 5], [0, 7], 'a')]))).toBe(
      'x = "a"\ny\n',
    );
    expect(hunksOf('ab\ncd', [edit([0, 99], [0, 99], '!')])[0]?.start).toBe(3);
  });

  test('name the lines that they touch', () => {
    const hunks = hunksOf(TEXT, EDITS);
    expect(hunks.map((hunk) => linesOf(TEXT, hunk))).toEqual([
      { first: 0, last: 0 },
      { first: 4, last: 4 },
      { first: 8, last: 8 },
    ]);
    expect(linesOf('a\nb\nc\n', { start: 0, end: 4, newText: '' })).toEqual({ first: 0, last: 1 });
  });
});

describe('in a text that moved on', () => {
  const hunks = hunksOf(TEXT, EDITS.slice(0, 2));

  test('hunks follow what they replace', () => {
    expect(moved(TEXT, `# above\n${TEXT}`, hunks)?.map(({ start }) => start)).toEqual(
      hunks.map(({ start }) => start + '# above\n'.length),
    );
  });

  test('hunks between which something was typed stay in place', () => {
    const now = TEXT.replace('\n\n\ndef g', '\n\nx = 1\n\ndef g');
    expect(applied(now, moved(TEXT, now, hunks) ?? [])).toBe(
      now.replace('...', 'return 1').replace('...', 'return 2'),
    );
  });

  test('a hunk whose text was changed is stale, and with it the whole', () => {
    expect(moved(TEXT, TEXT.replace('...', 'pass'), hunks)).toBeUndefined();
  });

  test('a hunk on whose line something was typed is stale, though its own text stands there', () => {
    expect(moved(TEXT, TEXT.replace('...', '...  # mine'), hunks)).toBeUndefined();
    expect(moved(TEXT, TEXT.replace('    ...', '  x = ...'), hunks)).toBeUndefined();
    expect(moved('a', 'a + b', [{ start: 0, end: 1, newText: 'c' }])).toBeUndefined();
  });

  test('a hunk below whose line something was typed stays in place', () => {
    const [first] = hunks;
    if (first === undefined) throw new Error('there are hunks');
    const now = TEXT.replace('...\n', '...\n    # mine\n');
    expect(moved(TEXT, now, [first])).toEqual([first]);
  });

  test('nothing moves where nothing was changed', () => {
    expect(moved(TEXT, TEXT, hunks)).toEqual(hunks);
  });
});

test('an offset has a position', () => {
  expect(positionAt('ab\ncd\n', 4)).toEqual({ line: 1, character: 1 });
  expect(positionAt('ab\ncd\n', 0)).toEqual({ line: 0, character: 0 });
  expect(positionAt('ab\ncd\n', 6)).toEqual({ line: 2, character: 0 });
});
