"""What a sandboxed test does not see, and what it must."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from cope_lsp.workspace.ignoring import ignore_rules
from cope_lsp.workspace.masking import masked_paths

if TYPE_CHECKING:
    from pathlib import Path

FILES = {
    "app.py": "",
    ".env": "A=1",
    "deploy/id_rsa": "key",
    "certs/a.pem": "cert",
    "certs/b.key": "key",
    ".venv/pyvenv.cfg": "",
    ".venv/lib/certifi/cacert.pem": "bundle",
    "odd-environment/pyvenv.cfg": "",
    "odd-environment/cacert.pem": "bundle",
    "node_modules/x/test.pem": "fixture",
    "pkg/_version.py": "version = 1",
    "pkg/fast.so": "\x7fELF",
    "pkg/local_settings.py": 'PASSWORD = "hunter2x"',
    "pkg/__pycache__/a.pyc": "",
    "dumps/one.sql": "",
    "dumps/deep/two.sql": "",
    "notes/idea.md": "",
    ".git/HEAD": "ref",
    ".git/config": "[remote]",
    ".gitignore": ".venv/\nodd-environment/\n_version.py\n*.so\nlocal_settings.py\ndumps/\n__pycache__/\n",
    ".copeignore": "notes/\n",
}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A project as one finds them."""
    for name, text in FILES.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    return tmp_path


def test_secrets_and_ignored_data_are_masked_and_what_tests_need_is_not(root: Path) -> None:
    """Folders with nothing else in them are masked whole; environments and generated modules stay."""
    assert masked_paths(ignore_rules(root)) == (
        ".env",
        ".git/config",
        "certs",
        "deploy",
        "dumps",
        "notes",
        "pkg/local_settings.py",
    )


def test_what_is_exposed_is_not_masked(root: Path) -> None:
    """`tests.expose` is the user's own word for it."""
    masked = masked_paths(ignore_rules(root), ["certs/*.pem", "dumps/"])
    assert "certs/b.key" in masked
    assert not any(path.startswith(("certs/a", "dumps")) or path == "certs" for path in masked)


def test_the_users_own_patterns_mask_code_too(root: Path) -> None:
    """The setting `ignore` says what no sandbox sees."""
    assert "app.py" in masked_paths(ignore_rules(root, ["/app.py"]))


def test_links_are_not_followed(root: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    """A link to a folder is one entry, also when it leads out or around in a circle."""
    outside = tmp_path_factory.mktemp("outside")
    (outside / "x.pem").touch()
    (root / "outside").symlink_to(outside)
    (root / "pkg" / "around").symlink_to(root)
    assert not any("outside" in path or "around" in path for path in masked_paths(ignore_rules(root)))


def test_a_huge_project_hides_more_and_never_less(root: Path) -> None:
    """What is ignored is hidden whole once too much was seen; secrets are found to the end."""
    (root / "zone").mkdir()
    (root / "zone" / ".env").touch()
    (root / ".gitignore").write_text("pkg/\n")
    masked = masked_paths(ignore_rules(root), (), 3)
    assert "pkg" in masked
    assert {".env", "zone"} <= set(masked)


def test_an_empty_project_masks_nothing(tmp_path: Path) -> None:
    """Nor does one that is not there."""
    assert masked_paths(ignore_rules(tmp_path)) == ()
    assert masked_paths(ignore_rules(tmp_path / "none")) == ()
