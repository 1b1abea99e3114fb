/** Puts a sentence into the user's language; `vscode.l10n.t` in the editor. `{0}` stands for the first value. */
export type Translate = (message: string, ...values: (string | number)[]) => string;
