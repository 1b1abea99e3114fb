"""The composition root: settings become an engine, a request becomes a solution.

Invariant: the only layer that knows every part. Front ends (`lsp`, `cli`) see `Engine`, `build_engine`,
`solve`, `confirm`, `close`, and the values in `front`.
"""
