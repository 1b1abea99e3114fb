import languages from './languages.json';

/** The documents that the server writes in; `scripts/vscode_configuration.py` writes which languages. */
export const DOCUMENTS = ['file', 'untitled'].flatMap((scheme) =>
  languages.map((language) => ({ scheme, language })),
);
