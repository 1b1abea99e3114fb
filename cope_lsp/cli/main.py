"""The `cope-lsp` command line: finds the command that was asked for, and is the boundary for what fails."""

from __future__ import annotations

import argparse
import sys
from importlib import import_module
from typing import TYPE_CHECKING, Protocol, cast

import cope_lsp
from cope_lsp.cascade.errors import CopeError
from cope_lsp.cli.status import Status

if TYPE_CHECKING:
    from collections.abc import Sequence

COMMANDS = {
    "solve": "write one function of a file and show the edit with its evidence",
    "demo": "watch a real server implement a stub, on a small project of its own",
    "doctor": "check every part on this machine and name the fix for what is missing",
    "trust": "allow the code of a folder to run in the sandbox, or no longer",
    "consent": "show, give or withdraw the consent to send code to a model elsewhere",
    "bench": "measure the cascade and its rivals on problem sets, with your own models",
    "calibrate": "fit rates and thresholds to your own models, from what the bench recorded",
    "stats": "money spent, stages that answered, hit rates",
    "cache": "clear the stored plans and solutions",
    "settings": "the settings in force and their origins; the reference; the schema",
}

EXTRA = frozenset({"math_verify", "matplotlib", "numpy", "sympy"})
"""What only the extra `bench` brings."""


class PartMissing(CopeError):  # noqa: N818 -- a state, like the other errors
    """A command needs packages that a plain installation does not bring."""


class Command(Protocol):
    """What every module named in `COMMANDS` offers."""

    def define(self, parser: argparse.ArgumentParser) -> None:
        """Add the command's arguments."""
        ...

    def run(self, arguments: argparse.Namespace) -> int:
        """Do it; returns the exit status. Raises: CopeError."""
        ...


def run(argv: Sequence[str]) -> int:
    """Run one command and return its exit status (`cope_lsp.cli.status`)."""
    try:
        parser = _parser(argv)
        arguments = parser.parse_args(argv)
        if arguments.stdio:
            return _serve(arguments)
        if arguments.command is None:
            parser.print_help(sys.stderr)
            return Status.USAGE
        return _command(arguments.command).run(arguments)
    except KeyboardInterrupt:
        sys.stderr.write("\nInterrupted.\n")
        return Status.INTERRUPTED
    except BrokenPipeError:
        return _without_reader()
    except CopeError as error:
        sys.stderr.write(f"{error}\n")
        return Status.FAILED


def _serve(arguments: argparse.Namespace) -> int:
    from cope_lsp.lsp.server import serve  # noqa: PLC0415 -- pygls is the server's alone

    return serve(arguments.set)


def _command(name: str) -> Command:
    try:
        return cast("Command", import_module(f"cope_lsp.cli.{name}"))
    except ModuleNotFoundError as error:
        if not error.name or error.name.partition(".")[0] not in EXTRA:
            raise
        raise PartMissing(
            f"`cope-lsp {name}` needs {error.name}, which is not installed.",
            fix="Install it with the extra for benchmarks: pip install 'cope-lsp[bench]'",
        ) from error


def _parser(argv: Sequence[str]) -> argparse.ArgumentParser:
    # Only the named command's module is imported, so that `--stdio` pays for none of them.
    parser = argparse.ArgumentParser(prog="cope-lsp", description=cope_lsp.__doc__)
    parser.add_argument("--version", action="version", version=f"cope-lsp {cope_lsp.__version__}")
    parser.add_argument("--stdio", action="store_true", help="serve an editor over stdin and stdout")
    _add_set(parser, [])
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", title="commands")
    for name, purpose in COMMANDS.items():
        command = commands.add_parser(name, help=purpose, description=f"{purpose[0].upper()}{purpose[1:]}.")
        _add_set(command, argparse.SUPPRESS)
        if name in argv:
            _command(name).define(command)
    return parser


def _add_set(parser: argparse.ArgumentParser, default: list[str] | str) -> None:
    parser.add_argument(
        "--set",
        action="append",
        default=default,
        metavar="NAME=VALUE",
        help="a setting for this run, such as small.model=qwen2.5-coder:3b; may be given several times",
    )


def _without_reader() -> int:
    # Whoever read us (`| head`) has gone: say nothing more, also not while Python flushes at exit.
    sys.stdout = None
    return Status.FAILED
