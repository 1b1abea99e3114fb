"""What a job sees of a project, and that nothing it or bubblewrap does reaches the host's files."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import anyio
import pytest

from cope_lsp.sandbox.isolation import UNISOLATED, Isolation, Projection
from cope_lsp.sandbox.job import CannotIsolate, Job, View
from cope_lsp.sandbox.prepare import sweep
from cope_lsp.sandbox.run import run, run_exactly
from tests.sandbox.box import NAMESPACES, Place, python, shell

COPY = replace(NAMESPACES, projection=Projection.COPY)

every_view = pytest.mark.parametrize(
    "isolation", [NAMESPACES, COPY, UNISOLATED], ids=["overlay", "copy", "none"]
)


async def output(isolation: Isolation, script: str, view: View) -> str:
    """What a script prints, run with exactly this view."""
    finished = await run_exactly(shell(script, view), isolation)
    return finished.stdout.decode()


def tree(folder: Path) -> dict[str, bytes | str]:
    """Every file and link below a folder."""
    return {
        str(path.relative_to(folder)): str(path.readlink()) if path.is_symlink() else path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_symlink() or path.is_file()
    }


@every_view
async def test_the_layer_lies_over_the_files(place: Place, isolation: Isolation) -> None:
    """Texts of the layer replace files, add them, and make their folders; the rest is the disk's."""
    (place.project / "a.py").write_text("old")
    (place.project / "b.py").write_text("kept")
    view = View(place.project, {"a.py": b"new", "c/d/e.py": b"added"})
    assert await output(isolation, "cat a.py b.py c/d/e.py", view) == "newkeptadded"
    assert tree(place.project) == {"a.py": b"old", "b.py": b"kept"}


@every_view
async def test_writes_vanish(place: Place, isolation: Isolation) -> None:
    """A job changes, removes and adds files as it likes; the project on disk stays as it was."""
    (place.project / "a.py").write_text("old")
    script = "echo x >a.py; echo y >b.py; mkdir c; cat a.py b.py; rm a.py; ls"
    assert await output(isolation, script, View(place.project)) == "x\ny\nb.py\nc\n"
    assert tree(place.project) == {"a.py": b"old"}


@every_view
async def test_masked_files_are_not_there(place: Place, isolation: Isolation) -> None:
    """A masked file or folder does not exist, whatever the layer says, and stays readable when unmasked."""
    (place.project / ".env").write_text("secret")
    (place.project / "keys").mkdir()
    (place.project / "keys" / "id").write_text("secret")
    script = "cat .env keys/id; ls -A"
    masked = View(place.project, {".env": b"secret in the editor"}, (".env", "keys"))
    assert await output(isolation, script, masked) == ""
    assert "secretsecret" in await output(isolation, script, View(place.project))


@every_view
async def test_masking_a_link_hides_what_it_names(place: Place, isolation: Isolation) -> None:
    """A denied name that is a link hides its target in the project too."""
    (place.project / "config").write_text("secret")
    (place.project / ".env").symlink_to("config")
    view = View(place.project, masked=(".env",))
    assert await output(isolation, "cat config .env; ls -A", view) == ""


@every_view
async def test_a_readable_environment_in_a_masked_folder_stays(place: Place, isolation: Isolation) -> None:
    """A virtual environment below an ignored folder is there, and the rest of that folder is not."""
    for name in ("build/venv/bin/tool", "build/secret", "build/venv/.env"):
        (place.project / name).parent.mkdir(parents=True, exist_ok=True)
        (place.project / name).write_text("x")
    view = View(place.project, masked=("build", "build/venv/.env"))
    script = "find build -type f"
    job = replace(shell(script, view), readable=(place.project / "build" / "venv",))
    assert (await run_exactly(job, isolation)).stdout == b"build/venv/bin/tool\n"


@every_view
async def test_a_text_under_a_link_goes_where_the_link_leads(place: Place, isolation: Isolation) -> None:
    """An unsaved file below a linked folder of the project changes the real folder, which keeps its files."""
    (place.project / "src").mkdir()
    (place.project / "src" / "a.py").write_text("a")
    (place.project / "src" / "b.py").write_text("b")
    (place.project / "link").symlink_to("src")
    view = View(place.project, {"link/a.py": b"new"})
    assert await output(isolation, "cat src/a.py link/a.py link/b.py", view) == "newnewb"


@every_view
async def test_planted_links_lead_nowhere(place: Place, isolation: Isolation) -> None:
    """Links to the outside neither show it nor let our own layer be written through them."""
    outside = place.home / "outside"
    outside.mkdir()
    (outside / "secret").write_text("secret")
    (place.project / "planted").symlink_to(outside)
    (place.project / "direct").symlink_to(outside / "secret")
    view = View(place.project, {"planted/laid.py": b"laid", "direct": b"text"}, ("planted/secret",))
    assert await output(isolation, "cat planted/laid.py direct; cat planted/secret", view) == "laidtext"
    assert tree(outside) == {"secret": b"secret"}
    assert (place.project / "planted").is_symlink()


@pytest.mark.parametrize("projection", list(Projection))
async def test_links_of_the_project_do_not_reach_outside(place: Place, projection: Projection) -> None:
    """Reading through a planted link finds nothing, with either view."""
    (place.home / "secret").write_text("secret")
    (place.project / "direct").symlink_to(place.home / "secret")
    (place.project / "folder").symlink_to(place.home)
    isolation = replace(NAMESPACES, projection=projection)
    assert await output(isolation, "cat direct folder/secret", View(place.project)) == ""


def test_bubblewrap_alone_would_follow_a_planted_link(place: Place) -> None:
    """Why bubblewrap is given nothing to create below a project: it follows the project's links outside.

    A bubblewrap that carries the fix refuses to start instead; either way there would be no run.
    """
    outside = place.home / "outside"
    outside.mkdir()
    (place.project / "planted").symlink_to(outside)
    source = place.home / "source"
    source.write_text("written by bubblewrap")
    naive = ("--bind", place.project, place.project, "--ro-bind", source, place.project / "planted" / "new")
    finished = subprocess.run(
        [NAMESPACES.program, "--ro-bind", "/usr", "/usr", *naive, "/usr/bin/true"],
        check=False,
        capture_output=True,
    )
    assert (outside / "new").exists() or finished.returncode != 0


@every_view
@pytest.mark.parametrize("name", ["../outside.py", "/etc/passwd", "a/../../b", "."])
async def test_paths_outside_the_project_are_refused(place: Place, isolation: Isolation, name: str) -> None:
    """A layer or a mask that names something outside the project is an error, not a silent hole."""
    with pytest.raises(CannotIsolate, match="no path below the project"):
        await run(shell("true", View(place.project, {name: b""})), isolation)
    with pytest.raises(CannotIsolate, match="no path below the project"):
        await run(shell("true", View(place.project, masked=(name,))), isolation)


@pytest.mark.parametrize("folder", [Path("/"), Path("/usr"), Path("/proc"), Path("/tmp"), Path.home()])  # noqa: S108 -- to be refused
async def test_too_much_is_never_a_project(folder: Path) -> None:
    """The home folder, or one that holds it, and the system's own folders are refused."""
    with pytest.raises(CannotIsolate):
        await run(shell("true", View(folder)), NAMESPACES)


async def test_too_much_is_never_readable(place: Place) -> None:
    """A readable path that holds the project or the home folder is refused with its name."""
    for path in (place.home, place.home.parent):
        job = replace(shell("true", View(place.project)), readable=(path,))
        with pytest.raises(CannotIsolate, match=str(path)):
            await run(job, NAMESPACES)


async def test_the_project_is_at_its_own_path(place: Place) -> None:
    """The working folder is the project's real path, also when it was opened through a link."""
    (place.home / "link").symlink_to(place.project)
    view = View(place.home / "link")
    listed = await output(NAMESPACES, f"pwd; ls -d {place.home}/*", view)
    assert listed.split() == [str(place.project), str(place.home / "link"), str(place.project)]


@pytest.mark.parametrize("projection", list(Projection))
async def test_sockets_and_pipes_in_the_project_do_not_reach_the_host(
    place: Place, projection: Projection, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A development server's socket in the project refuses, and a pipe there is another one."""
    monkeypatch.chdir(place.project)
    os.mkfifo("pipe")
    with socket.socket(socket.AF_UNIX) as server:
        server.bind("socket")
        server.listen()
        code = (
            "import socket\ntry:\n    socket.socket(socket.AF_UNIX).connect('socket')\n    print('escaped')\n"
            "except OSError as e:\n    print(e)\n"
        )
        isolation = replace(NAMESPACES, projection=projection)
        assert b"escaped" not in (await run_exactly(python(code, place), isolation)).stdout
    reader = os.open("pipe", os.O_RDONLY | os.O_NONBLOCK)
    try:
        await run_exactly(shell("echo escaped 1<>pipe >&1", View(place.project)), isolation)
        assert os.read(reader, 99) == b""
    finally:
        os.close(reader)


async def test_a_project_with_a_volume_inside_is_copied(place: Place, tmp_path: Path) -> None:
    """An overlay would show an empty folder where a container mounted a volume, so the view is a copy."""
    (tmp_path / "package").write_text("from the volume")
    (place.project / "volume").mkdir()
    script = 'mount --bind "$1" "$2/volume" && exec "$3" -c "$4" "$2"'
    code = (
        "import anyio, sys\nfrom pathlib import Path\nfrom cope_lsp.sandbox.job import View\n"
        "from cope_lsp.sandbox.run import run\nfrom tests.sandbox.box import NAMESPACES, shell\n"
        "print(anyio.run(run, shell('cat volume/package', View(Path(sys.argv[1]))), NAMESPACES).stdout)\n"
    )
    arguments = (tmp_path, place.project, sys.executable, code)
    finished = await anyio.run_process(
        ("unshare", "--user", "--map-root-user", "--mount", "sh", "-c", script, "sh", *map(str, arguments)),
        cwd=Path(__file__).parents[2],
    )
    assert finished.stdout == b"b'from the volume'\n", finished.stderr


async def test_a_run_leaves_no_files_behind(
    place: Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The private folder of a run is gone after it, even where the job took its permissions away."""
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    script = "mkdir -p a/b $(printf 'd/%.0s' $(seq 1100)); touch a/b/c; chmod 0 a/b a"
    for isolation in (NAMESPACES, COPY, UNISOLATED):
        await run(Job(("/bin/sh", "-c", script), View(place.project)), isolation)
    assert tree(tmp_path) == {}


def test_what_a_killed_server_left_is_swept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A day-old private folder is removed; a fresh one, and a link of that name, are left alone."""
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    old, fresh, link = (tmp_path / f"cope-run-{name}" for name in ("old", "fresh", "link"))
    (old / "project").mkdir(parents=True)
    fresh.mkdir()
    link.symlink_to(fresh)
    os.utime(old, (0, 0))
    os.utime(link, (0, 0), follow_symlinks=False)
    sweep()
    assert sorted(tmp_path.iterdir()) == [fresh, link]
