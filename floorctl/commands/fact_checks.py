"""Check every fact before it is written, of any kind: its fields, its codes, its texts."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from typing import Any, Literal, Union

from floorctl.common.constraints import Chars, Shape, shapes
from floorctl.common.did_you_mean import perhaps
from floorctl.common.errors import Refused, UsageError, by_door
from floorctl.common.frozen import Record
from floorctl.common.illness_words import names_illness
from floorctl.common.privacy import PersonalData, check, check_all, find, warn
from floorctl.models.facts.checked import ValidationError, checked_fact
from floorctl.models.facts.fact import Fact, free_texts
from floorctl.models.facts.kinds import COMMAND_KINDS, KINDS
from floorctl.models.site.site import Site

_TYPES = {
    "missing": "がありません",
    "literal_error": "は決められた値のどれでもありません",
    "string_too_long": "が長すぎます",
    "string_too_short": "が空です",
    "value_error": "は時差の付いた時刻ではありません",
    "string_pattern_mismatch": "の形が違います",
    "greater_than_equal": "が小さすぎます",
    "less_than_equal": "が大きすぎます",
    "json_invalid": "JSON として読めません",
}


def explain(error: ValidationError, kind: str | None = None) -> str:
    """Return the first fault of a fact in plain Japanese, naming fields but never a value.

    Of a wish (its ``kind`` is known) the console has the word of the field in place of its code.
    """
    fault = error.errors(include_input=False, include_url=False, include_context=False)[0]
    kind_of_fault, loc = fault["type"], [str(x) for x in fault["loc"]]
    if kind_of_fault == "json_invalid":
        return "JSON として読めません"
    if kind_of_fault in ("dict_type", "dataclass_type") and len(loc) < 2:
        return "JSON のオブジェクトではありません"
    if kind_of_fault == "union_tag_not_found":
        return "kind がありません"
    if kind_of_fault == "union_tag_invalid":
        return "知らない kind です"
    if kind is None and loc and loc[0] in COMMAND_KINDS:
        return "発券機の記録では受け付けない種類です"
    if kind_of_fault == "unexpected_keyword_argument":
        return "知らない項目があります"
    field = loc[1] if len(loc) > 1 and loc[0] in KINDS else (loc[0] if loc else "")
    known = field == "kind" or any(field in model.names() for model in KINDS.values())
    name, said = field if known else "項目", _TYPES.get(kind_of_fault, "の型が違います")
    if kind is None:
        return f"{name} {said}"
    return by_door(f"{free_texts(kind).get(field, _TYPED)}{said}", f"{name} {said}")


# A field that has no word of its own on the console: what was typed there.
_TYPED = "入れた値"


def check_codes(fact: Fact, site: Site) -> str:
    """Return the field that names a code which the site does not have; '' where all are known."""
    for field, table, code in fact.named_codes():
        if code not in getattr(site, table):
            return field
    return ""


def _near_code(fact: Fact, site: Site) -> str:
    """Return （もしかして …） for the first code that the site does not have, or ""."""
    for _, table, code in fact.named_codes():
        if code not in (known := getattr(site, table)):
            return perhaps(code, known)
    return ""


def _words_of(error: ValidationError, kind: str, fields: dict[str, Any]) -> str:
    """Return which words a field takes, and the one that was meant, for a word that is none of them; or ""."""
    fault = error.errors(include_input=False, include_url=False, include_context=False)[0]
    field = str(fault["loc"][0]) if fault["loc"] else ""
    shape = shapes(KINDS[kind]).get(field)
    if fault["type"] != "literal_error" or shape is None or shape.base is not Literal:
        return ""
    words = [x for x in shape.inner if x]
    return f"使えるのは {'、'.join(words)} です{perhaps(str(fields.get(field, '')), words)}"


_OFFICIAL = by_door("そのコードは", "official は")


def foreign_official(fact: Fact, site: Site, contractor: Iterable[str]) -> str:
    """Return why the ``official`` of a fact is none of the city (仕様書 7(2)); '' where it is, or none is named.

    ``contractor``: codes of the contractor's people.
    """
    official: str = getattr(fact, "official", "")
    if not official:
        return ""
    if official.upper() in {x.upper() for x in contractor}:
        return f"{_OFFICIAL}受託者の名簿のコードです（決めるのは市職員だけです）"
    if not site.city_codes.codes and official.upper() in {x.code.upper() for x in site.terminals}:
        return f"{_OFFICIAL}端末のコードです"
    return "" if site.city_codes.has(official) else f"{_OFFICIAL}市職員のコードの形ではありません"


def nothing_stands(number: str) -> bool:
    """Return False: for a feed's line, none of whose numbers is known."""
    return False


def guard(fact: Fact, stands: Callable[[str], bool] = nothing_stands) -> Fact:
    """Return the fact with clean text, free of personal data. Raise privacy.PersonalData (a Refused), without any echo.

    ``stands``: returns whether a number (of a ticket, a case, …) was assigned by floorctl or is in the file already, so
    that it is no free text.
    """
    changed: dict[str, Any] = {}
    for field, word in free_texts(fact.kind).items():
        text = getattr(fact, field)
        if text and not (field in _NUMBERS and stands(text)):
            cleaned = check(text, word) if isinstance(text, str) else check_all(text, word)
            if cleaned != text:
                changed[field] = cleaned
    return checked_fact(fact.kind, fact.everything() | changed) if changed else fact


def doubts(fact: Fact) -> list[str]:
    """Return the warnings of a guarded fact, once each: texts in it look like a name, an address or a birthday.

    Where one person is meant, also like an illness.
    """
    found: dict[str, None] = {}
    for field, word in free_texts(fact.kind).items():
        text = getattr(fact, field) or ()
        for line in (text,) if isinstance(text, str) else text:
            if said := warn(line):
                found[f"{word}に{said}"] = None
            if fact.kind in _OF_ONE_PERSON and names_illness(line):
                found[f"{word}に病気らしい語があります。病名や体の具合は書かないでください。"] = None
    return list(found)


_OF_ONE_PERSON = frozenset(
    (
        *("staff.changed", "staff.posted", "absence.planned", "vacancy.opened", "vacancy.filled", "charge.taken"),
        *("terminal.staffed", "memo.written"),
    )
)


_NUMBERS = frozenset({"ticket", "escalation", "incident", "meeting"})
_IDS = (
    "id",
    "target",
    "target_source",
    "memo",
    "memo_source",
)  # of a fact: ours, or of one that stands in the file already
MOST_DIGITS = 9  # of a code; a telephone, a resident's number and 個人番号 have ten or more


def guard_codes(fact: Fact) -> None:
    """Refuse a code with the number of a person in it, where a person writes it. Raise privacy.PersonalData.

    A code of staff may be the number of an employee; a feed's codes are those of a machine and are not looked at.
    """
    texts = free_texts(fact.kind)
    for field, value in fact.everything().items():
        if field in texts or field in _IDS:
            continue
        for code in _strings(value):
            if sum(map(str.isdigit, code)) > MOST_DIGITS and (found := find(code)):
                raise PersonalData("コード", found)


def _strings(value: Any) -> Iterator[str]:
    """Yield the strings of a field: itself, or those in its list, its dictionary's keys, its records."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Record):
        for inner in value.everything().values():
            yield from _strings(inner)
    elif isinstance(value, dict | tuple):
        for inner in value:
            yield from _strings(inner)


def _read(kind: str, fields: dict[str, Any]) -> dict[str, Any]:
    """Return the fields with codes typed in full width (Ｃ１, Ｔ３, １０：１０) in NFKC; what has its form stays as it is."""
    known = shapes(KINDS[kind])
    return {name: _in_form(value, known[name]) if name in known else value for name, value in fields.items()}


def _in_form(value: Any, of: Shape) -> Any:
    if isinstance(value, tuple | list) and of.base is tuple:
        return [_in_form(x, of.inner[0]) for x in value]
    if not isinstance(value, str) or value.isascii():
        return value
    marks = [x.mark(Chars) for x in (of.inner if of.base is Union else (of,)) if isinstance(x, Shape)]
    forms = [m.pattern for m in marks if m is not None and m.pattern is not None]
    fits = not forms or any(re.search(form, value) for form in forms)
    return value if fits else unicodedata.normalize("NFKC", value).strip()


def make_fact(
    kind: str,
    fields: dict[str, Any],
    fact_id: str,
    at: Any,
    site: Site,
    stands: Callable[[str], bool] = nothing_stands,
) -> Fact:
    """Return a checked, guarded fact from a wish; ``stands`` as in ``guard``.

    Raise Refused (a value) or UsageError (a field that is not there).
    """
    if kind not in KINDS:
        raise UsageError("知らない種類です", "", "floorctl help facts で種類を確かめてください")
    what = f"{KINDS[kind].word}{by_door('', f'（{kind}）')}を記録できません"
    check_fields = by_door("入れ直してください", "項目を確かめてください")
    try:
        fact = checked_fact(kind, {"id": fact_id, "at": at, **_read(kind, fields)})
    except ValidationError as e:
        fault = e.errors(include_input=False, include_url=False)[0]["type"]
        wrong_use = fault in ("missing", "unexpected_keyword_argument")
        do = by_door("入れ直してください", _words_of(e, kind, fields) or "項目を確かめてください")
        raise (UsageError if wrong_use else Refused)(what, explain(e, kind), do) from None
    guard_codes(fact)
    unknown = check_codes(fact, site)
    if unknown:
        raise Refused(
            what,
            f"{by_door('その', f'{unknown} の')}コードが会場設定にありません",
            f"コードを確かめてください{by_door('', _near_code(fact, site))}",
        )
    try:
        return guard(fact, stands)
    except ValidationError as e:
        raise Refused(what, explain(e, kind), check_fields) from None
