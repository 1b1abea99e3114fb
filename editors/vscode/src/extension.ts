/** The entry: registers what the editor may ask for, and loads the rest when that happens or a file is open. */
import { commands, type ExtensionContext } from 'vscode';
import type { Session } from './session';

/** Commands of lenses; they are in no menu, so the manifest does not name them. */
const UNLISTED = ['cope.stub.implement', 'cope.part.dismiss'];

let opened: Promise<Session> | undefined;

/** Called when a file of a language that the server writes is opened, or a command is run. */
export function activate(context: ExtensionContext): void {
  const open = async (): Promise<Session> => (await import('./session')).open(context);
  for (const command of [...listed(context), ...UNLISTED]) {
    const run = async (...words: unknown[]): Promise<unknown> =>
      (await (opened ??= open())).run(command, words);
    context.subscriptions.push(commands.registerCommand(command, run));
  }
  setImmediate(() => void (opened ??= open()));
}

/** Called when the editor leaves or the extension is turned off. */
export async function deactivate(): Promise<void> {
  const session = await opened?.catch(() => undefined); // one that never opened has nothing to close
  await session?.close();
}

function listed(context: ExtensionContext): string[] {
  const manifest = context.extension.packageJSON as { contributes: { commands: { command: string }[] } };
  return manifest.contributes.commands.map(({ command }) => command);
}
