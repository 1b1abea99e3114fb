/** The user's settings, as the editor keeps them. */
import { workspace, type Uri } from 'vscode';
import known from './serverSettings.json';
import type { ServerSetting, Values } from './pure/userSettings';

/** Every setting of the server, generated from its schema. */
export const SERVER_SETTINGS = known as unknown as readonly ServerSetting[];

/** What the user set for themselves, wherever they work: it may loosen. */
export function userValues(): Values {
  return collected(SERVER_SETTINGS, (name) => workspace.getConfiguration('cope').inspect(name)?.globalValue);
}

/** What holds in a folder; only settings that have an order, since over LSP a value may only tighten. */
export function folderValues(folder: Uri | undefined): Values {
  const configuration = workspace.getConfiguration('cope', folder ?? null);
  const ordered = SERVER_SETTINGS.filter(({ order }) => order !== null);
  return collected(ordered, (name) => {
    const set = configuration.inspect(name);
    return set?.workspaceFolderValue ?? set?.workspaceValue ?? set?.globalValue;
  });
}

/** A text among the server's settings, as the user has it for themselves. */
export function userText(name: string): string {
  const standard = SERVER_SETTINGS.find((setting) => setting.name === name)?.default;
  const value = userValues()[name] ?? standard;
  return typeof value === 'string' ? value : '';
}

/** A path among the extension's own settings, which a workspace cannot set; empty where there is none. */
export function ownPath(name: 'serverPath' | 'serverInterpreter'): string {
  return workspace.getConfiguration('cope').inspect<string>(name)?.globalValue ?? '';
}

/** Whether the user has verified edits accepted unasked. */
export function acceptsVerified(): boolean {
  return workspace.getConfiguration('cope').inspect<boolean>('acceptVerified')?.globalValue ?? false;
}

function collected(settings: readonly ServerSetting[], read: (name: string) => unknown): Values {
  const found = settings.map(({ name }) => [name, read(name)] as const);
  return Object.fromEntries(found.filter(([, value]) => value !== undefined && value !== null));
}
