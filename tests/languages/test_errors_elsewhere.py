"""A definition that errors elsewhere hide from the file's tree can be written all the same."""

from __future__ import annotations

import pytest

from cope_lsp.languages.registry import for_id
from cope_lsp.languages.text import Span

JAVA = """\
class Foo {
  int a() { return (1; }
  void broken( {
  int total(int x) {
    // TODO
  }
}
"""
GO = """\
package a

func broken( {
\tif x {

func (f *Foo) Total(x int) int {
\t// TODO
}
"""
JAVASCRIPT = """\
function broken( {
  if (x) {

function other() { return [1, 2; }

function total(x) {
  // TODO
}
"""


@pytest.mark.parametrize(
    ("language_id", "text", "head", "other"),
    [
        ("java", JAVA, "int total(int x)", "int total(int y)"),
        ("go", GO, "func (f *Foo) Total(x int) int", "func (f *Foo) Total(y int) int"),
        ("javascript", JAVASCRIPT, "function total(x)", "function total(y)"),
    ],
)
def test_a_reply_is_taken_and_held_to_the_head(language_id: str, text: str, head: str, other: str) -> None:
    """The body is replaced and nothing else; other parameters are refused, an empty body is a breach."""
    language = for_id(language_id)
    assert language is not None
    syntax = language.syntax
    source, at = syntax.parse(text.encode()), text.index("// TODO")
    target = syntax.target_at(source, Span(at, at))
    assert target is not None
    made = syntax.complete(source, target, f"```\n{head} {{\n  return x;\n}}\n```")
    done = text.replace("// TODO", "return x;")
    assert made.text == done
    assert syntax.breaches(source, target, syntax.parse(done.encode())) == ()
    assert "parameters" in syntax.complete(source, target, f"```\n{other} {{\n  return y;\n}}\n```").problem
    changed = done.replace(head, other)
    assert syntax.breaches(source, target, syntax.parse(changed.encode())) != ()
    assert any("without a body" in each for each in syntax.breaches(source, target, source))
