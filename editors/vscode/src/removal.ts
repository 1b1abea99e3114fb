/** Taking it all away again. */
import { rm } from 'node:fs/promises';
import { commands, window, type ExtensionContext } from 'vscode';
import { home, remove, serverProgram } from './environment';
import { removeKeys } from './keys';
import { run } from './programs';
import type { Server } from './server';
import { reason, t } from './words';

/** Ask, then remove the server, its store, the keys, the history, and the extension. */
export async function removeEverything(context: ExtensionContext, server: Server): Promise<void> {
  const yes = t('Remove');
  const detail = t(
    'The server with its environment, stored plans and solutions, API keys, the history of instructions, and this extension. Your own config.toml and the record of what was spent stay.',
  );
  const title = t('Remove everything of Cope?');
  if ((await window.showWarningMessage(title, { modal: true, detail }, yes)) !== yes) return;
  await clearStore(context);
  await server.retire();
  await removeKeys(context);
  await remove(context);
  for (const key of context.globalState.keys()) await context.globalState.update(key, undefined);
  await rm(context.globalStorageUri.fsPath, { recursive: true, force: true });
  await commands.executeCommand('workbench.extensions.uninstallExtension', context.extension.id);
}

async function clearStore(context: ExtensionContext): Promise<void> {
  const program = serverProgram(context);
  if (program === undefined) return;
  try {
    await run(program.command, [...program.words, 'cache', 'clear'], { folder: await home(context) });
  } catch (error) {
    void window.showWarningMessage(t('The store could not be cleared: {0}', reason(error)));
  }
}
