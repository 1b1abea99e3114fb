; inherits: cope_lsp.languages.javascript.family
