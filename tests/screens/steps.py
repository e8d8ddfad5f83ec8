"""The steps of stories: what a hand does, what an eye sees, and values as stories write them (``stories.py``)."""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Awaitable, Callable, Iterable, Mapping
from datetime import date, datetime, timedelta
from typing import Any

from floorctl.models.facts.entry import Entry
from floorctl.usecases.imports import import_appointments
from tests.screens.harness import Console
from tests.screens.team import person
from tests.story import MONDAY, Story, instant, plain


def value(text: str) -> Any:
    """Return the value of a field: a number, a JSON word, or the text itself."""
    return json.loads(text) if re.fullmatch(r"-?\d+|null|true|false|[{\[].*", text) else text


def fields_of(words: Iterable[str]) -> dict[str, str]:
    return {name: text for name, _, text in (word.partition("=") for word in words)}


SHORT = {
    "issue": ("ticket.issued", "ticket", "service"),
    "call": ("ticket.called", "ticket", "terminal"),
    "finish": ("ticket.finished", "ticket", "terminal"),
    "count": ("queue.counted", "lane", "waiting"),
}


def happening(text: str) -> tuple[str, str, dict[str, Any]]:
    """``TIME KIND FIELD=VALUE…`` as (kind, time, fields)."""
    at, kind, *words = shlex.split(text)
    if kind in SHORT:
        kind, *names = SHORT[kind]
        words = [w if "=" in w else f"{names.pop(0)}={w}" for w in words]
    fields = {name: value(v) for name, v in fields_of(words).items()}
    return kind, at, fields | ({"outcome": "done"} if kind == "ticket.finished" and "outcome" not in fields else {})


def all_at_once(*happens: tuple[str, str, dict[str, Any]], prefix: str = "c", day: date = MONDAY) -> Story:
    """Several facts as one story: kind, time, fields."""
    story = Story(day, prefix=prefix)
    for kind, at, fields in happens:
        story.tells(kind, at, **fields)
    return story


async def told(c: Console, kind: str, **fields: Any) -> list[Entry]:
    """Somebody at the command line records this; the console has seen it afterwards."""
    other = c.beside()
    entries = other.act(kind, fields)
    other.close()
    keys = {e.key for e in entries}
    await c.until(lambda: keys <= {e.key for e in (*c.floor.entries, *c.state.day.register_entries)}, kind)
    await c.settle()
    return entries


def text_of(found: object) -> str:
    """A value as stories write it."""
    match found:
        case None | bool():
            return json.dumps(found)
        case datetime():
            return f"{found:%H:%M}"
        case Mapping():
            return "{" + ",".join(f"{k}:{text_of(v)}" for k, v in found.items()) + "}"
        case tuple() | list() | set() | frozenset():
            texts = [text_of(x) for x in found]
            return f"[{','.join(texts if isinstance(found, tuple | list) else sorted(texts))}]"
        case _:
            return str(found)


def found_at(root: Any, path: str) -> Any:
    """Return the value at ``tickets.B001.state``, ``state(T5)`` or ``alerts()`` below ``root``; None where it ends early."""
    for part in path.split("."):
        name, called, given = re.fullmatch(r"([^(]+)(\(([^)]*)\))?", part).groups()  # type: ignore[union-attr]
        if root is None:
            return None
        if isinstance(root, Mapping):
            root = root.get(name)
        elif name.lstrip("-").isdigit():
            root = root[int(name)] if int(name) < len(root) else None
        else:
            root = getattr(root, name)
        if called:
            root = root(*filter(None, [given]))
    return root


def check(root: Any, text: str) -> None:
    path, compared, wanted = re.fullmatch(r"(\S+) (=|!=|in|has|lacks) ?(.*)", text).groups()  # type: ignore[union-attr]
    found = found_at(root, path)
    shown = text_of(bool(found) if wanted in ("true", "false") else found)
    if compared in ("has", "lacks"):
        assert (wanted in found) == (compared == "has"), f"{path}: {shown}"
    elif compared == "in":
        assert shown in wanted.split(" | "), f"{path}: {shown}"
    else:
        assert (shown == wanted) == (compared == "="), f"{path}: {shown}"


def wrote(c: Console, lines: list[str]) -> None:
    found = c.wrote(len(lines))
    assert len(found) == len(lines), found
    for line, (kind, fields) in zip(lines, found, strict=True):
        wanted_kind, *words = shlex.split(line)
        more, wanted = words[-1:] == ["..."], fields_of(w for w in words if w != "...")
        shown = {name: text_of(v) for name, v in fields.items()}
        kept = {n: x for n, x in shown.items() if n in wanted or not (more or x in ("", "null", "[]", "{}"))}
        assert (kind if wanted_kind != "*" else "*", kept) == (wanted_kind, wanted), found


def view_is(c: Console, name: str) -> None:
    wanted = name.removeprefix("not ")
    assert (type(c.frame.view).__name__ == wanted) == (wanted == name), c.text()


def says(c: Console, words: list[str]) -> None:
    for word in words:
        assert word in c.message, f"{word} is not said: {c.message}"


def message(c: Console, text: str) -> None:
    assert c.message == text, c.message


def absent(c: Console, words: list[str]) -> None:
    for word in words:
        assert word not in c.text(), f"{word} is on the screen\n{c.text()}"


def row(c: Console, words: list[str]) -> None:
    """These words in one row, in this order, single spaced."""
    sought = re.compile(".*".join(map(re.escape, words)))
    rows = [" ".join(r.split()) for r in c.rows()]
    assert any(sought.search(r) for r in rows), f"{words} in no row\n{c.text()}"


def kinds(c: Console, text: str) -> None:
    assert c.kinds() == text.split(), c.kinds()


def last(c: Console, text: str) -> None:
    assert text_of(c.last().fact.at) == text, c.last()


def asks(c: Console, text: str) -> None:
    choice = c.state.pending.choice
    found = "nothing" if choice is None else " | ".join(code for code, _ in choice.options)
    assert found == text or (text == "something" and choice is not None), found


def cursor(c: Console, code: str) -> None:
    choice = c.state.pending.choice
    assert choice.options[choice.at][0] == code, choice.options


def foot(c: Console, words: str) -> None:
    assert words in c.rows()[-1], c.rows()[-1]


def hall_of(c: Console) -> object:
    """Return the hall as the file has it, but for the list of facts itself."""
    floor, register = c.told()
    found = plain(floor)
    found["derived"].pop("revision")
    for name in ("entries", "retracted", "taken_back", "sources", "last_fact_at"):
        found["shown"].pop(name, None)
    return found["shown"], found["derived"], [(i.code, i.state) for i in register.incidents.values()]


def mark(c: Console) -> None:
    c.marked = len(c.facts())


async def undo(c: Console, text: str) -> None:
    """``KEYS / TEXT: KIND …: WORDS``: an act writes these kinds; u takes them all back, and says so in these words."""
    act, kinds, words = text.split(": ", 2)
    keys, _, typed = act.partition(" / ")
    before, written = hall_of(c), len(c.kinds())
    await press(c, keys)
    if typed:
        await c.enters(typed)
    assert c.kinds()[written:] == kinds.split(), c.kinds()[written:]
    assert c.message.endswith("   u 取消") and hall_of(c) != before, c.message
    await c.press("escape", "u")
    assert c.kinds()[written:] == [*kinds.split(), *["retracted"] * len(kinds.split())]
    message(c, words)
    assert hall_of(c) == before
    await c.press("u")
    message(c, "取消: この盤面から今日記録したものはありません")
    await c.press("escape", "f2")


def unwritten(c: Console) -> None:
    assert len(c.facts()) == c.marked, c.facts()[c.marked :]


def keys_at_most(c: Console, text: str) -> None:
    assert c.pressed <= int(text), c.pressed


def dialogs(c: Console, text: str) -> None:
    assert len(c.app.screen_stack) - 1 == int(text), c.app.screen_stack


def speaks(c: Console) -> None:
    assert c.message, "nothing is said"


def listed(c: Console, text: str) -> None:
    """The numbers as they stand on the screen, from the top."""
    found = [row[1:7].strip() for row in c.rows()]
    assert [x for x in found if x in c.floor.tickets] == text.split(), c.text()


# ---- screens with steps of their own


def word(c: Console, text: str) -> None:
    """The state of a step of the closing, as the list says it."""
    code, _, wanted = text.partition(" ")
    [found] = [s.word(c.state)[0] for s in c.frame.view.steps if s.code == code]  # type: ignore[attr-defined]
    assert found == wanted, found


def item(c: Console, text: str) -> None:
    """済 or 未 of an item of the checklist, with what is said beside."""
    code, _, wanted = text.partition(" ")
    [cells] = [r.cells for r in c.frame.view.rows(c.state) if r.key == code]  # type: ignore[attr-defined]
    found = f"{cells[2][0]} {cells[3][0]}".strip()
    assert found == wanted, found


async def step(c: Console, code: str) -> None:
    """To a step of the closing, whatever is shown."""
    if type(c.frame.view).__name__ != "ClosingView":
        await c.press("f9")
    codes = [s.code for s in c.frame.view.steps]  # type: ignore[attr-defined]
    while (found := c.frame.view.step.code) != code:  # type: ignore[attr-defined]
        await c.press("tab" if codes.index(found) < codes.index(code) else "shift+tab")


async def settle(c: Console, name: str) -> None:
    """The row of 残り with this name, by its digit."""
    names = [row.name for row in c.frame.view.steps[0].rows(c.state)]  # type: ignore[attr-defined]
    await c.press(str(next(n for n, row in enumerate(names, 1) if name in row)))


async def tab(c: Console, name: str) -> None:
    """To a tab of the view that is shown."""
    while c.frame.view.tab != name:  # type: ignore[attr-defined]
        await c.press("tab")


async def tick(c: Console, code: str) -> None:
    """An item of the checklist, by its digit."""
    which = c.site.checklist_by_code[code].list
    await c.press(str([i.code for i in c.site.checklist if i.list == which].index(code) + 1))


async def appointments(c: Console, text: str) -> None:
    """The city's list of the day is taken in by somebody else: ``TIME CARDS COUNT | …``."""
    slots = [slot.split() for slot in text.split(" | ")]
    session = c.beside()
    import_appointments(session, {MONDAY: [{"time": t, "cards": int(n), "count": int(k)} for t, n, k in slots]})
    session.close()
    await c.until(lambda: c.state.day.register.slots(MONDAY), "the appointments")
    await c.settle()


def rows(c: Console, text: str) -> None:
    """The keys of the table's rows, sorted."""
    found = sorted(r.key for r in c.frame.view.rows(c.state))  # type: ignore[attr-defined]
    assert found == text.split(), found


def cell(c: Console, text: str) -> None:
    """``KEY COLUMN = WORDS ROLE``: a cell of the table that is shown."""
    name, _, wanted = text.partition(" = ")
    key, title = name.split(" ")
    view: Any = c.frame.view
    [cells] = [r.cells for r in view.rows(c.state) if r.key == key]
    [found] = [words for column, words in zip(view.columns, cells, strict=True) if column.title == title]
    assert f"{found[0]} {found[1]}" == wanted, found


def matches(c: Console, pattern: str) -> None:
    assert re.search(pattern, c.text()), f"{pattern} is not on the screen\n{c.text()}"


def alerts(c: Console, text: str) -> None:
    """The code of an alert, or ``not CODE``."""
    found = {a.code for a in c.state.alerts()}
    assert (text.removeprefix("not ") in found) != text.startswith("not "), found


async def advised(c: Console) -> None:
    """Until the first advice stands on the board."""
    await c.until(lambda: c.state.forecasts.advice() is not None, "the advice")
    c.app.redraw()
    await c.settle()


def exported(c: Console) -> None:
    """The report of the day lies in its folder."""
    folder = c.path.parent / "reports" / f"{c.clock.at.date()}"
    assert (folder / f"日次報告書_{c.clock.at.date()}.xlsx").is_file()
    assert (folder / f"records_{c.clock.at.date()}.json").is_file()


def in_file(c: Console, text: str) -> None:
    floor, register = c.told()
    register_path = text.removeprefix("register.")
    check(*((register, register_path) if register_path != text else (floor, text)))


LOOKS: dict[str, Callable[[Console, str], None]] = {
    "sees": lambda c, text: c.sees(*text.split(" | ")),
    "not": lambda c, text: absent(c, text.split(" | ")),
    "says": lambda c, text: says(c, text.split(" | ")),
    "row": lambda c, text: row(c, text.split(" | ")),
    "message": message,
    "kinds": kinds,
    "last": last,
    "file": in_file,
    "floor": lambda c, text: check(c.floor, text),
    "state": lambda c, text: check(c.state, text),
    "shown": lambda c, text: check(c.frame.view, text),
    "view": view_is,
    "asks": asks,
    "clean": lambda c, text: c.clean(),
    "cursor": cursor,
    "foot": foot,
    "keys": keys_at_most,
    "mark": lambda c, text: mark(c),
    "unwritten": lambda c, text: unwritten(c),
    "dialogs": dialogs,
    "speaks": lambda c, text: speaks(c),
    "listed": listed,
    "cell": cell,
    "rows": rows,
    "matches": matches,
    "alert": alerts,
    "exported": lambda c, text: exported(c),
    "word": word,
    "item": item,
    "wrote": lambda c, text: wrote(c, text.split("\n")),
}


async def moves(c: Console, text: str) -> None:
    at, *day = text.split()
    await c.at(at, *map(date.fromisoformat, day))


async def press(c: Console, text: str) -> None:
    """Keys; ``down×6`` is one of them six times, ``0,enter×6`` two of them."""
    for word in text.split(" "):
        keys, _, times = word.partition("×")
        again = keys.split(",") * int(times) if times else [keys]
        await c.press(*(" " if key == "space" else key for key in again))


async def enter(c: Console, text: str) -> None:
    for part in text.split(" | "):
        await c.enters(part)


async def scan(c: Console, text: str) -> None:
    """``scan A019`` with Enter behind it; ``scan A019 tab`` with another key, ``scan A019 nothing`` with none."""
    code, _, end = text.partition(" ")
    await c.scan(code, end={"": "enter", "nothing": ""}.get(end, end))


async def answer(c: Console, code: str) -> None:
    """The open choice, by the key of this answer."""
    choice = c.state.pending.choice
    await c.press(choice.keys[[x for x, _ in choice.options].index(code)])


async def later(c: Console, seconds: str) -> None:
    c.clock.at += timedelta(seconds=int(seconds))


async def perform(c: Console, action: str) -> None:
    c.app.perform(action)
    await c.settle()


async def hears(c: Console, text: str) -> None:
    """Lines of the feed, under ids that no line before has had."""
    prefix, day = f"h{len(c.floor.entries)}-", c.clock.at.date()
    await c.hears(all_at_once(*map(happening, text.split("\n")), prefix=prefix, day=day))


async def beside(c: Console, text: str) -> None:
    kind, _, fields = happening(f"now {text}")
    at = {"at": instant(fields.pop("at"), c.clock.at.date())} if "at" in fields else {}
    await told(c, kind, **fields, **at)


ACTS: dict[str, Callable[[Console, str], Awaitable[Any]]] = {
    "press": press,
    "scan": scan,
    "enter": enter,
    "answer": answer,
    "undo": undo,
    "corner": lambda c, text: c.click(0, 0),
    "advised": lambda c, text: advised(c),
    "type": lambda c, text: c.type(text),
    "click": lambda c, text: c.click_on(text),
    "person": person,
    "step": step,
    "settle": settle,
    "tab": tab,
    "tick": tick,
    "appointments": appointments,
    "later": later,
    "perform": perform,
    "at": moves,
    "hears": hears,
    "beside": beside,
}
