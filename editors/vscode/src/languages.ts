/** The documents that the server writes in. */
export const DOCUMENTS = ['file', 'untitled'].map((scheme) => ({ scheme, language: 'python' }));
