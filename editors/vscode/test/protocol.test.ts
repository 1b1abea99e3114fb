/** `src/protocol.ts` mirrors the server's `protocol.py`; the server's tests compare from the other side. */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import * as protocol from '../src/protocol';

const PYTHON = readFileSync(new URL('../../../cope_lsp/lsp/protocol.py', import.meta.url), 'utf-8');
const TYPESCRIPT = readFileSync(new URL('../src/protocol.ts', import.meta.url), 'utf-8');

/** Constants of the Python file by name. */
function constants(): Map<string, unknown> {
  const found = PYTHON.matchAll(/^([A-Z_]+): Final = (.+)$/gm);
  return new Map([...found].map(([, name = '', value = '']) => [name, JSON.parse(value)]));
}

/** Shapes of the Python file by name; each as its fields, written as TypeScript. */
function pythonShapes(): Map<string, string[]> {
  const found = PYTHON.matchAll(
    /^class (\w+)\(TypedDict(, total=False)?\):\n {4}""".*?"""\n\n((?: {4}.*\n?)+)/gm,
  );
  return new Map(
    [...found].map(([, name = '', partial, body = '']) => [
      name,
      [...body.matchAll(/^ {4}(\w+): (.+)$/gm)].map(([, field = '', type = '']) => {
        const [, inner = type] = /^NotRequired\[(.*)\]$/.exec(type) ?? [];
        const mark = partial !== undefined || inner !== type ? '?' : '';
        return `${field}${mark}: ${typescriptOf(inner)}`;
      }),
    ]),
  );
}

function typescriptShapes(): Map<string, string[]> {
  const found = TYPESCRIPT.matchAll(/^export interface (\w+) \{\n([^}]*)\}/gm);
  return new Map(
    [...found].map(([, name = '', body = '']) => [
      name,
      body
        .split(';\n')
        .map((field) => field.trim())
        .filter((field) => field !== ''),
    ]),
  );
}

function typescriptOf(python: string): string {
  const [, values] = /^Literal\[(.*)\]$/s.exec(python) ?? [];
  if (values !== undefined) return values.replaceAll('"', "'").replaceAll(', ', ' | ');
  const [, item] = /^list\[(.*)\]$/.exec(python) ?? [];
  if (item !== undefined) return `${typescriptOf(item)}[]`;
  const [, one, other] = /^(\w+) \| (\w+)$/.exec(python) ?? [];
  if (one !== undefined && other !== undefined) return `${typescriptOf(one)} | ${typescriptOf(other)}`;
  return NAMES[python] ?? python;
}

const NAMES: Record<string, string> = {
  int: 'number',
  float: 'number',
  str: 'string',
  bool: 'boolean',
  None: 'null',
  'dict[str, object]': 'Record<string, unknown>',
};

test('every name is the same on both sides, and there are no others', () => {
  expect(new Map(Object.entries(protocol))).toEqual(constants());
});

describe.each([...pythonShapes()])('%s', (name, fields) => {
  test('has the same fields on both sides', () => {
    expect(typescriptShapes().get(name)).toEqual(fields);
  });
});

test('there is no shape that the server does not know', () => {
  expect([...typescriptShapes().keys()]).toEqual([...pythonShapes().keys()]);
});
