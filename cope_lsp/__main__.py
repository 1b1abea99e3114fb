"""`python -m cope_lsp` and the `cope-lsp` script."""

from __future__ import annotations

import sys


def main() -> None:
    """Run the command line and exit with its status."""
    from cope_lsp.cli.main import run  # noqa: PLC0415 -- keeps `--stdio` start-up free of the CLI's imports

    sys.exit(run(sys.argv[1:]))


if __name__ == "__main__":
    main()
