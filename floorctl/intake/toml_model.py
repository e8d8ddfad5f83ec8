"""Read a TOML file that people write (site, layout of the documents) into a model; a fault is a sentence with its line."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import MISSING, Field, fields, is_dataclass
from functools import cache
from pathlib import Path
from typing import Any, TypeVar, Union

from pydantic import TypeAdapter, ValidationError

from floorctl.common.clean_text import clean
from floorctl.common.constraints import Shape, shapes
from floorctl.common.did_you_mean import nearest
from floorctl.common.schemas import MEMBER, Schemas, adapter
from floorctl.intake.toml_lines import line_index
from floorctl.intake.toml_text import UNREAD, one_line, parsed_around, several, unreadable
from floorctl.intake.written_text import Kind, read_text, shown
from floorctl.models.site.part import Fault, Part, Place, asked, contradictions, if_meant, one_of

Model = TypeVar("Model", bound=Part)
Rule = Callable[[Model], Iterable[Fault]]  # finds faults that no part sees by itself
_door: Callable[[Any], TypeAdapter[Any]] = cache(lambda model: adapter(Schemas().of_class(model)))


def load_toml(
    path: Path,
    kind: Kind,
    model: type[Model],
    rules: Sequence[Rule[Model]] = (),
    only: Callable[[str], str] | None = None,
) -> Model:
    """Return the checked model of ``path``. Raise UsageError with all faults and their lines.

    ``only`` drops keys that need no check.
    """
    text = read_text(path, kind)
    return read_model(only(text) if only else text, path, kind, model, rules)


def checked(model: type[Model], values: dict[str, Any]) -> Model:
    """Return the model of ``values``, of which each is right by itself. Raise pydantic's ValidationError."""
    found: Model = _door(model).validate_python(values)
    return found


def read_model(text: str, path: Path, kind: Kind, model: type[Model], rules: Sequence[Rule[Model]] = ()) -> Model:
    """Return the checked model of the text of ``path``, as ``load_toml``.

    Where single values are wrong, the rules are asked all the same of what is right: one reading tells everything.
    """
    # A strict model takes a tuple only as a tuple, and TOML knows only lists.
    read, text, bad = parsed_around(text, path, kind)
    values: dict[str, Any] = _with_tuples(read)
    unread = {*_unread(values, ())} if bad else set()
    wrong = unread
    lines = None
    faults: list[Fault] = []
    try:
        found = checked(model, values)
    except ValidationError as error:
        lines = line_index(text)
        faults, wrong = _faults_of(error, lines, model, unread)
        found = _as_far_as_right(model, values, (), wrong)
    else:
        if unread:
            found = _as_far_as_right(model, values, (), unread)
    by_rule = [
        *_of_parts(found, (), wrong | {f.place for f in faults}),
        *(fault for rule in rules for fault in asked(rule(found))),
    ]
    # What a rule finds at the place of a wrong value is about its key: there is one fault of a place.
    faults = [f for f in faults if f.place not in {x.place for x in by_rule}] + by_rule
    if faults or bad:
        lines = lines or line_index(text)
        labels = {lines[place]: _label(place, values) for place in unread}
        # Of a row that cannot be read there is one fault, though its key is unknown, too.
        unknown = {lines[f.place]: f"{f.why}。{f.do}" for f in faults if f.place in unread}
        faults = [f for f in faults if f.place not in unread]
        rows = [(n, labels.get(n, x.key), x.why, unknown.get(n, "")) for n, x in bad.items() if x.why]
        if len(rows) == 1 and not faults and not unknown:
            line, _, why, _ = rows[0]
            raise unreadable(path, kind, line, bad[line].column, why)
        raise several(path, kind, [*_placed(faults, lines, values), *rows])
    return found


def _unread(value: Any, place: Place) -> Iterator[Place]:
    """Yield the places of values that could not be read."""
    if value == UNREAD:
        yield place
    held = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, tuple) else ()
    for key, inner in held:
        yield from _unread(inner, (*place, key))


def told(faults: Iterable[Fault], text: str) -> list[str]:
    """Return a sentence with its line for each fault of a TOML text, in the order of the text."""
    return [one_line(*x) for x in _placed(faults, line_index(text), _with_tuples(tomllib.loads(text)))]


def _placed(
    faults: Iterable[Fault], lines: dict[Place, int], values: dict[str, Any]
) -> list[tuple[int, str, str, str]]:
    """Return (line, key, reason, remedy) of each fault once, in the order of the file."""
    return sorted({(_line(f.place, lines), _label(f.place, values), f.why, f.do) for f in faults})


def _line(place: Place, lines: dict[Place, int]) -> int:
    """Return the line of a key, or of the table in which it is missing."""
    while place not in lines:
        place = place[:-1]
    return lines[place]


def _with_tuples(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _with_tuples(v) for key, v in value.items()}
    return tuple([_with_tuples(v) for v in value]) if isinstance(value, list) else value


# ---- the rules, asked of what is right


def _of_parts(value: Any, place: Place, wrong: set[Place]) -> Iterator[Fault]:
    """Yield the contradictions inside each part of a model; of a part as a whole only where all that it says is right."""
    if isinstance(value, Part):
        for fault in asked(contradictions(value)):
            if not fault.place and any(x[: len(place)] == place for x in wrong):
                continue
            yield fault._replace(place=(*place, *fault.place))
        held: Iterable[tuple[str | int, Any]] = [(f.name, getattr(value, f.name)) for f in fields(value)]
    elif isinstance(value, dict):
        held = value.items()
    else:
        held = enumerate(value) if isinstance(value, tuple) else ()
    for key, inner in held:
        yield from _of_parts(inner, (*place, key), wrong)


def _as_far_as_right(kind: Any, values: Any, place: Place, wrong: set[Place]) -> Any:
    """Return a part with its right values; a wrong or a missing one is None."""
    found = shapes(kind)
    right = {name: _right(found[name], values[name], (*place, name), wrong) for name in found if name in values}
    return kind(**dict.fromkeys((f.name for f in fields(kind) if _is_required(f)), None) | right)


def _is_required(field: Field[Any]) -> bool:
    return field.default is MISSING and field.default_factory is MISSING


def _right(shape: Shape, value: Any, place: Place, wrong: set[Place]) -> Any:
    if place in wrong:
        return None
    if is_dataclass(shape.base):
        return _as_far_as_right(shape.base, value, place, wrong)
    if shape.base is Union and isinstance(value, dict):
        shape = next(x for x in shape.inner if x.base is dict or is_dataclass(x.base))
        return _right(shape, value, place, wrong)
    if shape.base is dict:
        return {key: _right(shape.inner[1], held, (*place, key), wrong) for key, held in value.items()}
    if shape.base is tuple:
        inner = shape.inner
        return tuple(_right(inner[min(n, len(inner) - 1)], held, (*place, n), wrong) for n, held in enumerate(value))
    return value


# ---- errors of the model

_REASONS = {
    "string_type": '"文字" のように引用符で囲んで書きます',
    "string_too_short": "空です。言葉を書いてください",
    "string_too_long": "{max_length}字までです",
    "int_type": "整数で書きます",
    "int_from_float": "整数で書きます",
    "float_type": "数で書きます",
    "finite_number": "数で書きます",
    "bool_type": "true か false で書きます",
    "date_type": "日付を引用符なしで 2026-07-01 のように書きます",
    "time_type": "時刻を引用符なしで 08:30:00 のように書きます",
    "tuple_type": "[ ] で囲んだ並びか、[[ ]] で始まる表で書きます",
    "dataclass_type": "[ ] で始まる表で書きます",
    "dict_type": "[ ] で始まる表か、{{ }} の組で書きます",
    "too_short": "{min_length}つ以上要ります",
    "too_long": "{max_length}つまでです",
    "greater_than_equal": "{ge:.12g}以上にします",
    "less_than_equal": "{le:.12g}以下にします",
}
# Forms of text that have a name; the other patterns only keep control characters away.
FORMS = {
    r"^[A-Za-z][A-Za-z0-9_]{0,31}$": "英字で始まる英数字と _（32字まで）",
    r"^[A-Z]$": "英大文字1字",
    r"^[^\x00-\x08\x0a-\x1f\x7f\"]$": "引用符のほかの1字",
    r"^[A-Za-z0-9._-]{1,16}$": "英数字と . _ -（16字まで）",
    r"^[A-Za-z0-9._:-]{1,64}$": "英数字と . _ : -（64字まで）",
    r"^[a-z]{2,3}(-[A-Z][a-z]{3})?(-([A-Z]{2}|[0-9]{3}))?$": "言語の記号（ja、zh-Hans、pt-BR など）",
    r"^[a-z_]{1,32}\.[a-z_]{1,32}$": "記録の種類（incident.opened など）",
    r"^A([1-9]|1[0-5])$": "A1 から A15 までの番号",
    r"^(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$": "12-29 のような月と日",
    r"^[a-z][a-z0-9_]{0,31}(\.(\*|[A-Za-z][A-Za-z0-9_]{0,31}))?$": "英小文字で始まる英数字と _（窓口ごとの列は issued.*）",
}


def _faults_of(
    error: ValidationError, lines: dict[Place, int], model: type[Part], unread: set[Place]
) -> tuple[list[Fault], set[Place]]:
    """Return what pydantic found, once for each place, and the places of wrong values, ``unread`` among them."""
    found = error.errors(include_url=False)
    told: dict[Place, Fault] = {}
    wrong: set[Place] = {*unread}
    meant: set[Place] = set()  # missing keys that stand there misspelt
    for fault in found:
        if fault["type"] == "too_short" and any(
            f["loc"][: len(fault["loc"])] == fault["loc"] for f in found if f is not fault
        ):
            continue  # the list is not short: pydantic counts only the items that are right
        place: Place = tuple(x for x in fault["loc"] if not str(x).startswith(MEMBER))
        if fault["type"] == "unexpected_keyword_argument":
            near = _near(place, model)
            meant |= {(*place[:-1], near)} if near else set()
            told.setdefault(place, Fault(place, *_unknown(place, model, near)))
        elif fault["type"] == "missing":
            told.setdefault(place, Fault(place, *_missing(place, model)))
        else:
            while place not in lines:  # pydantic names the member of a union, and [key], below the key
                place = place[:-1]
            wrong.add(place)
            if place in unread:
                continue
            told.setdefault(place, Fault(place, *_explained(dict(fault))))
    return [f for place, f in told.items() if place not in meant or place in lines], wrong


def _shape_at(place: Place, model: type[Part]) -> Any:
    """Return the part, or the shape of the key, that a place of a file is of; None where there is none."""
    found: Any = model
    for key in place:
        if isinstance(key, str) and is_dataclass(found):
            found = shapes(found).get(key)  # type: ignore[arg-type]
        elif isinstance(found, Shape) and found.inner:
            found = found.inner[-1]
        if isinstance(found, Shape) and found.base is Union:  # of its members a part alone has keys
            found = next((x for x in found.inner if is_dataclass(x.base)), found)
        if isinstance(found, Shape) and is_dataclass(found.base):
            found = found.base
    return found


def _unknown(place: Place, model: type[Part], near: str) -> tuple[str, str]:
    """Return reason and remedy of a key that is not known; in TOML a key below the head of a table belongs to that table."""
    if near:
        return "このような項目はありません", if_meant(near)
    for n in range(len(place) - 2, -1, -1):
        above = _shape_at(place[:n], model)
        if is_dataclass(above) and place[-1] in shapes(above):  # type: ignore[arg-type]
            head = ".".join(key for key in place[:n] if isinstance(key, str)) or "表の外"
            inner = ".".join(key for key in place[:-1] if isinstance(key, str))
            return f"{head} の項目です", f"{inner} の外、その表の始まりの行より上に書いてください"
    below = [name for name, shape in shapes(model).items() if place[-1] in _keys_of(shape)] if len(place) == 1 else []
    if len(below) == 1:
        inner = next(shape for name, shape in shapes(model).items() if name == below[0]).inner[0]
        of_one = shapes(inner.base).get(place[-1])  # type: ignore[arg-type]
        if of_one is not None and of_one.base is dict:
            return f"{below[0]} の項目です", f"[{below[0]}.{place[-1]}] と書いてください"
        return f"{below[0]} の項目です", f"すぐ上に [[{below[0]}]] と書いてください"
    return "このような項目はありません", getattr(_shape_at(place[:-1], model), "unknown", Part.unknown)


def _keys_of(shape: Shape) -> Iterable[str | int]:
    """Return the keys of each table of a list."""
    inner = shape.inner[0] if shape.base is tuple else shape
    return shapes(inner.base) if shape.base is tuple and is_dataclass(inner.base) else ()  # type: ignore[arg-type]


def _near(place: Place, model: type[Part]) -> str:
    """Return the key that an unknown one resembles, or ""."""
    part = _shape_at(place[:-1], model)
    names = [f.name for f in fields(part)] if is_dataclass(part) else []
    return nearest(str(place[-1]), names)


def _missing(place: Place, model: type[Part]) -> tuple[str, str]:
    """Return reason and remedy of a key or a table that is not there."""
    found = _shape_at(place, model)
    many = isinstance(found, Shape) and found.base is tuple and is_dataclass(found.inner[0].base)
    if many or is_dataclass(found):
        head = ".".join(str(key) for key in place if isinstance(key, str))
        head = f"[[{head}]]" if many else f"[{head}]"
        return f"{head} の表がありません", "書き足してください"
    return "この項目がありません", "書き足してください"


def _explained(fault: dict[str, Any]) -> tuple[str, str]:
    """Return reason and remedy of a wrong value in Japanese, without the value."""
    if fault["type"] == "string_pattern_mismatch":
        if not clean(str(fault["input"])):
            return "空白だけです", "言葉を書いてください"
        form = FORMS.get(fault["ctx"]["pattern"])
        path = "パスの \\ は / と書いてください" if re.search("[\\b\t\n\f\r]", str(fault["input"])) else ""
        return (f"{form}で書きます", "") if form else ("改行などの使えない文字があります", path)
    context: dict[str, Any] = fault.get("ctx", {})
    if fault["type"] == "literal_error":
        choices = [x for x in re.findall(r"'([^']*)'", context["expected"]) if x]
        word = str(fault["input"]).lower()
        near = nearest(_OTHER_NAMES.get(word, word), choices)
        return f"{one_of(choices)}にします", if_meant(near) if near else ""
    if fault["type"] == "no_member":
        return f"{'か、'.join(_MEMBERS[x] for x in context['members'].split(','))}で書きます", ""
    if fault["type"] == "string_type" and isinstance(fault["input"], dict):
        return "値を1つ書きます", '点のある名は "a.b" のように引用符で囲んでください'
    return _REASONS.get(fault["type"], "値が正しくありません").format(**context), ""


_OTHER_NAMES = dict.fromkeys(("shift_jis", "shift-jis", "sjis", "ms932", "windows-31j"), "cp932")
_MEMBERS = {"str": '"文字"', "int": "整数", "bool": "true・false", "tuple": "[ ] の並び", "dict": "{ } の組"}


_CODE = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,31}")


def _label(place: Place, values: Any) -> str:
    """Return a place in words: ``services 4番目 pin_reset の opens``."""
    words: list[str] = []
    for part in place:
        try:
            values = values[part]
        except (LookupError, TypeError):
            values = None
        if isinstance(part, int) and words:
            words[-1] += f" {part + 1}番目"
            code = values.get("code", values.get("name")) if isinstance(values, dict) else None
            if isinstance(code, str) and _CODE.fullmatch(code):
                words[-1] += f" {code}"
        else:
            words.append(shown(part, 40))
    return " の ".join(words) or "ファイル"
