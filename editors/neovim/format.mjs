/** Formats the plugin's Lua by `stylua.toml`; with `--check` it only names the files that are not formatted. */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import * as stylua from '@johnnymorganz/stylua';

const HERE = dirname(fileURLToPath(import.meta.url));
const KINDS = { indent_type: stylua.IndentType, quote_style: stylua.QuoteStyle };

const settings = readFileSync(join(HERE, 'stylua.toml'), 'utf8');
const check = process.argv.includes('--check');
for (const folder of ['lsp', 'lua', 'plugin']) {
  for (const entry of readdirSync(join(HERE, folder), { recursive: true, withFileTypes: true })) {
    if (entry.name.endsWith('.lua')) format(join(entry.parentPath ?? entry.path, entry.name));
  }
}

function format(path) {
  const text = readFileSync(path, 'utf8');
  const config = configOf(settings); // a call uses it up
  const formatted = stylua.formatCode(text, config, undefined, stylua.OutputVerification.Full);
  if (formatted === text) return;
  if (check) {
    console.error(`${path} is not formatted: npm run format`);
    process.exitCode = 1;
  } else {
    writeFileSync(path, formatted);
  }
}

/** The settings of the file, as far as it has any: `name = value` on each line. The wasm build knows no LuaJIT by name. */
function configOf(text) {
  const found = stylua.Config.new();
  for (const [, name, value] of text.matchAll(/^(\w+) = "?(\w+)"?$/gm)) {
    if (name === 'syntax') continue;
    found[name] = name in KINDS ? KINDS[name][value] : Number(value);
  }
  return found;
}
