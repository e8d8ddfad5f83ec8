"""Write a proposed description as commented TOML of at most ``MOST_LINES`` lines."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping

from floorctl.intake.sources.proposal.column_profile import Profile
from floorctl.intake.sources.proposal.guess import MISSING, FactLine, Proposal

MOST_LINES = 25
FILL_IN = "# ここを埋める"
CHECK = "# ここを確かめる"
_INLINE = 100
_BARE = re.compile(r"[A-Za-z0-9_-]+")


def proposal_toml(found: Proposal) -> str:
    """Return the proposal as TOML."""
    codes_apart = {word for word, codes in found.codes.items() if any(not code for code, _ in codes.values())}
    columns_apart = True
    lines = _lines(found, columns_apart, codes_apart)
    if len(lines) > MOST_LINES:
        lines = _lines(found, columns_apart := False, codes_apart)
    for word in sorted(codes_apart, key=lambda w: -len(found.codes[w])):
        if len(lines) <= MOST_LINES:
            break
        codes_apart.discard(word)
        lines = _lines(found, columns_apart, codes_apart)
    return "\n".join(lines) + "\n"


def _lines(found: Proposal, columns_apart: bool, codes_apart: set[str]) -> list[str]:
    columns = _columns(found)
    inline = f"columns = {_table(columns)}"
    apart = columns_apart and len(inline) > _INLINE
    mark = "" if "day" not in found.missing else f" {FILL_IN}: 日付がどこにもありません"
    lines = ["[[sources]]", *_head(found)]
    if mark:
        lines.append(f"# {mark.removeprefix(' # ')}（ファイル名の {{YYYY}}{{MM}}{{DD}} か、columns の day）")
    lines += [] if apart else [f"{inline}{_comment(found)}"]
    lines += ["facts = [", *(f"  {_fact(x, found)}" for x in found.facts), "]"]
    if apart:
        lines.append("[sources.columns]")
        lines += [f"{key} = {value}{_column_comment(found, key)}" for key, value in columns.items()]
    inline_codes = [word for word in found.codes if word not in codes_apart and found.codes[word]]
    if inline_codes:
        lines.append("[sources.codes]")
        for word in inline_codes:
            codes = found.codes[word]
            table = _table({quoted(v): quoted(code or MISSING) for v, (code, _) in codes.items()})
            fill = f"  {FILL_IN}" if any(not code for code, _ in codes.values()) else f"  {CHECK}"
            lines.append(f"{word} = {table}{fill}")
    for word in found.codes:
        if word in codes_apart:
            lines.append(f"[sources.codes.{word}]")
            for value, (code, n) in found.codes[word].items():
                lines.append(f"{quoted(value)} = {quoted(code or MISSING)}  {CHECK if code else FILL_IN}（{n:,}行）")
    return lines


def _head(found: Proposal) -> Iterable[str]:
    sample = found.sample
    yield f"name = {quoted(found.name)}"
    yield f"files = {quoted(found.files)}"
    if sample.form != "csv":
        yield f'form = "{sample.form}"'
    if sample.encoding:
        yield f'encoding = "{sample.encoding}"'
    if sample.separator != ",":
        yield f"separator = {quoted(sample.separator)}"
    if sample.form in ("csv", "tsv") and not sample.heading:
        yield "heading = false"
    if sample.skip_lines:
        yield f"skip_lines = {sample.skip_lines}"
    if sample.rows:
        yield f"rows = {quoted(sample.rows)}"
    if sample.table:
        yield f"table = {quoted(sample.table)}"
    if found.zone:
        yield f'zone = "{found.zone}"  {CHECK}'
    if found.dates:
        yield f'dates = "{found.dates}"{"" if found.dates_sure else f"  {CHECK}"}'
    if found.wraps:
        yield "wraps = true"
    if found.ends:
        yield f'ends = "{found.ends}"  # 終了の記録がない'
    if found.arrivals:
        yield f'arrivals = "{found.arrivals}"  # 発券の記録がない'
    if found.roles.personal and sample.form != "fixed":
        places = ", ".join(_place(x) for x in found.roles.personal)
        yield f"personal = [{places}]"
    if found.leave_out:
        cases = ", ".join(_table({_key(word): quoted(value)}) for word, value in found.leave_out[:5])
        yield f"leave_out = [{cases}]"


def _columns(found: Proposal) -> dict[str, str]:
    """Return the columns by word, as TOML values."""
    columns: dict[str, str] = {}
    if found.roles.at is not None and not found.roles.words.keys() & {"at", "time"}:
        columns["at"] = quoted(str(found.roles.at.place))
    for word, x in found.roles.words.items():
        if x.part:
            columns[word] = f"{{ column = {_place(x)}, split = {quoted(x.mark)}, part = {x.part} }}"
        else:
            columns[word] = _place(x)
    for word in found.missing:
        if word != "day":
            columns[word] = f"{{ value = {quoted(MISSING)} }}"
    return columns


def _comment(found: Proposal) -> str:
    missing = [word for word in found.missing if word != "day"]
    if missing:
        return f"  {FILL_IN}: {'・'.join(missing)}"
    return f"  {CHECK}: {'・'.join(unsure)}" if (unsure := _unsure(found)) else ""


def _column_comment(found: Proposal, word: str) -> str:
    if word in found.missing:
        return f"  {FILL_IN}"
    return f"  {CHECK}" if word in found.roles.unsure else ""


def _unsure(found: Proposal) -> list[str]:
    return [word for word in found.roles.words if word in found.roles.unsure]


def _fact(x: FactLine, found: Proposal) -> str:
    parts = {"kind": quoted(x.kind)}
    if x.at:
        parts["at"] = quoted(x.at)
    for key, cases in (("when", x.when), ("unless", x.unless)):
        if cases:
            parts[key] = _table({_key(word): _one_or_more(values) for word, values in cases.items()})
    parts |= {key: _table({"value": quoted(value)}) for key, value in x.values.items()}
    parts |= {key: quoted(word) for key, word in x.names.items()}
    unsure = ("event" in found.roles.unsure and x.when) or ("kind" in found.roles.unsure)
    return f"{_table(parts)},{f'  {CHECK}' if unsure else ''}"


def _one_or_more(values: list[str]) -> str:
    return quoted(values[0]) if len(values) == 1 else f"[{', '.join(map(quoted, values))}]"


def _table(pairs: Mapping[str, str]) -> str:
    return "{ " + ", ".join(f"{key} = {value}" for key, value in pairs.items()) + " }"


def _key(word: str) -> str:
    return word if _BARE.fullmatch(word) else quoted(word)


def _place(x: Profile) -> str:
    return str(x.place) if isinstance(x.place, int) else quoted(x.place)


def quoted(text: str) -> str:
    """Return a text as a TOML string in which nothing invisible stands as it is."""
    whole = json.dumps(text, ensure_ascii=False)
    return "".join(c if c.isprintable() else f"\\U{ord(c):08X}" for c in whole)
