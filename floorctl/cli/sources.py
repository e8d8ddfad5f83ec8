"""Group ``source``: files of ticket machines and offices, and the kinds of facts that they can tell."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import click

from floorctl.cli.base import group, json_option, print_json


@group()
def source() -> None:
    """発券機などのファイルの読み方"""


@source.command()
@json_option
def kinds(as_json: bool) -> None:
    """記録の種類と、それぞれの項目を並べる"""
    from floorctl.models.site.source_kinds import feed_fields, feed_kinds, kind_word

    if as_json:
        print_json(
            {
                "kinds": [
                    {"kind": kind, "word": kind_word(kind), "fields": [_field_json(x) for x in feed_fields(kind)]}
                    for kind in feed_kinds()
                ]
            }
        )
        return
    click.echo("\n".join(_kinds_text()))


def _field_json(field: Any) -> dict[str, Any]:
    """Return a ``FeedField`` in the shape of ``source kinds --json``."""
    return {
        "field": field.name,
        "word": field.word,
        "form": field.form,
        "needed": field.needed,
        "default": field.default,
        "choices": dict(field.choices) or None,
        "table": field.table or None,
        "given": field.given,
    }


def _given(field: Any) -> str:
    """Return how a field is told where it is told by no column."""
    from floorctl.models.site.source_kinds import BY_SOURCE

    if field.given == "source":
        return f"（入力元の {BY_SOURCE[field.name]} で決まる）"
    return "（1行1件の JSON だけで書ける）" if field.given == "feed" else ""


def _kinds_text() -> Iterator[str]:
    from floorctl.cli.text import columns
    from floorctl.models.site.source_kinds import feed_fields, feed_kinds, kind_word

    yield "どの種類にも id（その記録の名）と at（時刻）があります。* は必ず要る項目、= は省いたときの値です。"
    for kind in feed_kinds():
        yield f"\n{kind}  {kind_word(kind)}"
        rows = []
        for field in feed_fields(kind):
            default = "" if field.needed else f"={json.dumps(field.default, ensure_ascii=False)}"
            choices = "  ".join(f"{value} {word}" for value, word in field.choices.items())
            mark = "*" if field.needed else " "
            form = f"{choices or field.form}{_given(field)}"
            rows.append([f"  {mark}", field.name, default, field.word, form])
        if rows:
            yield columns(rows)
