/** Looking back: reports, what was sent, usage. */
import { randomBytes } from 'node:crypto';
import { env, ViewColumn, window, type ExtensionContext } from 'vscode';
import { home, serverProgram } from './environment';
import type { Execute } from './jobs';
import { run } from './programs';
import { SHOW_REPORT, SHOW_SENT, type Done } from './protocol';
import { usagePage, type Statistics } from './pure/usage';
import { t } from './words';

const DAYS = 30;

/** Show a job's report, or the latest one. */
export async function showReport(execute: Execute, job?: string): Promise<void> {
  const { done } = await execute<Done>(SHOW_REPORT, job === undefined ? {} : { job });
  if (!done) void window.showInformationMessage(t('Cope: there is no report yet.'));
}

/** Show every request that left this machine. */
export async function showSent(execute: Execute): Promise<void> {
  const { done } = await execute<Done>(SHOW_SENT);
  if (!done) void window.showInformationMessage(t('Cope: nothing was sent.'));
}

/** Show what was asked and spent. */
export async function showUsage(context: ExtensionContext): Promise<void> {
  const program = serverProgram(context);
  if (program === undefined) {
    void window.showInformationMessage(t('Cope: the server is not set up.'));
    return;
  }
  const words = [...program.words, 'stats', '--json', '--days', String(DAYS)];
  const printed = await run(program.command, words, { folder: await home(context) });
  const found = JSON.parse(printed) as Statistics;
  const panel = window.createWebviewPanel('cope.usage', t('Cope: Usage'), ViewColumn.Active, {
    enableScripts: false,
    localResourceRoots: [],
  });
  const nonce = randomBytes(16).toString('hex');
  panel.webview.html = usagePage(found, { t, days: DAYS, language: env.language, nonce });
}
