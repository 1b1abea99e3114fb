import type { Translate } from '../src/pure/translate';

/** Sentences in English, with their values: what `vscode.l10n.t` gives where no language is installed. */
export const plainly: Translate = (message, ...values) =>
  message.replace(/\{(\d+)\}/g, (_, index: string) => String(values[Number(index)]));
