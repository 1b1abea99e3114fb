"""Where settings are read from."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cope_lsp.settings import (
    Cloud,
    Origin,
    command_line_layer,
    config_file,
    load,
    parse,
    policy_file,
    policy_layer,
    user_layer,
)

if TYPE_CHECKING:
    from pathlib import Path

    import pytest


def test_the_users_file_is_toml(tmp_path: Path) -> None:
    """Its tables are the tree's branches, and `~` is the home folder."""
    file = tmp_path / "config.toml"
    file.write_text('samples = 3\n[large]\nmodel = "m"\n[cache]\ndirectory = "~/plans"\n')
    settings = parse([user_layer(file)]).settings
    assert (settings.samples, settings.large.model) == (3, "m")
    assert settings.cache.directory is not None
    assert settings.cache.directory.is_absolute()


def test_a_missing_file_is_no_problem(tmp_path: Path) -> None:
    """Most users have none."""
    assert not parse([user_layer(tmp_path / "none.toml"), policy_layer(tmp_path / "none.toml")]).problems


def test_a_broken_file_is_reported_with_its_path(tmp_path: Path) -> None:
    """Wrong TOML and wrong bytes are problems of the file as a whole."""
    for content in (b"samples = ", b"\xff\xfe"):
        file = tmp_path / "config.toml"
        file.write_bytes(content)
        (problem,) = parse([user_layer(file)]).problems
        assert str(file) in str(problem)


def test_a_policy_that_cannot_be_read_forbids_the_cloud(tmp_path: Path) -> None:
    """An administrator's broken file must not open what it was to close."""
    file = tmp_path / "policy.toml"
    file.write_text("cloud = ")
    parsed = parse([command_line_layer(["cloud=allow"]), policy_layer(file)])
    assert parsed.settings.cloud is Cloud.NEVER
    assert parsed.sources["cloud"].origin is Origin.POLICY


def test_values_on_the_command_line_are_json_or_plain_text() -> None:
    """A model's name needs no quotes; lists, numbers and booleans are JSON."""
    pairs = ["large.model=gpt=5", "samples=3", 'ignore=["a", "b"]', "cache.shared=true", 'small.model="1.5"']
    settings = parse([command_line_layer(pairs)]).settings
    assert (settings.large.model, settings.samples, settings.ignore) == ("gpt=5", 3, ("a", "b"))
    assert (settings.cache.shared, settings.small.model) == (True, "1.5")


def test_a_pair_without_a_value_is_a_problem() -> None:
    """It is named, and the other pairs hold."""
    parsed = parse([command_line_layer(["samples", "deadline_s=4"])])
    assert [problem.field for problem in parsed.problems] == ["samples"]
    assert parsed.settings.deadline_s == 4


def test_one_variable_moves_the_users_file_and_none_the_policy(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`COPE_HOME` is the user's to set, and a policy binds the user."""
    monkeypatch.setenv("COPE_HOME", str(tmp_path))
    monkeypatch.setenv("XDG_CONFIG_DIRS", str(tmp_path))
    assert config_file() == tmp_path / "config" / "config.toml"
    assert not policy_file().is_relative_to(tmp_path)


def test_load_reads_file_and_command_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What a server does at its start; refusals name the user's real file."""
    monkeypatch.setenv("COPE_HOME", str(tmp_path))
    config_file().parent.mkdir()
    config_file().write_text("samples = 3\ndeadline_s = 9\n")
    parsed = load(["samples=5"])
    assert (parsed.settings.samples, parsed.settings.deadline_s) == (5, 9)
