/** API keys: in the editor's secret storage, and from there into the server's environment. Never a setting. */
import { window, type ExtensionContext } from 'vscode';
import { userText } from './settings';
import { noteDone } from './walkthrough';
import { t } from './words';

const ROLES = ['large', 'small'] as const;

/** The variables that the server's process gets besides the user's own. */
export async function keyVariables({ secrets }: ExtensionContext): Promise<Record<string, string>> {
  const found: Record<string, string> = {};
  for (const name of variableNames()) {
    const key = await secrets.get(storedAs(name));
    if (key !== undefined) found[name] = key;
  }
  return found;
}

/** Ask for the large model's key and keep it; false where the user left. */
export async function setKey({ secrets }: ExtensionContext): Promise<boolean> {
  const name = userText('large.api_key_env');
  const key = await window.showInputBox({
    title: t('Cope: API key of the large model'),
    prompt: t('It is kept in the secret storage and given to the server as {0}.', name),
    password: true,
    ignoreFocusOut: true,
  });
  if (key === undefined || key.trim() === '') return false;
  await secrets.store(storedAs(name), key.trim());
  noteDone('key');
  return true;
}

/** Forget every key. */
export async function removeKeys({ secrets }: ExtensionContext): Promise<void> {
  await Promise.all(variableNames().map((name) => secrets.delete(storedAs(name))));
}

function variableNames(): string[] {
  const names = ROLES.map((role) => userText(`${role}.api_key_env`));
  return [...new Set(names.filter((name) => /^[A-Za-z_]\w*$/.test(name)))];
}

function storedAs(name: string): string {
  return `cope.key.${name}`;
}
