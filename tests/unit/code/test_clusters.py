"""Who behaves alike, who speaks for them, what tells clusters apart; and what self-made tests vouch for."""

from __future__ import annotations

import pytest

from cope_lsp.cascade.problem import Candidate, Evidence, Status
from cope_lsp.code.agreement import b4, codet, consensus_sets
from cope_lsp.code.clusters import clusters, medoid, splitting_call
from cope_lsp.code.findings import Findings


def did(
    name: str,
    *calls: str,
    status: Status = Status.PASS,
    behaviour: str = "",
    assertions: tuple[bool | None, ...] = (),
    traces: tuple[str, ...] = (),
) -> Findings:
    """What is known of a candidate."""
    candidate = Candidate(name, "scripted")
    evidence = (Evidence(candidate, "examples", status, 1, 1),)
    return Findings(
        candidate, evidence, behaviour=behaviour, calls=calls, assertions=assertions, traces=traces
    )


def names(groups: tuple[tuple[Findings, ...], ...]) -> list[str]:
    """The clusters, each as one word."""
    return ["".join(each.candidate.text for each in group) for group in groups]


def test_the_largest_cluster_comes_first() -> None:
    """Of equally large ones that whose first member was drawn first."""
    found = [did("a", "1", "2"), did("b", "1", "3"), did("c", "1", "3"), did("d", "0", "0")]
    assert names(clusters(found)) == ["bc", "a", "d"]


def test_what_speaks_against_a_candidate_keeps_it_out() -> None:
    """Also where it behaves like the others on generated inputs."""
    found = [did("a", "1"), did("b", "1", status=Status.FAIL), did("c", "1", status=Status.UNKNOWN)]
    assert names(clusters(found)) == ["ac"]


def test_a_call_that_says_nothing_keeps_nobody_out() -> None:
    """Unstable, or not run: the other calls decide."""
    assert names(clusters([did("a", "1", ""), did("b", "", "2"), did("c", "1", "2")])) == ["ac", "b"]
    assert names(clusters([did("a", "1", ""), did("b", "1", "2"), did("c", "1", "3")])) == ["ab", "c"]


def test_an_order_that_varies_is_neither_like_nor_unlike_one_that_does_not() -> None:
    """Only its members count, against another such."""
    found = [did("a", "1", "[1, 2]"), did("b", "1", "unordered [1, 2]"), did("c", "1", "unordered [1, 3]")]
    assert names(clusters(found)) == ["ab", "c"]


def test_what_was_seen_in_tests_tells_methods_apart() -> None:
    """Where no call can be generated."""
    found = [did("a", traces=("[1]\n2",)), did("b", traces=("[1]\n3",)), did("c", traces=("[1]\n2",))]
    assert names(clusters(found)) == ["ac", "b"]


def test_where_nothing_ran_the_whole_behaviour_decides() -> None:
    """Its name is the text's; without a name everybody stands alone."""
    found = [did("a", behaviour="x"), did("b", behaviour="x"), did("c"), did("d")]
    assert names(clusters(found)) == ["ab", "c", "d"]
    assert clusters([]) == ()


def test_the_medoid_is_closest_to_all_others() -> None:
    """In calls first, then in exact behaviour; of equals the first drawn speaks."""
    one, two, three = did("a", "1", "", behaviour="x"), did("b", "1", "2", behaviour="y"), did("c", "1", "2")
    assert medoid((one, two, three)) is two
    alike = [did(name, "1", behaviour=behaviour) for name, behaviour in (("a", "x"), ("b", "y"), ("c", "y"))]
    assert medoid(alike).candidate.text == "b"


def test_the_best_question_splits_the_clusters_most_evenly() -> None:
    """Weighed by their members; a short call before a long one, and none where nothing is split."""
    groups = clusters([did(name, *calls) for name, *calls in SPLIT])
    assert splitting_call(groups, ("f(0)", "f(1)", "f(22222)", "f(3)")) == 3
    assert splitting_call(groups[:1], ("f(0)", "f(1)", "f(22222)", "f(3)")) is None
    assert splitting_call((), ()) is None


SPLIT = (
    ("a", "0", "0", "0", "0"),
    ("b", "0", "0", "0", "0"),
    ("c", "0", "1", "1", "1"),
    ("d", "0", "0", "2", "2"),
    ("e", "0", "0", "2", "2"),
)


def test_candidates_that_hold_the_same_tests_form_a_set() -> None:
    """A test that could not tell is held by none; more candidates and more tests weigh more."""
    found = [
        did("a", assertions=(True, True, None)),
        did("b", assertions=(True, False, False)),
        did("c", assertions=(True, True, False)),
    ]
    first, second = consensus_sets(found)
    assert [each.candidate.text for each in first.candidates] == ["a", "c"]
    assert first.tests == {0, 1}
    assert codet(first) > codet(second)


def test_b4_prefers_what_mistakes_would_not_agree_on() -> None:
    """Four tests held by three candidates beat one that a crowd holds; the shares are a probability."""
    crowd = [did(str(number), assertions=(False, False, False, False, True)) for number in range(3)]
    good = [did(name, assertions=(True, True, True, True, False)) for name in "abc"]
    sets = consensus_sets([*crowd, *good])
    scores = b4(sets)
    assert sum(scores) == pytest.approx(1)
    assert scores[1] > 0.8


def test_without_tests_nothing_is_vouched_for() -> None:
    """Neither scores nor errors."""
    assert b4(consensus_sets([did("a"), did("b", assertions=(None, False))])) == (0.0,)
    assert b4(()) == ()
