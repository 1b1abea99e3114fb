/** Sentences in the user's language. */
import { l10n } from 'vscode';
import type { Translate } from './pure/translate';

/** `vscode.l10n.t`, as the pure modules take it. */
export const t: Translate = (message, ...values) => l10n.t(message, ...values);

/** What went wrong, in words. */
export function reason(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
