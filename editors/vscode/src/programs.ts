/** Runs programs of the user's: outside of every workspace, with nothing of it in the environment. */
import { execFile } from 'node:child_process';
import { existsSync, realpathSync } from 'node:fs';
import { workspace } from 'vscode';
import type { Surroundings } from './pure/interpreter';

/** How a program is run. */
export interface Manner {
  readonly folder: string;
  readonly signal?: AbortSignal;
  readonly environment?: NodeJS.ProcessEnv;
}

const MOST_OUTPUT = 16 * 1024 * 1024;

/** What a program printed. Rejects with its last words where it failed. */
export function run(program: string, words: readonly string[], manner: Manner): Promise<string> {
  const { folder: cwd, signal, environment = {} } = manner;
  const env = { ...withoutPython(process.env), ...environment };
  return new Promise((resolve, reject) => {
    execFile(program, words, { cwd, env, signal, maxBuffer: MOST_OUTPUT }, (error, stdout, stderr) => {
      if (error === null) resolve(stdout);
      else reject(new Error(lastWords(stderr) || error.message, { cause: error }));
    });
  });
}

/** Where programs may be looked for. */
export function surroundings(): Surroundings {
  return {
    path: process.env['PATH'] ?? '',
    windows: process.platform === 'win32',
    workspaceFolders: (workspace.workspaceFolders ?? []).map(({ uri }) => uri.fsPath),
    resolve: resolved,
    exists: existsSync,
  };
}

/** Variables that would have an interpreter load other code than its own. */
export function withoutPython(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const kept = Object.entries(environment).filter(
    ([name]) => !/^(?:PYTHON|VIRTUAL_ENV$|CONDA_PREFIX$)/.test(name),
  );
  return Object.fromEntries(kept);
}

function resolved(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}

function lastWords(text: string): string {
  return text.trim().split('\n').slice(-5).join('\n');
}
