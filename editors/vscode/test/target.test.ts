import { expect, test } from 'vitest';
import type { RunArguments } from '../src/protocol';
import { editOf, offersOf } from '../src/pure/target';

const OFFER: RunArguments = {
  uri: 'file:///a.py',
  version: 3,
  qualname: 'C.f',
  kind: 'explain',
  hash: 'h',
  reach: 'local',
};

test('the server names the target in what it offers; other servers do not', () => {
  const actions = [
    {},
    { command: { command: 'other.run', arguments: [OFFER] } },
    { command: { command: 'cope.run', arguments: [OFFER] } },
    { command: { command: 'cope.run', arguments: ['?'] } },
  ];
  expect(offersOf(actions)).toEqual([OFFER]);
});

test('an edit is asked of the same target, and may go as far as the settings let it', () => {
  expect(editOf(OFFER, 'faster')).toEqual({
    uri: 'file:///a.py',
    version: 3,
    qualname: 'C.f',
    kind: 'edit',
    hash: 'h',
    instruction: 'faster',
  });
});
