"""The tree of settings. Names and defaults are part of the product; the JSON schema is the reference."""

from __future__ import annotations

import re
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

_VARIABLE = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


def _expand(path: Path) -> Path:
    try:
        return path.expanduser()
    except RuntimeError:
        raise ValueError("Names the home folder of a user who does not exist") from None


def _address(url: str) -> str:
    if not url.startswith(("http://", "https://")):
        raise ValueError("An address must begin with http:// or https://")
    if "@" in url:
        raise ValueError("An address must not carry a user name or password")
    return url


def _variable(name: str) -> str:
    if name and not _VARIABLE.fullmatch(name):
        raise ValueError("Must be the name of an environment variable; the key itself is never a setting")
    return name


Usd = Annotated[float, Field(ge=0, allow_inf_nan=False)]
Seconds = Annotated[float, Field(gt=0, allow_inf_nan=False)]
UserPath = Annotated[Path, AfterValidator(_expand)]
Address = Annotated[str, AfterValidator(_address)]
VariableName = Annotated[str, AfterValidator(_variable)]


class Frozen(BaseModel):
    """A branch of the tree."""

    model_config = ConfigDict(
        frozen=True, extra="forbid", use_attribute_docstrings=True, validate_default=False
    )


class Price(Frozen):
    """US dollars per million tokens."""

    input: Usd
    """Price of a million prompt tokens."""
    cached: Usd | None = None
    """Price of a million cached prompt tokens; the input price when left out."""
    output: Usd
    """Price of a million reply tokens."""


class SmallModel(Frozen):
    """The local model that drafts plans and code."""

    provider: Literal["ollama", "openai", "llama_cpp"] = "ollama"
    """Who runs the model."""
    model: str = "qwen2.5-coder:1.5b"
    """Model name; for `llama_cpp` the path of a GGUF file."""
    base_url: Address = "http://127.0.0.1:11434"
    """Address of the provider; unused by `llama_cpp`."""
    context: int = Field(default=8192, ge=1024)
    """Context window in tokens, the same for every call (a change reloads the model)."""
    api_key_env: VariableName = ""
    """Environment variable that holds the key, for `openai` endpoints that ask for one."""
    price: Price | None = None
    """Price, where the model is not on this machine and no table knows it; 0 is allowed."""
    allow_http: bool = False
    """Whether plain http to a host other than this machine is allowed."""


class LargeModel(Frozen):
    """The large model, paid only when the small one failed or, if wished, is not sure enough."""

    provider: Literal["openai", "ollama"] = "openai"
    """Which protocol the model speaks."""
    model: str | None = None
    """Model name; must be chosen, none means that no large model is ever called."""
    when: Literal["failed", "unsure"] = "failed"
    """What is paid for: `failed` code alone, or `unsure` code too, which passes but not convincingly."""
    base_url: Address | None = None
    """Endpoint; the provider's own when left out."""
    api_key_env: VariableName = "OPENAI_API_KEY"
    """Environment variable that holds the key; the key itself is never a setting."""
    context: int = Field(default=32768, ge=1024)
    """Context window in tokens."""
    price: Price | None = None
    """Price, for gateways and deployments that no table knows; 0 is allowed."""
    allow_http: bool = False
    """Whether plain http to a host other than this machine is allowed."""


class Worth(Frozen):
    """What outcomes are worth, in US dollars; decides when a large model pays off."""

    wrong_edit_usd: Usd = 2.0
    """Loss of an accepted edit that is wrong."""
    no_answer_usd: Usd = 0.2
    """Loss of getting no answer."""
    second_usd: Usd = 0.005
    """Price of a second of waiting."""


class Budget(Frozen):
    """Caps on money; what could pass a cap is refused before the call."""

    per_request_usd: Usd = 0.05
    """Most that one request may cost."""
    per_day_usd: Usd = 1.0
    """Most that any 24 hours may cost, over all servers of the user."""


class Tests(Frozen):
    """How a project's tests are run."""

    command: tuple[str, ...] = ()
    """Command that runs tests, instead of the one found; test ids are appended."""
    timeout_s: Seconds = 20.0
    """Seconds after which a test run is stopped."""
    build_timeout_s: Seconds = 180.0
    """Seconds after which a build for a test run is stopped."""
    expose: tuple[str, ...] = ()
    """Ignored or denied files (globs) that tests may read all the same."""


class Python(Frozen):
    """Python projects."""

    interpreter: UserPath | None = None
    """The project's interpreter; default: the workspace's `.venv`, then the client's, then PATH."""


class Cache(Frozen):
    """The store of plans and accepted solutions."""

    directory: UserPath | None = None
    """Where it lives; default: the user's cache folder."""
    size_mb: int = Field(default=256, ge=1)
    """Bound on its size."""
    shared: bool = False
    """Whether workspaces share plans."""


class Network(Frozen):
    """One proxy and one certificate bundle for every provider."""

    proxy: str | None = None
    """Proxy for remote endpoints."""
    ca_bundle: UserPath | None = None
    """File with additional certificate authorities."""


class Preset(StrEnum):
    """Which cascade runs."""

    DEFAULT = "default"
    PAPER = "paper"
    LOCAL = "local"


class Cloud(StrEnum):
    """Whether calls may leave this machine."""

    ASK = "ask"
    ALLOW = "allow"
    NEVER = "never"


class Sandbox(StrEnum):
    """Whether untrusted code needs isolation to run."""

    REQUIRED = "required"
    OFF = "off"


class Settings(Frozen):
    """All settings."""

    small: SmallModel = SmallModel()
    large: LargeModel = LargeModel()
    stages: Preset = Preset.DEFAULT
    """Which cascade runs: `default`, `paper` (arXiv 2506.11578) or `local` (never leaves the machine)."""
    samples: int = Field(default=8, ge=1, le=64)
    """Most candidates that a stage draws."""
    deadline_s: Seconds = 30.0
    """Seconds until a request's best candidate so far is offered."""
    worth: Worth = Worth()
    calibration: UserPath | None = None
    """File that `cope-lsp calibrate --out` wrote: your own models' chances and prices."""
    cloud: Cloud = Cloud.ASK
    """Whether calls may leave this machine: `ask`, `allow` or `never`."""
    budget: Budget = Budget()
    tests: Tests = Tests()
    python: Python = Python()
    sandbox: Sandbox = Sandbox.REQUIRED
    """Whether tests and model code need isolation to run; `off` never applies an edit by itself."""
    auto_apply: bool = False
    """Whether a verified edit without a capability flag is applied unasked in clients without preview."""
    ignore: tuple[str, ...] = ()
    """More files (git-ignore patterns) that never reach a model or a sandbox."""
    cache: Cache = Cache()
    network: Network = Network()
