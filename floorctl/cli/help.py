"""Command ``help``: how a command is used, what a kind of fact has, and the short pages of the topics."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import MISSING
from datetime import date, datetime, time
from typing import Any, Literal

import click

from floorctl.cli.base import command, commands_of, completed
from floorctl.common.errors import UsageError


@command()
@click.argument("words", nargs=-1, metavar="[TOPIC]", shell_complete=completed("topics"))
@click.pass_context
def help(ctx: click.Context, words: tuple[str, ...]) -> None:
    """コマンドの使い方と、項目ごとの短い説明（項目の一覧は floorctl help）

    TOPIC はコマンド（help incident add）、記録の種類（help terminal.paused）、項目（help feed）のどれかです。
    """
    root = ctx.find_root()
    if not words:
        click.echo(f"{root.get_help()}\n\n項目（floorctl help 項目）:\n{_list()}")
        return
    said = list(_said(root, words))
    if not said:
        from floorctl.cli.help_pages import topics
        from floorctl.common.did_you_mean import perhaps

        above = _of_command(root, words[:-1])
        known = topics(root) if above in (None, root) else commands_of(above)
        near = perhaps(words[-1], known)
        raise UsageError(f"その説明はありません{near}", "", "floorctl help でコマンドと項目の一覧を見てください")
    click.echo("\n\n".join(said))


def _said(root: click.Context, words: tuple[str, ...]) -> Iterator[str]:
    """Yield what there is to say: the command's own help, the page of the topic of that name, the fields of a kind."""
    from floorctl.cli.help_pages import PAGES
    from floorctl.cli.typed_fields import kinds_by_hand

    if (found := _of_command(root, words)) is not None:
        yield found.get_help()
    name = words[0].casefold()
    if len(words) > 1:
        return
    if name in PAGES:
        page = PAGES[name]
        text = {"keys": _keys, "facts": _facts}.get(name, lambda: page.text)()
        yield f"{page.title}\n\n{text}"
    elif name in kinds_by_hand():
        yield _kind(name)


def _of_command(root: click.Context, words: tuple[str, ...]) -> click.Context | None:
    """Return the context of a command by its words; None if there is no such command."""
    context = root
    for word in words:
        group = context.command
        if not isinstance(group, click.Group) or (found := group.get_command(context, word)) is None:
            return None
        context = click.Context(found, parent=context, info_name=word)
    return context


def _list() -> str:
    from floorctl.cli.help_pages import PAGES
    from floorctl.cli.text import columns

    return columns([[f"  {name}", page.title] for name, page in PAGES.items()])


def _keys() -> str:
    """Return the keys of the console by group, as they are in force for this user."""
    from floorctl.cli.text import columns, folded
    from floorctl.console.action import remap
    from floorctl.console.keys import ACTIONS, where
    from floorctl.console.own_settings import own_settings

    groups: dict[str, list[str]] = {}
    remap(own_settings().keys)
    try:
        for a in ACTIONS:
            groups.setdefault(where(a) or f"{a.group}（どこでも）", []).append(f"{a.cap} {a.label}")
    finally:
        remap({})
    rows = [
        [title if n == 0 else "", line]
        for title, keys in groups.items()
        for n, line in enumerate(folded("  ".join(keys), 52))
    ]
    return f"{columns(rows)}\n\nどこでも F1 で、操作の一覧から探して実行できます（docs/manual/keys.md）。\n自分の設定で変えたキーも入っています（操作の名は floorctl settings keys）。"


def _facts() -> str:
    """Return the kinds of facts that ``floorctl do`` takes, with their words."""
    from floorctl.cli.text import columns
    from floorctl.cli.typed_fields import kinds_by_hand
    from floorctl.models.facts.kinds import KINDS

    rows = [[f"  {kind}", KINDS[kind].word] for kind in kinds_by_hand()]
    return f"{columns(rows)}\n\n項目は floorctl help 種類（例: floorctl help terminal.paused）で出ます。"


def _kind(kind: str) -> str:
    """Return the fields of a kind: which are needed, and what they take."""
    from floorctl.cli.text import columns
    from floorctl.commands import by_subject  # noqa: F401 - every rule is entered
    from floorctl.commands.deciders import NUMBERED
    from floorctl.common.constraints import shapes
    from floorctl.models.facts.fact import free_texts
    from floorctl.models.facts.kinds import KINDS

    model = KINDS[kind]
    own, given = model.__dataclass_fields__, ("at", NUMBERED.get(kind))  # floorctl gives these itself
    rows = []
    for name, shape in shapes(model).items():
        if name == "id":
            continue
        needed = name not in given and own[name].default is MISSING and own[name].default_factory is MISSING
        word = free_texts(kind).get(name, "") or _takes(kind, name, shape)
        rows.append([f"  {name}=", "必須" if needed else "", word])
    return (
        f"{kind}  {model.word}\n\n{columns(rows)}\n\n  floorctl do {kind} 項目=値 …　（項目と値は Tab キーで補えます）"
    )


def _takes(kind: str, name: str, shape: Any) -> str:
    from floorctl.models.facts.fact import coded

    if name == "at":
        return "時刻（省くと今）"
    if name in dict(coded(kind)):
        return "会場設定のコード" + ("（, で区切っていくつでも）" if shape.base is tuple else "")
    if shape.base is Literal:
        return " ".join(str(word) for word in shape.inner if word)
    words = {
        bool: "true か false",
        int: "整数",
        datetime: "時刻",
        date: "日付",
        time: "時刻",
        dict: "JSON",
        tuple: "JSON か , で区切った列",
    }
    return words.get(shape.base, "")
