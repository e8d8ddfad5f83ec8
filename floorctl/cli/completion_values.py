"""Offer values for the Tab key where a value stands: codes of the site, kinds and fields of facts, files.

Asked by the shell at each press: it is quick, changes nothing and prints no error. What cannot be read is not offered.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import click
from click.shell_completion import CompletionItem

if TYPE_CHECKING:
    from floorctl.common.constraints import Shape

Items = list[CompletionItem[str]]
Complete = Callable[[click.Context, click.Parameter, str], Items]
OPEN = "open"  # type of an item after which the word goes on: terminal=
# Tables of the site, as fields of facts name them, with their lists in the site file.
_TABLES = {
    "terminal_by_code": "terminals", "lane_by_code": "lanes", "service_by_code": "services", "matter_by_code": "matters",
    "work_item_by_code": "work_items", "post_by_code": "posts", "remark_by_code": "remarks", "skill_by_code": "skills",
    "checklist_by_code": "checklist", "equipment_by_code": "equipment", "question_by_code": "questions",
    "training_by_code": "training",
}  # fmt: skip


def _items(words: Mapping[str, str] | Iterable[str], incomplete: str, before: str = "") -> Items:
    """Return the words that begin as typed, in any case; ``before``: what stands before them in the same word."""
    known = words if isinstance(words, Mapping) else dict.fromkeys(words, "")
    begun = incomplete.casefold()
    return [
        CompletionItem(before + w, help=said or None) for w, said in known.items() if w.casefold().startswith(begun)
    ]


def codes_of(table: str) -> Complete:
    """Return the completion of a code of the site; ``table``: its list in the site file (``terminals``)."""
    return lambda ctx, param, incomplete: _items(_site_codes(ctx, table), incomplete)


def categories(ctx: click.Context, param: click.Parameter, incomplete: str) -> Items:
    """Complete the category of an incident."""
    from floorctl.common.words import INCIDENT_CATEGORIES

    return _items(INCIDENT_CATEGORIES, incomplete)


def staff(ctx: click.Context, param: click.Parameter, incomplete: str) -> Items:
    """Complete the code of a person of the roster; surnames are never offered."""
    return _items(_staff_codes(ctx), incomplete)


def files(ctx: click.Context, param: click.Parameter, incomplete: str) -> Items:
    """Complete the name of a file."""
    return [CompletionItem(incomplete, type="file")]


def scenarios(ctx: click.Context, param: click.Parameter, incomplete: str) -> Items:
    """Complete the name of a shipped scenario; where none fits, a file."""
    from floorctl.intake.site_file import data_dir

    names = sorted(p.stem for p in (data_dir() / "scenarios").glob("*.toml"))
    return _items(names, incomplete) or files(ctx, param, incomplete)


def topics(ctx: click.Context, param: click.Parameter, incomplete: str) -> Items:
    """Complete what ``floorctl help`` explains; after a command, its commands."""
    from floorctl.cli.help_pages import topics as known

    group: click.Command | None = ctx.find_root().command
    words = ctx.params.get("words") or ()
    for word in words:
        group = group.get_command(ctx, word) if isinstance(group, click.Group) else None
    if not words:
        return _items(known(ctx.find_root()), incomplete)
    return _items(group.list_commands(ctx), incomplete) if isinstance(group, click.Group) else []


def kinds(ctx: click.Context, param: click.Parameter, incomplete: str) -> Items:
    """Complete the kind of a fact that ``floorctl do`` takes."""
    from floorctl.cli.typed_fields import kinds_by_hand
    from floorctl.models.facts.kinds import KINDS

    return _items({kind: KINDS[kind].word for kind in kinds_by_hand()}, incomplete)


def fields(ctx: click.Context, param: click.Parameter, incomplete: str) -> Items:
    """Complete FIELD=VALUE of the kind that stands before: a field that is still missing, or its value."""
    from floorctl.common.constraints import shapes
    from floorctl.models.facts.kinds import KINDS

    model = KINDS.get(ctx.params.get("kind") or "")
    if model is None:
        return []
    name, equals, begun = incomplete.partition("=")
    known = shapes(model)
    if equals:
        shape = known.get(name)
        return [] if shape is None else _values(ctx, model.kind, name, shape, begun)
    given = {pair.partition("=")[0] for pair in ctx.params.get("fields") or ()}
    free = [f"{field}=" for field in known if field not in given and field != "id"]
    return [CompletionItem(item.value, type=OPEN) for item in _items(free, incomplete)]


def _values(ctx: click.Context, kind: str, name: str, shape: Shape, begun: str) -> Items:
    """Return the values of a field; of a list, those of its last member."""
    from floorctl.models.facts.fact import coded

    before = f"{name}="
    if shape.base is tuple and "," in begun:
        done, _, begun = begun.rpartition(",")
        before += f"{done},"
    tables = dict(coded(kind)).get(name)
    if shape.base is dict:  # JSON is not completed
        return []
    if tables:
        return _items(_site_codes(ctx, _TABLES.get(tables[0], "")), begun, before)
    if name == "staff":
        return _items(_staff_codes(ctx), begun, before)
    return _items(_words(name, shape), begun, before)


def _words(name: str, shape: Shape) -> Mapping[str, str] | Iterable[str]:

    from floorctl.common.incident_policies import INCIDENT_POLICIES
    from floorctl.common.words import DUTIES, INCIDENT_CATEGORIES

    if shape.base is bool:
        return ("true", "false")
    if shape.base is Literal:
        words = [word for word in shape.inner if word]
        return INCIDENT_CATEGORIES if set(words) == set(INCIDENT_POLICIES) else words
    return DUTIES if name == "duty" else ()


def _option(ctx: click.Context, name: str) -> Path | None:
    """Return the file that ``--site`` or ``--db`` of this line names, before or after the command, or the environment."""
    found: Any = ctx.find_root().params.get(name)
    return Path(found) if found else None


def _site_codes(ctx: click.Context, table: str) -> dict[str, str]:
    from floorctl.intake.site_codes import site_codes

    return site_codes(_option(ctx, "site"), table)


def _staff_codes(ctx: click.Context) -> list[str]:
    from floorctl.common.data_file_names import default_data_file
    from floorctl.database.staff_codes import staff_codes

    named = _option(ctx, "db")
    return staff_codes(named.expanduser() if named else default_data_file())
