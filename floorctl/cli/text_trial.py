"""Plain text of ``floorctl source try``: a trial of a description."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from pathlib import Path

from rich.cells import cell_len

from floorctl.cli.text import columns, folded
from floorctl.common.clean_text import clean
from floorctl.common.lengths import length
from floorctl.common.words import hms, month_day, more_word, short_day
from floorctl.intake.sources.found import BadRow
from floorctl.intake.sources.proposal.guess import MISSING
from floorctl.intake.sources.proposal.proposal_toml import quoted
from floorctl.intake.sources.trial import ShownRow, Trial, harmless
from floorctl.models.board.fact_sentence import subject
from floorctl.models.facts.fact import Fact
from floorctl.models.facts.kinds import KINDS
from floorctl.models.site.site import Site
from floorctl.models.site.source import Form, Source

_FORMS = {
    "csv": "CSV",
    "tsv": "TSV（タブ区切り）",
    "fixed": "固定長",
    "jsonl": "1行1件の JSON",
    "json": "JSON",
    "sqlite": "SQLite",
    "floorctl": "発券機の記録（floorctl の形）",
}
_SEPARATORS = {";": "セミコロン区切り", "|": "縦線区切り", " ": "空白区切り"}
ENCODINGS = {"cp932": "Shift_JIS", "utf-8": "UTF-8", "utf-16-le": "UTF-16", "utf-16-be": "UTF-16", "euc-jp": "EUC-JP"}
_DAYS, _REASONS = 10, 30  # shown


def trial_text(trial: Trial, source: Source, path: Path, site: Site) -> str:
    """Return a trial in words."""
    parts = [_file_line(trial, source, path), *_first_rows(trial, site), _counts(trial, site)]
    parts += [text for text in (_refused(trial), _missing(trial), _checks(trial, source)) if text]
    return "\n\n".join([*parts, assessment(trial, source)])


def form_word(form: Form, separator: str) -> str:
    """Return the form of a file in words; a CSV file's separator says more."""
    return _SEPARATORS.get(separator, _FORMS[form]) if form == "csv" else _FORMS[form]


def _file_line(trial: Trial, source: Source, path: Path) -> str:
    encoding = ENCODINGS.get(trial.encoding, trial.encoding.upper())
    facts = [f"入力元 {source.name}", form_word(source.form, source.separator), encoding, f"{trial.rows:,}行"]
    return (
        "\n".join(folded(f"{clean(path.name)}  {'  '.join(x for x in facts if x)}"))
        + "\n試し読みです。何も書き込んでいません。"
    )


def fact_text(fact: Fact, site: Site) -> str:
    """Return a fact in words: 9/14 9:03:10 B041 発券 証明書更新."""
    said, who = fact.sentence(site), subject(fact, site)
    lane = getattr(fact, "lane", None)
    if not who and lane:
        who = site.lane_by_code[lane].name
    words = said if not who or who in said.split() else f"{who} {said}"
    return f"{month_day(fact.at)} {hms(fact.at)}  {words}"


def _first_rows(trial: Trial, site: Site) -> Iterator[str]:
    if not trial.first_rows:
        return
    lines = ["はじめの行と、そこからできる記録"]
    if trial.places:
        names = _folded_at([place_word(x) for x in trial.places], 72)
        lines += [f"{'    列  ' if not n else ' ' * 8}{part}" for n, part in enumerate(names)]
    for row in trial.first_rows:
        lines += _row(row, site, row.number in trial.added)
    yield "\n".join(lines)


def place_word(place: int | str) -> str:
    """Return the name of a column: its heading, or its number."""
    return f"{place}列目" if isinstance(place, int) else clean(place)


def _row(row: ShownRow, site: Site, added: bool) -> Iterator[str]:
    head = f"{row.number:>4}行  "
    before = " " * cell_len(head)
    for n, part in enumerate(_folded_at(row.cells, 80 - len(before)) if row.cells else [""]):
        yield f"{head if not n else before}{part}".rstrip()
    if not row.found:
        yield f"{before}→ 同じ窓口の待ち人数に足します" if added else f"{before}→ 記録になりません"
    for one in row.found:
        if isinstance(one, BadRow):
            why = f"{one.column}：{one.why}".removeprefix("：")
            said = f"取り込めません  {why}"
        else:
            said = fact_text(one, site)
        for n, part in enumerate(folded(said, 80 - len(before) - 3)):
            yield f"{before}{'→ ' if not n else '   '}{part}"


def _folded_at(cells: Sequence[str], width: int) -> list[str]:
    """Return cells in lines of at most ``width`` cells, parted between them."""
    lines, line = [], ""
    for cell in cells:
        more = f"{line} | {cell or '-'}" if line else cell or "-"
        if line and cell_len(more) > width:
            lines.append(f"{line} |")
            line = cell or "-"
        else:
            line = more
    return [*lines, line]


def _refused(trial: Trial) -> str:
    if not trial.refusals:
        return ""
    lines = [f"取り込めないもの  {trial.refused:,}件（{trial.rows_refused:,}行）"]
    groups = sorted(trial.refusals.values(), key=lambda x: -x.count)
    for x in groups[:_REASONS]:
        some = f"{'・'.join(map(str, x.rows))}行目{'ほか' if x.count > len(x.rows) else ''}"
        example = f"（例 {x.examples[0]}）" if x.examples else ""
        lines += _item(f"{f'{clean(x.column)}  ' if x.column else ''}{x.count:,}件（{some}）  {x.why}{example}")
    if len(groups) > _REASONS:
        lines.append(f"ほかに{len(groups) - _REASONS}とおりの理由があります。")
    return "\n".join(lines)


def _item(text: str) -> list[str]:
    """Return a text as an item of a list, folded below itself."""
    return [f"{'・' if not n else '  '}{part}" for n, part in enumerate(folded(text, 78))]


def _missing(trial: Trial) -> str:
    if not trial.missing_codes:
        return ""
    lines = [f'コード表に書き足す行（"{MISSING}" をコードに直します。取り込まない値は "" とします）']
    for word, counts in trial.missing_codes.items():
        lines.append(f"[sources.codes.{word}]")
        lines += [_code_line(value, n) for value, n in counts.most_common()]
    return "\n".join(lines)


def _code_line(value: str, n: int) -> str:
    """Return a line of a code table to be filled in, with the number of rows."""
    if not harmless(value):
        return f"# 個人情報らしい値が {n:,}行あります（表示しません）"
    return f'{quoted(value)} = "{MISSING}"  # {n:,}行'


def _counts(trial: Trial, site: Site) -> str:
    refused = f"  取り込めない {trial.refused:,}件" if trial.refused else ""
    again = f"  重複 {trial.duplicates:,}件" if trial.duplicates else ""
    left_out = f"  除いた行 {trial.left_out:,}" if trial.left_out else ""
    untold = f"  記録のない行 {trial.untold:,}" if trial.untold else ""
    rows = [["できる記録", f"{trial.facts:,}件{again}{refused}{left_out}{untold}"]]
    if trial.kinds:
        rows.append(["種類", _listed((KINDS[k].word, n) for k, n in trial.kinds.most_common())])
    for name, counts, names in (
        ("業務", trial.services, {x.code: x.short for x in site.services}),
        ("窓口", trial.lanes, {x.code: x.name for x in site.lanes}),
        ("端末", trial.terminals, {}),
    ):
        if counts:
            rows.append([name, _listed((names.get(code, code), n) for code, n in sorted(counts.items()))])
    if trial.days:
        days = sorted(trial.days.items())
        shown = [(short_day(day), n) for day, n in days[-_DAYS:]]
        before = f"ほか{len(days) - _DAYS}日  " if len(days) > _DAYS else ""
        rows.append(["日", before + _listed(shown)])
    if trial.first and trial.last:
        rows.append(["時刻", f"{_instant(trial.first)} から {_instant(trial.last)} まで"])
    return columns(rows)


def _listed(pairs: Iterable[tuple[str, int]]) -> str:
    return "  ".join(f"{name} {n:,}" for name, n in pairs)


def _instant(at: datetime) -> str:
    return f"{at.year}/{month_day(at)} {hms(at)}"


def _checks(trial: Trial, source: Source) -> str:
    lines = [*_odd(trial), *_unused(trial, source)]
    return "\n".join(["確かめる点", *(part for x in lines for part in _item(x))]) if lines else ""


def _odd(trial: Trial) -> Iterator[str]:
    numbers = trial.numbers
    if trial.late:
        yield f"時刻が前の行より早い行  {trial.late:,}行（最大 {length(trial.latest_s)}）。取込みは時刻の順に数え直します"
    if trial.differing:
        yield f"同じ名（id）で内容の違う記録  {trial.differing:,}件。先のものが残ります"
    for name, text in _NUMBERS.items():
        if trial.missing_codes and name in ("never_issued", "not_called", "other_letters"):
            continue  # their other facts are among the refused ones
        if n := getattr(numbers, name):
            if name == "twice_issued" and trial.wraps:
                text = "同じ日に2回以上発券された番号（wraps により新しい人として数えます）"
            shown = numbers.shown.get(name, [])
            yield f"{text}  {n:,}（{'・'.join(shown)}{'…' if n > len(shown) else ''}）"
    if len(trial.days) > 1:
        yield f'{len(trial.days)}日分の記録があります。当日だけでよければ days = "today" とします'
    if trial.endless and not trial.kinds["ticket.finished"]:
        rule = "next_call" if trial.terminals else "call"
        yield f'応対の終わりの記録がありません（応対中のまま残ります）。ほかの入力元が言わなければ ends = "{rule}" とします'
    for kind in trial.silent_kinds:
        yield f"「{KINDS[kind].word}」は1件もできませんでした。説明の when と時刻の列を確かめてください"


_NUMBERS = {
    "twice_issued": "同じ日に2回以上発券された番号（数え直す機械なら wraps = true）",
    "twice_called": "発券より多く呼び出された番号（再呼出しとみます）",
    "never_issued": "発券がなく呼び出された番号",
    "never_called": "発券のあと呼出しも帰宅もない番号（待ち人数に残ります）",
    "not_called": "呼出しがなく終了した番号",
    "other_letters": "発券と呼出しで頭の文字だけが違うらしい番号（codes.prefix で合わせられます）",
}


def _unused(trial: Trial, source: Source) -> Iterator[str]:
    if trial.unused:
        shown = "、".join(clean(x) for x in trial.unused[:12])
        yield f"使っていない列  {shown}{more_word(len(trial.unused) - 12, '列')}"
    if source.personal:
        yield f"読まない列（personal）  {'、'.join(place_word(x) for x in source.personal)}"


def assessment(trial: Trial, source: Source) -> str:
    """Return in one sentence whether the file can be taken in."""
    if not trial.rows:
        return "行が1つもありません。ファイルと、説明の heading・skip_lines・rows を確かめてください。"
    if not trial.facts and not trial.refused:
        return "記録が1件もできません。説明の when、時刻の列、leave_out を確かめてください。"
    if trial.missing_codes:
        words = "・".join(f"codes.{x}" for x in trial.missing_codes)
        return f"コード表（{words}）を書き足して、もう一度試してください。{_rest(trial)}"
    if trial.refused:
        first = max(trial.refusals.values(), key=lambda x: x.count)
        where = (
            f"{clean(first.column)} の列を"
            if first.column
            else ("書き出しを" if source.form == "floorctl" else "説明を")
        )
        return f"{where}直して、もう一度試してください（{first.why}）。{_rest(trial)}"
    if trial.silent_kinds or trial.numbers.never_issued or (trial.numbers.twice_issued and not trial.wraps):
        return "取り込めます。その前に、上の「確かめる点」を見てください。"
    return "このまま取り込めます。"


def _rest(trial: Trial) -> str:
    return f"ほかの{trial.facts:,}件は取り込めます。" if trial.facts else ""
