"""Who may set what, and what is said when they may not."""

from __future__ import annotations

import math

import pytest

from cope_lsp.settings import (
    Cloud,
    Layer,
    Origin,
    Parsed,
    Preset,
    Price,
    Sandbox,
    Settings,
    Source,
    command_line_layer,
    editor_layer,
    parse,
)

SECRET = "sk-live-0123456789abcdef"  # noqa: S105 -- what must not be repeated


def user(raw: object) -> Layer:
    """The user's own file."""
    return Layer(Source(Origin.USER, "config.toml"), raw)


def policy(raw: object) -> Layer:
    """An administrator's policy."""
    return Layer(Source(Origin.POLICY, "policy.toml"), raw)


def problems(parsed: Parsed) -> dict[str, str]:
    """Problems by field."""
    return {problem.field: problem.message for problem in parsed.problems}


def test_nothing_given_is_the_defaults() -> None:
    """Without layers, and with every spelling of an empty table, the defaults hold and nothing is wrong."""
    spellings: tuple[object, ...] = ({}, [], None)
    for raw in spellings:
        parsed = parse([editor_layer(raw), user(raw)])
        assert parsed.settings == Settings()
        assert not parsed.problems


def test_an_empty_lua_table_stands_for_an_empty_branch() -> None:
    """`{}` arrives from Lua as `[]`, at any depth."""
    parsed = parse([editor_layer({"budget": [], "tests": [], "samples": 4})])
    assert parsed.settings.samples == 4
    assert not parsed.problems


def test_a_stronger_layer_wins_field_by_field() -> None:
    """The command line overrides one field of the user's file and leaves its neighbour."""
    parsed = parse(
        [
            command_line_layer(["small.model=llama"]),
            user({"small": {"model": "qwen", "context": 4096}}),
        ]
    )
    assert (parsed.settings.small.model, parsed.settings.small.context) == ("llama", 4096)
    assert parsed.sources["small.model"].origin is Origin.COMMAND_LINE
    assert parsed.sources["small.context"] == Source(Origin.USER, "config.toml")
    assert parsed.sources["samples"].origin is Origin.DEFAULT


def test_a_bad_field_is_named_and_the_rest_kept() -> None:
    """One wrong value takes no other value with it."""
    parsed = parse(
        [user({"samples": "many", "deadline_s": 5, "budget": {"per_day_usd": -1}, "cloud": "maybe"})]
    )
    assert parsed.settings.deadline_s == 5
    assert parsed.settings.samples == Settings().samples
    assert set(problems(parsed)) == {"samples", "budget.per_day_usd", "cloud"}
    assert "'ask'" in problems(parsed)["cloud"]


def test_an_unknown_key_is_ignored_and_the_likely_one_named() -> None:
    """A misspelt key does nothing, and its problem says what was probably meant."""
    parsed = parse([user({"sampels": 4, "budget": {"per_dai_usd": 1}, "samples": 5})])
    assert parsed.settings.samples == 5
    assert "`samples`" in problems(parsed)["sampels"]
    assert "`budget.per_day_usd`" in problems(parsed)["budget.per_dai_usd"]


@pytest.mark.parametrize("raw", ["text", 7, True, {"budget": 3}, {"small": "qwen"}])
def test_what_is_no_table_is_a_problem_and_no_crash(raw: object) -> None:
    """Any JSON value may arrive."""
    parsed = parse([editor_layer(raw)])
    assert parsed.settings == Settings()
    assert len(parsed.problems) == 1


def test_keys_may_be_dotted() -> None:
    """Neovim and the command line write `budget.per_day_usd`."""
    assert parse([editor_layer({"budget.per_day_usd": 0.5})]).settings.budget.per_day_usd == 0.5


def test_a_price_can_be_put_together_from_several_places() -> None:
    """`large.price` is one setting whose parts may come from the file and from the command line."""
    parsed = parse(
        [
            user({"large": {"price": {"input": 1, "output": 2}}}),
            command_line_layer(["large.price.output=9", "large.price.cached=0"]),
        ]
    )
    assert parsed.settings.large.price == Price(input=1, cached=0, output=9)


def test_half_a_price_is_no_price() -> None:
    """Without the output price, the field is refused by its full name."""
    parsed = parse([user({"large": {"price": {"input": 1}, "model": "m"}})])
    assert parsed.settings.large.price is None
    assert parsed.settings.large.model == "m"
    assert set(problems(parsed)) == {"large.price.output"}


def test_an_unknown_key_beside_a_price_leaves_the_price() -> None:
    """It is named and ignored, as everywhere."""
    parsed = parse([user({"large": {"price": {"input": 1, "output": 2, "reasoning": 3}}})])
    assert parsed.settings.large.price == Price(input=1, output=2)
    assert set(problems(parsed)) == {"large.price.reasoning"}


@pytest.mark.parametrize("value", [math.nan, math.inf, -0.01])
def test_a_cap_is_a_finite_amount(value: float) -> None:
    """NaN compares false with every sum and would be no cap at all."""
    parsed = parse([user({"budget": {"per_day_usd": value}})])
    assert parsed.settings.budget.per_day_usd == Settings().budget.per_day_usd
    assert set(problems(parsed)) == {"budget.per_day_usd"}


@pytest.mark.parametrize(
    "raw",
    [
        {"large": {"api_key_env": SECRET}},
        {"large": {"api_key": SECRET}},
        {"large": {"base_url": f"https://user:{SECRET}@host"}},
        {"samples": SECRET},
        {"large": {"price": {"input": SECRET, "output": 1}}},
        {"network": {"proxy": [SECRET]}},
    ],
)
def test_a_key_in_the_wrong_place_is_refused_and_not_repeated(raw: object) -> None:
    """Problems go to logs and screens, so none of them shows a text that was given."""
    parsed = parse([user(raw)])
    assert parsed.problems
    assert not any(SECRET in str(problem) for problem in parsed.problems)
    assert SECRET not in parsed.settings.model_dump_json()


@pytest.mark.parametrize("url", ["ftp://host", "host:11434", "https://me:word@host", ""])
def test_an_address_is_http_and_holds_no_password(url: str) -> None:
    """`host:11434` without a scheme would be taken for something else."""
    assert set(problems(parse([user({"small": {"base_url": url}})]))) == {"small.base_url"}


def test_the_home_folder_of_nobody_is_a_problem() -> None:
    """Not a crash."""
    assert set(problems(parse([user({"cache": {"directory": "~no-such-user/x"}})]))) == {"cache.directory"}


def test_the_editor_may_tighten() -> None:
    """Each rule in its own direction."""
    tighter = {
        "cloud": "never",
        "stages": "local",
        "samples": 2,
        "deadline_s": 5,
        "budget": {"per_request_usd": 0, "per_day_usd": 0.1},
        "tests": {"timeout_s": 1},
        "ignore": ["data/"],
        "cache": {"size_mb": 10},
    }
    parsed = parse(
        [user({"sandbox": "off", "auto_apply": True}), editor_layer({**tighter, "sandbox": "required"})]
    )
    settings = parsed.settings
    assert not parsed.problems
    assert (settings.cloud, settings.stages, settings.samples) == (Cloud.NEVER, Preset.LOCAL, 2)
    assert (settings.budget.per_day_usd, settings.ignore, settings.sandbox) == (
        0.1,
        ("data/",),
        Sandbox.REQUIRED,
    )
    assert parsed.sources["cloud"].origin is Origin.EDITOR


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("cloud", "allow"),
        ("sandbox", "off"),
        ("samples", 64),
        ("deadline_s", 300),
        ("budget.per_request_usd", 10),
        ("budget.per_day_usd", 10),
        ("tests.timeout_s", 600),
        ("tests.expose", [".env"]),
        ("ignore", ["!secrets/"]),
        ("auto_apply", True),
        ("cache.shared", True),
        ("cache.directory", "/tmp/elsewhere"),  # noqa: S108 -- refused
        ("large.allow_http", True),
        ("stages", "paper"),
        ("small.base_url", "http://evil.example"),
        ("small.model", "other"),
        ("large.model", "dear"),
        ("large.base_url", "https://evil.example"),
        ("large.api_key_env", "AWS_SECRET_ACCESS_KEY"),
        ("large.price", {"input": 0, "output": 0}),
        ("tests.command", ["sh", "-c", "evil"]),
        ("python.interpreter", "/tmp/evil"),  # noqa: S108 -- refused
        ("network.proxy", "http://evil.example"),
        ("worth.no_answer_usd", 1000),
    ],
)
def test_the_editor_cannot_loosen(field: str, value: object) -> None:
    """A project's own editor configuration may have sent it: refused by name, with the place to set it."""
    parsed = parse([editor_layer({field: value})], loosen_in="/home/me/config.toml")
    assert parsed.settings == Settings()
    assert set(problems(parsed)) == {field}
    assert "/home/me/config.toml" in problems(parsed)[field]
    assert f"--set {field}=" in problems(parsed)[field]


def test_a_client_that_sends_all_its_defaults_is_not_scolded() -> None:
    """VS Code's answer holds every setting; what merely repeats a default is no attempt to loosen."""
    parsed = parse(
        [
            user({"cloud": "never", "small": {"model": "mine"}}),
            editor_layer(Settings().model_dump(mode="json")),
        ]
    )
    assert not parsed.problems
    assert (parsed.settings.cloud, parsed.settings.small.model) == (Cloud.NEVER, "mine")


def test_a_null_from_the_editor_is_not_set() -> None:
    """Clients send null for a setting that nobody touched."""
    parsed = parse(
        [user({"large": {"model": "m"}}), editor_layer({"large": {"model": None}, "samples": None})]
    )
    assert parsed.settings.large.model == "m"
    assert not parsed.problems


def test_ignored_files_only_grow_over_the_editor() -> None:
    """What the user ignores stays ignored when an editor sends a shorter list."""
    parsed = parse([user({"ignore": ["a", "b"]}), editor_layer({"ignore": ["b", "c"]})])
    assert parsed.settings.ignore == ("a", "b", "c")


def test_a_policy_bounds_what_has_an_order() -> None:
    """A looser value gives way and its owner is told; a tighter one of the user's stays."""
    parsed = parse(
        [
            user({"cloud": "allow", "budget": {"per_day_usd": 0.2}}),
            policy({"cloud": "never", "budget": {"per_day_usd": 5}, "ignore": ["x"]}),
        ]
    )
    assert parsed.settings.cloud is Cloud.NEVER
    assert parsed.settings.budget.per_day_usd == 0.2
    assert parsed.sources["cloud"] == Source(Origin.POLICY, "policy.toml")
    assert "policy.toml" in problems(parsed)["cloud"]


def test_a_policy_replaces_a_default_in_either_direction() -> None:
    """Where the user said nothing, an administrator may also allow more."""
    parsed = parse([policy({"cloud": "allow", "budget": {"per_day_usd": 20}})])
    assert (parsed.settings.cloud, parsed.settings.budget.per_day_usd) == (Cloud.ALLOW, 20)
    assert parsed.sources["cloud"].origin is Origin.POLICY
    assert not parsed.problems


def test_a_policy_fixes_what_has_no_order() -> None:
    """Neither file nor command line nor editor moves it, and the refusal names the policy."""
    parsed = parse(
        [
            policy({"large": {"base_url": "https://gateway.example"}}),
            command_line_layer(["large.base_url=https://other.example"]),
            editor_layer({"large": {"base_url": "https://third.example"}}),
        ]
    )
    assert parsed.settings.large.base_url == "https://gateway.example"
    assert [problem.source.origin for problem in parsed.problems] == [Origin.COMMAND_LINE, Origin.EDITOR]
    assert all("policy.toml" in problem.message for problem in parsed.problems)


def test_the_editor_may_tighten_below_a_policy() -> None:
    """A bound is a bound, not a floor."""
    parsed = parse([policy({"cloud": "ask", "samples": 6}), editor_layer({"cloud": "never", "samples": 7})])
    assert (parsed.settings.cloud, parsed.settings.samples) == (Cloud.NEVER, 6)


@pytest.mark.parametrize("raw", [{"cloud": "nevr"}, {"budget": {"per_day_usd": "one"}}, "text"])
def test_a_policy_that_cannot_be_understood_lets_nothing_out(raw: object) -> None:
    """A bound that cannot be read must not read as no bound."""
    parsed = parse([user({"cloud": "allow"}), policy(raw)])
    assert parsed.settings.cloud is Cloud.NEVER
    assert parsed.problems


def test_an_unknown_key_in_a_policy_does_not_cut_the_cloud() -> None:
    """A policy written for a newer version keeps working."""
    parsed = parse([policy({"cloud": "allow", "new_thing": 1})])
    assert parsed.settings.cloud is Cloud.ALLOW
    assert set(problems(parsed)) == {"new_thing"}


def test_a_policy_list_of_ignored_files_adds_to_the_users() -> None:
    """Neither list replaces the other, and the user's `!` cannot take a file out of the policy's."""
    parsed = parse([user({"ignore": ["mine", "!theirs"]}), policy({"ignore": ["theirs"]})])
    assert parsed.settings.ignore[-1] == "theirs"
    assert "mine" in parsed.settings.ignore
