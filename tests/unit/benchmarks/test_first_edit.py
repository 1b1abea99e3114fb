"""The walk to the first edit: it types what the product's own pages and programs say."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from benchmarks.first_edit.root import CannotMakeRootError, debootstrap_command
from benchmarks.first_edit.routes import (
    LINK,
    ROUTES,
    WEIGHTS,
    by_checkout,
    by_demo,
    by_extension,
    by_extension_with_uv,
)
from cope_lsp.settings import load

ROOT = Path(__file__).parents[3]
INSTALLATION = ROOT / "editors" / "vscode" / "src" / "pure" / "installation.ts"
WHEEL = "cope_lsp-0.1.0-py3-none-any.whl"


def test_the_extensions_routes_type_what_the_extension_runs() -> None:
    """Every fixed run of words of a step in its source stands in a line."""
    steps = re.findall(r"step\(\s*[\w.]+,\s*\[([^\]]+)\]", INSTALLATION.read_text("utf-8"))
    assert len(steps) == 4
    routes = (by_extension, by_extension_with_uv)
    lines = "\n".join(step.line for route in routes for step in route(WEIGHTS["qwen"], WHEEL))
    for step in steps:
        assert " ".join(re.findall(r"'([^']+)'", step)) in lines


def test_the_checkouts_routes_type_what_the_readme_says() -> None:
    """Its line for PATH works on a bare system, and it names every Debian package that is needed."""
    readme = (ROOT / "README.md").read_text("utf-8")
    assert f"\n{LINK}\n" in readme
    assert "\nmake setup " in readme
    assert "\nmake demo " in readme
    for route in (by_checkout, by_demo):
        packages = route(WEIGHTS["qwen"], WHEEL)[0].name.removeprefix("apt install ").split()
        assert all(re.search(rf"\b{package}\b", readme) for package in packages)


@pytest.mark.parametrize("route", [name for name in ROUTES if name != "demo"])
def test_every_route_trusts_the_project_and_ends_in_a_written_edit(route: str) -> None:
    """Without trust nothing runs; without --write nothing is edited."""
    steps = ROUTES[route](WEIGHTS["qwen"], WHEEL)
    assert " trust ." in steps[-3].line
    assert re.search(r" solve leap\.py:is_leap_year --write$", steps[-1].line)
    assert steps[-1].fine == (0,)


@pytest.mark.parametrize("weights", WEIGHTS)
def test_what_is_set_for_a_model_are_settings(weights: str) -> None:
    """A misspelt one would be passed over with a message, and the figures be those of other settings."""
    assert load(WEIGHTS[weights].settings).problems == ()


def test_ubuntus_root_has_the_component_that_venvs_come_from() -> None:
    """And its mirror has to be named, since this machine's apt may only know Debian's."""
    command = debootstrap_command("noble", "http://mirror.example/ubuntu", Path("/r"))
    assert "--components=main,universe" in command
    assert command[-4:-1] == ["noble", "/r", "http://mirror.example/ubuntu"]
    with pytest.raises(CannotMakeRootError, match="name its mirror with --mirror"):
        debootstrap_command("noble", None, Path("/r"))
    assert debootstrap_command("trixie", None, Path("/r"))[-2:] == ["trixie", "/r"]


def test_the_default_model_needs_nothing_set() -> None:
    """What is measured with it is the product as it comes."""
    assert WEIGHTS["qwen"].settings == ()
    assert WEIGHTS["qwen"].name == load(()).settings.small.model
