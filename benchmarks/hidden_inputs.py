"""Calls for hidden tests: mutated from the given tests', and kept to what those make plain."""

from __future__ import annotations

from collections.abc import Sized
from typing import TYPE_CHECKING

from benchmarks.mutated_inputs import call_text, mutated, seen_arguments

if TYPE_CHECKING:
    from collections.abc import Sequence

    from benchmarks.mutated_inputs import Arguments
    from benchmarks.samples import Sample

SEED = 0


def inputs(sample: Sample, most: int) -> tuple[str, ...]:
    """At most `most` new calls like those of a sample's given tests, always the same ones."""
    seen = seen_arguments([sample.test], ["candidate", sample.entry_point])
    new = (_in_step(each, seen) for each in mutated(seen, most, SEED))
    known = {call_text(sample.entry_point, each) for each in seen}
    calls = dict.fromkeys(call_text(sample.entry_point, each) for each in new)
    return tuple(call for call in calls if call not in known)


def _in_step(arguments: Arguments, seen: Sequence[Arguments]) -> Arguments:
    """What was another argument's length in all given tests is so again; what always was 0 (a start) stays 0.

    Three tests say it as clearly as a contract would; `mutated` wants three different lengths to believe it.
    """
    alike = [each for each in seen if len(each) == len(arguments)]
    return tuple(_settled(value, place, arguments, alike) for place, value in enumerate(arguments))


def _settled(value: object, place: int, arguments: Arguments, seen: Sequence[Arguments]) -> object:
    if type(value) is not int:
        return value
    if all(each[place] == 0 for each in seen):
        return 0
    for other, sized in enumerate(arguments):
        if isinstance(sized, Sized) and all(_is_length(each[place], each[other]) for each in seen):
            return len(sized)
    return value


def _is_length(value: object, sized: object) -> bool:
    return type(value) is int and isinstance(sized, Sized) and value == len(sized)
