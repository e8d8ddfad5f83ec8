"""Group ``source``: files of ticket machines and offices, and the kinds of facts that they can tell."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from floorctl.cli.base import (
    Settings,
    end_with,
    group,
    json_option,
    note_done,
    pass_settings_and_json,
    print_json,
    say,
    shown,
)
from floorctl.cli.input_files import regular_file, unreadable
from floorctl.cli.option_types import PATH
from floorctl.common.errors import UsageError

if TYPE_CHECKING:
    from floorctl.models.site.source import Source


@group()
def source() -> None:
    """発券機などのファイルの読み方

    ファイルの形を説明すれば、プログラムを書かずに取り込めます。説明の書き方は floorctl source page で読めます。
    """


@source.command()
@json_option
def kinds(as_json: bool) -> None:
    """記録の種類と、それぞれの項目を並べる

    入力元の説明（facts の kind）と、1行1件の JSON に書けるものです。使い方は docs/sources.md（floorctl source page）にあります。
    """
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


@source.command()
def page() -> None:
    """説明の書き方のページ（docs/sources.md）を表示する"""
    from floorctl.intake.sources.source_file import page_text

    click.echo(page_text(), nl=False)


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


@source.command("try")
@click.argument("file", type=PATH)
@click.option("--source", "name", help="入力元の名（省くと、files がファイルの名に合うもの）")
@click.option("--source-file", type=PATH, help="入力元の説明のファイル（TOML）")
@click.option("--rows", type=click.IntRange(0, 200), default=8, show_default=True, help="見せる行の数")
@click.option("--out", type=PATH, help="説明の案を書き出すファイル（TOML）")
@pass_settings_and_json
def try_(
    settings: Settings,
    file: Path,
    name: str | None,
    source_file: Path | None,
    rows: int,
    out: Path | None,
    as_json: bool,
) -> None:
    """ファイルを試しに読む（何も書き込まない）

    説明のある入力元では、はじめの行と、そこからできる記録、読めない行と理由、件数を出します。読めない行があれば終了状態は 1 です。
    説明のないファイルでは、説明の案を出します。
    """
    from floorctl.common.pages import with_page
    from floorctl.intake.sources.table import DoesNotFit

    found = _described(settings, file, name, source_file)
    if found is not None and out is not None:
        raise UsageError(
            "--out は使えません", "このファイルには説明があります", "説明の案は、説明のないファイルで出ます"
        )
    try:
        if found is None:
            _propose(settings, file, out, as_json)
        else:
            _try(settings, found, file, rows, as_json)
    except OSError as error:
        raise unreadable(file, error) from None
    except DoesNotFit as error:
        raise with_page(error) from None


def _described(settings: Settings, file: Path, name: str | None, source_file: Path | None) -> Source | None:
    """Return the description to try, by the rule of ``ingest``; None where there is none."""
    from floorctl.cli.described_ingest import source_meant
    from floorctl.intake.sources.source_file import all_sources

    site = settings.site()
    if name is None:
        return source_meant(site, str(file), None, source_file)
    sources = all_sources(site, source_file)
    found = next((x for x in sources if x.name == name), None)
    if found is None:
        known = "、".join(x.name for x in sources[:20])
        do = f"説明のある入力元は {known} です" if known else "--source を省くと、説明の案を出します"
        raise UsageError("--source の入力元の説明がありません", "会場設定にも --source-file にもない名です", do)
    return found


def _try(settings: Settings, found: Source, file: Path, rows: int, as_json: bool) -> None:
    from floorctl.cli.text_trial import trial_text
    from floorctl.common.clock import business_day
    from floorctl.common.pages import SEE_SOURCES
    from floorctl.intake.sources.trial import try_source

    site = settings.site()
    trial = try_source(found, regular_file(file), site, business_day(settings.now()), rows)
    if trial.refused:
        end_with(1)
    if as_json:
        from floorctl.cli.json_sources import trial_json

        print_json(trial_json(trial, found, site))
    else:
        click.echo(trial_text(trial, found, file, site))
        if trial.refused:
            say(f"{SEE_SOURCES}。")


def _propose(settings: Settings, file: Path, out: Path | None, as_json: bool) -> None:
    from floorctl.cli.text_proposal import proposal_text
    from floorctl.intake.sources.proposal.guess import propose, sample_of

    site = settings.site()
    sample = sample_of(regular_file(file))
    if sample.form == "floorctl":
        _try_feed(settings, file, as_json)
        return
    found = propose(sample, file.name, site)
    found.files = _beside(found.files, file, Path() if out is None else out.parent)
    text = proposal_text(found, file, site, out)
    if out is not None:
        from floorctl.common.output_file import write_file

        write_file(out, f"{text}\n".encode(), settings.reserved())
        note_done("書き出しました")
    if as_json:
        from floorctl.cli.json_sources import proposal_json

        print_json(proposal_json(found))
    else:
        click.echo(text if out is None else shown(out))


def _beside(files: str, file: Path, folder: Path) -> str:
    """Return a pattern of files as a description in ``folder`` says it: with the way to the file's own folder."""
    away = file.is_absolute()
    try:
        way = Path(os.path.relpath(file.parent, folder))
        away = away and ".." in way.parts
    except ValueError:  # another drive
        away = True
    return ((file.parent.absolute() if away else way) / files).as_posix()


def _try_feed(settings: Settings, file: Path, as_json: bool) -> None:
    """Try a file of floorctl's own JSON Lines, which needs no description."""
    from floorctl.models.site.source import Source

    if not as_json:
        say("このファイルは floorctl の発券機の記録（1行1件の JSON）です。説明は要りません。")
    _try(settings, Source(name="feed", form="floorctl"), file, 8, as_json)
