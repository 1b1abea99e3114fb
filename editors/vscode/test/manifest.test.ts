/** What the manifest promises. */
import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import manifest from '../package.json';
import texts from '../package.nls.json';

const SOURCES = new URL('../src/', import.meta.url);
const MANIFEST = JSON.stringify(manifest);

function source(name: string): string {
  return readFileSync(new URL(name, SOURCES), 'utf-8');
}

function allSources(): string {
  const names = readdirSync(SOURCES, { recursive: true, encoding: 'utf-8' });
  return names
    .filter((name) => name.endsWith('.ts'))
    .map(source)
    .join('\n');
}

test('every command of the manifest does something', () => {
  const sources = source('session.ts') + source('proposals/deciding.ts');
  for (const { command } of manifest.contributes.commands) expect(sources).toContain(`'${command}'`);
});

test('no command of the editor has a name of the server, whose client registers those itself', () => {
  const ours = manifest.contributes.commands.map(({ command }) => command);
  const servers = [...source('protocol.ts').matchAll(/= '(cope\.\w+)'/g)].map(([, name]) => name);
  expect(servers.length).toBeGreaterThan(5);
  expect(ours.filter((command) => servers.includes(command))).toEqual([]);
});

test('keys for a proposal are bound only while one shows', () => {
  const keys = manifest.contributes.keybindings.filter(({ command }) => command.startsWith('cope.proposal.'));
  expect(keys).toHaveLength(5);
  for (const { when } of keys) expect(when).toContain('cope.proposalShown');
});

test('every text of the manifest is there, and none is left over', () => {
  const used = [...MANIFEST.matchAll(/"%([\w.]+)%"/g)].map(([, name]) => name);
  expect([...new Set(used)].sort()).toEqual(Object.keys(texts).sort());
});

test('a workspace cannot say what runs, where code goes, or that nothing is asked', () => {
  const restricted = manifest.capabilities.untrustedWorkspaces.restrictedConfigurations;
  for (const name of [
    'serverPath',
    'serverInterpreter',
    'acceptVerified',
    'small.base_url',
    'tests.command',
  ]) {
    expect(restricted).toContain(`cope.${name}`);
  }
});

test('every sentence of the sources can be translated', async () => {
  const found = allSources().matchAll(/\bt\(\s*(?:'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)")/g);
  const sentences = [...new Set([...found].map(([, single, double]) => single ?? double ?? ''))].sort();
  const bundle = Object.fromEntries(sentences.map((sentence) => [sentence, sentence]));
  const text = `${JSON.stringify(bundle, undefined, 2)}\n`;
  await expect(text).toMatchFileSnapshot('../l10n/bundle.l10n.json'); // `vitest run -u` writes it
});
