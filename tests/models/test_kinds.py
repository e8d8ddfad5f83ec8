"""Every kind of fact has all its parts: word, sentence, writer, rule, evolve step; and goes from a door to the file and back."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import FrozenInstanceError, is_dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any, Literal, Union

import pytest

from floorctl.commands.decide import DECIDE
from floorctl.commands.deciders import EVOLVE
from floorctl.common.constraints import Between, Chars, Shape, shapes
from floorctl.common.frozen import Record
from floorctl.intake.site_file import data_dir, load_site
from floorctl.models.facts.checked import ValidationError, checked_fact, parse_fact
from floorctl.models.facts.fact import COMMAND, FEED_OR_COMMAND, WITH_ANOTHER, Fact, own
from floorctl.models.facts.kinds import KINDS
from floorctl.models.facts.stored_fact import stored_fact
from floorctl.models.site.site import Site
from tests.story import a_day, fact, instant

AT = instant("09:00")
# By the pattern of a text, one that it takes; codes are those of the site, so that a sentence finds its words.
TEXTS = {
    r"^([01]\d|2[0-3]):[0-5]\d$": "09:30",
    r"^A([1-9]|1[0-5])$": "A1",
    r"^20\d\d-(0[1-9]|1[0-2])$": "2026-09",
}
CODES = {
    "service": "cert_renewal", "services": "cert_renewal", "lane": "certificate", "terminal": "T3", "terminals": "T3", "matter": "fee",
    "item": "photo", "equipment": "integrated_terminal", "post": "reception", "staff": "S01",
    "remark": "companion", "owner": "S01",
}  # fmt: skip


def example(name: str, shape: Shape) -> Any:
    """A value that a field takes, other than its default."""
    if shape.base is str:
        return CODES.get(name) or TEXTS.get((shape.mark(Chars) or Chars()).pattern or "", "B001")
    if shape.base is int:
        return (shape.mark(Between) or Between()).most or 3
    if shape.base is Literal:
        return next(word for word in reversed(shape.inner) if word)
    if shape.base is Union:
        return example(name, shape.inner[0])
    if shape.base is tuple:
        return (example(name, shape.inner[0]),)
    if shape.base is dict:
        return {"T3": "issuance"} if name == "allocation" else {"photo": 3}
    if issubclass(shape.base, Record):
        return shape.base(**{n: example(n, s) for n, s in shapes(shape.base).items()})
    return {bool: False, datetime: instant("09:30"), date: date(2026, 9, 15)}[shape.base]


def examples(kind: str) -> list[Fact]:
    """A fact of the kind with every field, and one with those that it needs."""
    model = KINDS[kind]
    every = {name: example(name, shape) for name, shape in shapes(model).items()} | {"id": "x-1", "at": AT}
    return [model(**every), model(**{name: every[name] for name in model.required()})]


def line(given: Fact) -> dict[str, Any]:
    return {"id": given.id, "at": given.at.isoformat(), "kind": given.kind, **json.loads(given.payload())}


@pytest.mark.parametrize("kind", KINDS)
def test_a_kind_has_all_its_parts(kind: str, site: Site) -> None:
    model = KINDS[kind]
    assert (model.kind, model.__doc__ is None, bool(model.word)) == (kind, False, True)
    assert model.written_by in (COMMAND, FEED_OR_COMMAND, WITH_ANOTHER)
    assert (kind in DECIDE) == ("command" in model.written_by)
    assert kind in EVOLVE or kind == "retracted", "a taking back leaves its target out of the fold"
    assert not (model.lasts and "feed" in model.written_by), "what outlives its day is not for a machine to say"
    for given in examples(kind):
        assert given.sentence(site).strip()


@pytest.mark.parametrize("kind", KINDS)
def test_a_kind_goes_through_a_door_into_the_file_and_back(kind: str) -> None:
    for given in examples(kind):
        at_the_door = fact(line(given))
        assert at_the_door == given == checked_fact(kind, given.everything())
        assert list(json.loads(given.payload())) == [
            n for n, only_if_set in own(kind) if getattr(given, n) or not only_if_set
        ]
        read = stored_fact(given.id, given.at.isoformat(), kind, given.payload())
        assert read == given and read.payload() == given.payload()
        assert {n: type(v) for n, v in read.everything().items()} == {n: type(v) for n, v in given.everything().items()}


@pytest.mark.parametrize("kind", KINDS)
def test_a_field_too_many_or_too_few_is_refused_at_the_door_and_in_the_file(kind: str) -> None:
    given = line(examples(kind)[0])
    data = {name: value for name, value in given.items() if name not in ("id", "at", "kind")}
    needed = [name for name in KINDS[kind].required() if name not in ("id", "at")]
    for wrong in ({**data, "z": 1}, *({n: v for n, v in data.items() if n != name} for name in needed)):
        with pytest.raises(ValidationError):
            parse_fact(json.dumps({"id": "x", "at": given["at"], "kind": kind, **wrong}))
        with pytest.raises(ValueError):
            stored_fact("x", given["at"], kind, json.dumps(wrong))


def test_a_fact_cannot_be_changed() -> None:
    assert all(is_dataclass(kind) and kind.__dataclass_params__.frozen for kind in KINDS.values())  # type: ignore[attr-defined]
    given = examples("ticket.issued")[0]
    with pytest.raises(FrozenInstanceError):
        given.id = "y"  # type: ignore[misc]
    with pytest.raises(FrozenInstanceError):
        del given.id
    assert not hasattr(given, "__dict__")
    assert given.replace(id="y").id == "y" and given.replace(id="y") != given


def test_a_file_is_read_without_pydantic(tmp_path: Path) -> None:
    """Neither facts nor the site, once it has been checked, wait for what only the doors need."""
    site, db = data_dir() / "kumagaya.toml", tmp_path / "floor.db"
    story = a_day().opens("08:30").issues("B001", at="08:40").calls("B001", "T3")
    (tmp_path / "feed.jsonl").write_text("".join(json.dumps(given) + "\n" for given in story.lines), encoding="utf-8")
    run = "import sys, atexit; from floorctl.__main__ import main\n"
    run += "atexit.register(lambda: print(*{m.split('.')[0] for m in sys.modules} & {'pydantic', 'pydantic_core'}))\n"
    given = ["--site", str(site), "--db", str(db), "--now", "2026-09-14T09:00"]
    found = []
    for verb in (["ingest", str(tmp_path / "feed.jsonl")], ["status", "--json"], ["log"], ["duties"]):
        code = f"{run}sys.argv[1:] = {[*given, *verb]!r}; main()"
        done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
        found.append(done.stdout.splitlines()[-1].split())
        load_site(site, db, keep=True)
    assert "pydantic_core" in found[0] and found[1:] == [[], [], []]


@pytest.mark.parametrize("count", ["true", "1.0"])
def test_a_number_of_another_type_is_refused_also_after_its_equal(count: str) -> None:
    def row(n: str) -> str:
        return f'{{"date":"2026-09-15","slots":[{{"time":"09:00","cards":1,"count":{n}}}]}}'

    stored_fact("a", "2026-09-14T09:00:00+09:00", "appointments.imported", row("1"))
    with pytest.raises(ValueError):
        stored_fact("b", "2026-09-14T09:00:00+09:00", "appointments.imported", row(count))
