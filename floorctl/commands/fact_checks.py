"""The checks that every fact passes before it is written, of whatever kind: its fields, its codes, its texts."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from pydantic import ValidationError

from floorctl.common.errors import Refused, UsageError
from floorctl.common.privacy import PersonalData, check, check_all, find, warn
from floorctl.common.words import KINDS
from floorctl.models.facts import day_facts as ev
from floorctl.models.facts.fields import Fact
from floorctl.models.site.site import Site

_TYPES = {
    "missing": "がありません",
    "extra_forbidden": "は知らない項目です",
    "literal_error": "は決められた語のどれでもありません",
    "string_too_long": "が長すぎます",
    "string_too_short": "が空です",
    "value_error": "は時差の付いた時刻ではありません",
    "string_pattern_mismatch": "の形が違います",
    "greater_than_equal": "が小さすぎます",
    "less_than_equal": "が大きすぎます",
    "json_invalid": "JSON として読めません",
}


def explain(error: ValidationError, kind: str | None = None) -> str:
    """The first fault of a fact in plain Japanese, naming fields but never a value."""
    fault = error.errors(include_input=False, include_url=False, include_context=False)[0]
    kind_of_fault, loc = fault["type"], [str(x) for x in fault["loc"]]
    if kind_of_fault == "json_invalid":
        return "JSON として読めません"
    if kind_of_fault in ("dict_type", "model_type", "model_attributes_type") and len(loc) < 2:
        return "JSON のオブジェクトではありません"
    if kind_of_fault == "union_tag_not_found":
        return "kind がありません"
    if kind_of_fault == "union_tag_invalid":
        return "知らない kind です"
    if kind is None and loc and loc[0] in ev.COMMAND_KINDS:
        return "フィードでは受け付けない種類です"
    if kind_of_fault == "extra_forbidden":
        return "知らない項目があります"
    field = loc[1] if len(loc) > 1 and loc[0] in ev.MODELS else (loc[0] if loc else "")
    known = {f for m in ev.MODELS.values() for f in m.model_fields}
    return f"{field if field in known else '項目'} {_TYPES.get(kind_of_fault, 'の型が違います')}"


def check_codes(fact: Fact, site: Site) -> str:
    """Which field names a code that the site does not have; '' where all are known."""
    for field, table, code in ev.codes(fact):
        if code not in getattr(site, table):
            return field
    return ""


def nothing_stands(number: str) -> bool:
    """Of a feed's line: no number of it has been judged before."""
    return False


def guard(fact: Fact, stands: Callable[[str], bool] = nothing_stands) -> Fact:
    """The fact with clean text, free of personal data. Raises privacy.PersonalData (a Refused), without any echo.

    ``stands``: whether a number (of a ticket, a case, …) is given by floorctl itself or stands in the file already, and
    so is no text of anybody's.
    """
    changed: dict[str, Any] = {}
    for field in ev.TEXTS[fact.kind]:  # type: ignore[attr-defined]
        text, word = getattr(fact, field), ev.TEXT_FIELDS[field]
        if text and not (field in _NUMBERS and stands(text)):
            cleaned = check(text, word) if isinstance(text, str) else check_all(text, word)
            if cleaned != text:
                changed[field] = cleaned
    if not changed:
        return fact
    fields = fact.model_dump() | changed
    return type(fact).model_validate(fields)


def doubts(fact: Fact) -> list[str]:
    """What is to be told of a guarded fact, once each: texts in it look like a name, an address or a birthday."""
    found: dict[str, None] = {}
    for field in ev.TEXTS[fact.kind]:  # type: ignore[attr-defined]
        text = getattr(fact, field) or ()
        for line in (text,) if isinstance(text, str) else text:
            if said := warn(line):
                found[f"{ev.TEXT_FIELDS[field]}に{said}"] = None
    return list(found)


_NUMBERS = frozenset({"ticket", "escalation", "incident", "meeting"})
_IDS = ("id", "kind", "target", "target_source")  # of a fact: ours, or of one that stands in the file already
MOST_DIGITS = 9  # of a code; a telephone, a resident's number and 個人番号 have ten or more


def guard_codes(fact: Fact) -> None:
    """Refuses a code with the number of a person in it, where a person writes it. Raises privacy.PersonalData.

    A code of staff may be the number of an employee; a feed's codes are those of a machine and are not looked at.
    """
    texts = ev.TEXTS[fact.kind]  # type: ignore[attr-defined]
    for field, value in fact:
        if field in texts or field in _IDS:
            continue
        for code in (value,) if isinstance(value, str) else value if isinstance(value, dict | tuple) else ():
            if isinstance(code, str) and sum(map(str.isdigit, code)) > MOST_DIGITS and (found := find(code)):
                raise PersonalData("コード", found)


def make_fact(
    kind: str,
    fields: dict[str, Any],
    fact_id: str,
    at: Any,
    site: Site,
    stands: Callable[[str], bool] = nothing_stands,
) -> Fact:
    """A checked, guarded fact from a wish; ``stands`` as in ``guard``. Raises Refused (a value) or UsageError (a field
    that is not there)."""
    if kind not in ev.MODELS:
        raise UsageError("知らない種類です", "", "floorctl do --help で種類を確かめてください")
    try:
        fact: Fact = ev.MODELS[kind].model_validate({"id": fact_id, "at": at, **fields})
    except ValidationError as e:
        wrong_use = e.errors(include_input=False, include_url=False)[0]["type"] in ("missing", "extra_forbidden")
        raise (UsageError if wrong_use else Refused)(
            f"{KINDS[kind]}（{kind}）を記録できません", explain(e, kind), "項目を確かめてください"
        ) from None
    guard_codes(fact)
    unknown = check_codes(fact, site)
    if unknown:
        raise Refused(
            f"{KINDS[kind]}（{kind}）を記録できません",
            f"{unknown} のコードがサイト設定にありません",
            "コードを確かめてください",
        )
    try:
        return guard(fact, stands)
    except ValidationError as e:
        raise Refused(f"{KINDS[kind]}（{kind}）を記録できません", explain(e, kind), "項目を確かめてください") from None
