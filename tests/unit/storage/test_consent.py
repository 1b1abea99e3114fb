"""What the user allowed."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from cope_lsp.storage.consent import Choice, Decisions, Destination, TrustRefused

API = Destination("api.example", "large", "$1 in, $2 out")


@pytest.fixture
def decisions(tmp_path: Path) -> Decisions:
    """No decisions yet."""
    return Decisions(tmp_path / "state" / "decisions.json")


def folder(path: Path) -> Path:
    """A new folder."""
    path.mkdir(parents=True)
    return path


async def test_nothing_is_trusted_before_it_is(decisions: Decisions, tmp_path: Path) -> None:
    """Nor is a folder that is not there."""
    assert not await decisions.is_trusted(tmp_path)
    assert not await decisions.is_trusted(tmp_path / "none")


async def test_trust_holds_for_what_lies_below(decisions: Decisions, tmp_path: Path) -> None:
    """And not for what lies above or beside."""
    project = folder(tmp_path / "project")
    await decisions.trust(project)
    assert await decisions.is_trusted(folder(project / "packages" / "one"))
    assert not await decisions.is_trusted(tmp_path)
    assert not await decisions.is_trusted(folder(tmp_path / "project2"))
    assert await decisions.trusted() == (project.resolve(),)


async def test_trust_does_not_pass_into_another_repository(decisions: Decisions, tmp_path: Path) -> None:
    """A clone below a trusted folder is somebody else's code; so is a submodule, whose `.git` is a file."""
    code = folder(tmp_path / "code")
    await decisions.trust(code)
    clone = folder(code / "clone")
    folder(clone / ".git")
    submodule = folder(code / "module")
    (submodule / ".git").touch()
    for stranger in (clone, folder(clone / "src"), submodule):
        assert not await decisions.is_trusted(stranger)
    await decisions.trust(clone)
    assert await decisions.is_trusted(clone / "src")


async def test_trust_is_by_real_path(decisions: Decisions, tmp_path: Path) -> None:
    """A link to a trusted folder is that folder; a link in a trusted folder is what it names."""
    project, stranger = folder(tmp_path / "project"), folder(tmp_path / "stranger")
    (tmp_path / "link").symlink_to(project)
    (project / "inside").symlink_to(stranger)
    await decisions.trust(tmp_path / "link")
    assert await decisions.is_trusted(project)
    assert not await decisions.is_trusted(project / "inside")


async def test_the_nearest_decision_counts(decisions: Decisions, tmp_path: Path) -> None:
    """A folder below a trusted one can be taken out, and stays out."""
    project = folder(tmp_path / "project")
    part = folder(project / "vendored")
    await decisions.trust(project)
    await decisions.untrust(part)
    assert await decisions.is_trusted(project)
    assert not await decisions.is_trusted(part)


async def test_untrusting_takes_back_what_lies_below(decisions: Decisions, tmp_path: Path) -> None:
    """Otherwise a folder that nobody remembers would stay trusted."""
    part = folder(tmp_path / "project" / "part")
    await decisions.trust(part)
    await decisions.untrust(tmp_path / "project")
    assert not await decisions.is_trusted(part)
    assert await decisions.trusted() == ()


async def test_a_folder_that_holds_the_home_folder_cannot_be_trusted(decisions: Decisions) -> None:
    """It holds more than one project, and downloads."""
    for path in (Path.home(), Path.home().parent, Path("/")):
        with pytest.raises(TrustRefused):
            await decisions.trust(path)


async def test_a_file_cannot_be_trusted(decisions: Decisions, tmp_path: Path) -> None:
    """Trust is for folders."""
    (tmp_path / "file").touch()
    with pytest.raises(TrustRefused):
        await decisions.trust(tmp_path / "file")


async def test_another_price_is_another_question(decisions: Decisions) -> None:
    """So are another host and another model."""
    await decisions.choose(API, Choice.ALWAYS)
    assert await decisions.choice(API) is Choice.ALWAYS
    for other in (
        Destination("other.example", API.model, API.price),
        Destination(API.host, "larger", API.price),
        Destination(API.host, API.model, "$10 in, $20 out"),
    ):
        assert await decisions.choice(other) is None


async def test_a_new_choice_replaces_the_old(decisions: Decisions) -> None:
    """And a host's choices can be withdrawn."""
    await decisions.choose(API, Choice.ALWAYS)
    await decisions.choose(API, Choice.NEVER)
    assert await decisions.choices() == ((API, Choice.NEVER),)
    assert await decisions.withdraw("other.example") == 0
    assert await decisions.withdraw(API.host) == 1
    assert await decisions.choice(API) is None


async def test_a_test_command_is_approved_as_it_stands(decisions: Decisions, tmp_path: Path) -> None:
    """For its project, until it changes."""
    await decisions.approve(tmp_path, "hash")
    assert await decisions.is_approved(tmp_path, "hash")
    assert not await decisions.is_approved(tmp_path, "other")
    assert not await decisions.is_approved(tmp_path / "other", "hash")
    await decisions.approve(tmp_path, "other")
    assert not await decisions.is_approved(tmp_path, "hash")


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"not json",
        b"[]",
        b"{}",
        b'{"version": 2, "trust": {"/": true}, "choices": [], "commands": {}}',
        b'{"version": [], "trust": {"/": true}, "choices": [], "commands": {}}',
        b'{"version": 1, "trust": ["/"], "choices": [], "commands": {}}',
        b'{"version": 1, "trust": {"/": "yes"}, "choices": [], "commands": {}}',
        b'{"version": 1, "trust": {"/": true}, "choices": [{}], "commands": {}}',
    ],
)
async def test_an_unreadable_file_allows_nothing(
    decisions: Decisions, tmp_path: Path, content: bytes
) -> None:
    """And is moved aside when something new is decided."""
    decisions.file.parent.mkdir(mode=0o700)
    decisions.file.write_bytes(content)
    assert not await decisions.is_trusted(tmp_path)
    assert await decisions.choice(API) is None
    await decisions.trust(tmp_path)
    assert await decisions.is_trusted(tmp_path)


async def test_the_file_is_for_the_user_alone(decisions: Decisions, tmp_path: Path) -> None:
    """Mode 0600 in a folder of mode 0700."""
    await decisions.trust(tmp_path)
    assert decisions.file.stat().st_mode & 0o777 == 0o600
    assert decisions.file.parent.stat().st_mode & 0o777 == 0o700


TRUST_MANY = """
import sys, anyio
from pathlib import Path
from cope_lsp.storage.consent import Decisions

async def main(file, folder, name):
    for number in range(60):
        path = Path(folder) / f"{name}{number}"
        path.mkdir()
        await Decisions(Path(file)).trust(path)

anyio.run(main, *sys.argv[1:])
"""


def test_no_decision_of_two_servers_is_lost(decisions: Decisions, tmp_path: Path) -> None:
    """Four servers decide at once."""
    command = [sys.executable, "-c", TRUST_MANY, str(decisions.file), str(tmp_path)]
    servers = [subprocess.Popen([*command, name]) for name in "abcd"]
    assert [server.wait() for server in servers] == [0] * 4
    assert decisions.file.read_text().count("true") == 240
