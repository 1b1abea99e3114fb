/** The server's own environment: made from what the user has, looked after, and taken away again. */
import { existsSync, readdirSync } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { ProgressLocation, window, type ExtensionContext, type LogOutputChannel } from 'vscode';
import { SERVER_MODULE, pythonIn, stepsFor, type Step } from './pure/installation';
import { interpretersOn, isRecent, mayRun, programsOn } from './pure/interpreter';
import { run, surroundings } from './programs';
import { ownPath } from './settings';
import { t } from './words';

/** How the server is started. */
export interface Program {
  readonly command: string;
  readonly words: readonly string[];
}

/** The program to start: the user's own, else the one that was set up; undefined where there is none. Throws. */
export function serverProgram(context: ExtensionContext): Program | undefined {
  const own = ownPath('serverPath');
  if (own !== '') {
    if (!mayRun(surroundings(), own)) {
      throw new Error(t('cope.serverPath must be an absolute path outside of the workspace: {0}', own));
    }
    return { command: own, words: [] };
  }
  const python = pythonIn(place(context));
  return existsSync(python) ? { command: python, words: SERVER_MODULE } : undefined;
}

/** Whether the program answers, with the version that it says. */
export async function answers(context: ExtensionContext, { command, words }: Program): Promise<boolean> {
  try {
    const printed = await run(command, [...words, '--version'], { folder: await home(context) });
    return printed.startsWith('cope-lsp ');
  } catch {
    return false;
  }
}

/** Make the environment anew and show how far it is. Rejects with what went wrong. */
export async function setUp(context: ExtensionContext, log: LogOutputChannel): Promise<void> {
  const options = {
    location: ProgressLocation.Notification,
    title: t('Cope: setting up'),
    cancellable: true,
  };
  await window.withProgress(options, async (progress, token) => {
    const cancel = new AbortController();
    token.onCancellationRequested(() => {
      cancel.abort();
    });
    progress.report({ message: t('looking for Python') });
    await remove(context);
    const folder = await home(context);
    const steps = await planned(context, folder, cancel.signal);
    for (const { program, arguments: words, doing } of steps) {
      progress.report({ message: said(doing) });
      log.info(`${program} ${words.join(' ')}`);
      log.info(await run(program, words, { folder, signal: cancel.signal }));
    }
  });
}

/** Take the environment away. */
export async function remove(context: ExtensionContext): Promise<void> {
  await rm(place(context).folder, { recursive: true, force: true });
}

/** The extension's own folder, which exists then: whatever is started stands there and not in a workspace. */
export async function home(context: ExtensionContext): Promise<string> {
  const folder = context.globalStorageUri.fsPath;
  await mkdir(folder, { recursive: true });
  return folder;
}

async function planned(context: ExtensionContext, folder: string, signal: AbortSignal): Promise<Step[]> {
  const makers = {
    uv: programsOn(surroundings(), 'uv')[0],
    python: await interpreter(folder, signal),
  };
  const steps = stepsFor(makers, { ...place(context), requirement: requirement(context) });
  if (steps === undefined) {
    throw new Error(
      t('No Python 3.11 or newer and no uv was found. Install one, or set cope.serverInterpreter.'),
    );
  }
  return steps;
}

async function interpreter(folder: string, signal: AbortSignal): Promise<string | undefined> {
  const named = ownPath('serverInterpreter');
  if (named !== '' && !mayRun(surroundings(), named)) {
    throw new Error(
      t('cope.serverInterpreter must be an absolute path outside of the workspace: {0}', named),
    );
  }
  for (const candidate of named === '' ? interpretersOn(surroundings()) : [named]) {
    const printed = await run(candidate, ['-I', '--version'], { folder, signal }).catch(() => '');
    if (isRecent(printed)) return candidate;
  }
  if (named !== '') throw new Error(t('{0} is no Python 3.11 or newer.', named));
  return undefined;
}

function place(context: ExtensionContext): { folder: string; windows: boolean } {
  const folder = join(context.globalStorageUri.fsPath, `server-${version(context)}`);
  return { folder, windows: process.platform === 'win32' };
}

/** The wheel that came with the extension, else this version from the package index. */
function requirement(context: ExtensionContext): string {
  const folder = join(context.extensionPath, 'wheels');
  const wheel = existsSync(folder) ? readdirSync(folder).find((name) => name.endsWith('.whl')) : undefined;
  return wheel === undefined ? `cope-lsp==${version(context)}` : join(folder, wheel);
}

function version(context: ExtensionContext): string {
  return (context.extension.packageJSON as { version: string }).version;
}

function said(doing: Step['doing']): string {
  return doing === 'environment' ? t('making an environment') : t('installing the server');
}
