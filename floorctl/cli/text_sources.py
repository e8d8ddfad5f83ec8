"""Plain text of ``floorctl source try``: a trial of a description, and the proposal of one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from pathlib import Path

from rich.cells import cell_len

from floorctl.cli.text import columns, folded
from floorctl.common.clean_text import clean
from floorctl.common.lengths import length
from floorctl.common.words import OUTCOMES, hms, month_day, more_word, short_day
from floorctl.intake.sources.found import BadRow
from floorctl.intake.sources.proposal.column_profile import Profile
from floorctl.intake.sources.proposal.guess import MISSING, Proposal
from floorctl.intake.sources.proposal.proposal_toml import proposal_toml, quoted
from floorctl.intake.sources.proposal.sample import MOST_BYTES, MOST_ROWS, Sample
from floorctl.intake.sources.trial import ShownRow, Trial, harmless
from floorctl.models.board.fact_sentence import subject
from floorctl.models.facts.fact import Fact
from floorctl.models.facts.kinds import KINDS
from floorctl.models.site.site import Site
from floorctl.models.site.source import Source

FORMS = {
    "csv": "CSV",
    "tsv": "TSV（タブ区切り）",
    "fixed": "固定長",
    "jsonl": "1行1件の JSON",
    "json": "JSON",
    "sqlite": "SQLite",
    "floorctl": "発券機の記録（floorctl の形）",
}
_SEPARATORS = {";": "セミコロン区切り", "|": "縦線区切り", " ": "空白区切り"}
_ENCODINGS = {"cp932": "Shift_JIS", "utf-8": "UTF-8", "utf-16-le": "UTF-16", "utf-16-be": "UTF-16", "euc-jp": "EUC-JP"}
_DAYS, _REASONS = 10, 30  # shown
# Words of a proposal's columns.
COLUMN_WORDS = {
    "id": "行の番号",
    "day": "日付",
    "time": "時刻",
    "at": "日時",
    "issued": "発券時刻",
    "called": "呼出時刻",
    "finished": "終了時刻",
    "no_show": "不在の時刻",
    "left": "帰宅・取消しの時刻",
    "ticket": "番号",
    "event": "発券・呼出しなどの区別",
    "service": "業務",
    "terminal": "端末（窓口）",
    "lane": "列",
    "outcome": "結果",
    "waiting": "待ち人数",
    "prefix": "番号の頭の文字",
}
_STYLES = {
    "events": "1行が1つの出来事（発券、呼出しなど）",
    "visits": "1行が1人の来庁（発券から終了まで）",
    "counts": "待ち人数の一覧",
    "issues": "1行が1件の発券",
}


# ---- a trial


def trial_text(trial: Trial, source: Source, path: Path, site: Site) -> str:
    """Return a trial in words."""
    parts = [_file_line(trial, source, path), *_first_rows(trial, source, site), _counts(trial, site)]
    parts += [text for text in (_refused(trial), _missing(trial), _checks(trial, source)) if text]
    return "\n\n".join([*parts, assessment(trial, source)])


def _file_line(trial: Trial, source: Source, path: Path) -> str:
    form = _SEPARATORS.get(source.separator, FORMS[source.form]) if source.form == "csv" else FORMS[source.form]
    encoding = _ENCODINGS.get(trial.encoding, trial.encoding.upper())
    facts = [f"入力元 {source.name}", form, encoding, f"{trial.rows:,}行"]
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


def _first_rows(trial: Trial, source: Source, site: Site) -> Iterator[str]:
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
        ("列", trial.lanes, {x.code: x.name for x in site.lanes}),
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


# ---- a proposal


def proposal_text(found: Proposal, path: Path, site: Site, out: Path | None = None) -> str:
    """Return a proposal: the TOML, and below it as comments what it rests on; ``out``: the file that it is written to."""
    notes = [f"{clean(path.name)} の入力元の説明の案です。{looked_at(found.sample)}。"]
    notes += [
        *_found_form(found.sample),
        "",
        *_found_columns(found),
        *_not_sure(found),
        "",
        *_next(found, path, site, out),
    ]
    # A command stays on one line, to be copied.
    lines = [line for note in notes for line in ([note] if note.startswith("  floorctl") else folded(note, 78))]
    commented = [f"# {line}".rstrip() for line in lines]
    doubt = [f"# {part}" for part in folded(not_a_record(found), 78)] if not_a_record(found) else []
    return "\n".join([*doubt, proposal_toml(found).rstrip("\n"), "", *commented])


def looked_at(sample: Sample) -> str:
    """Return how much of a file was looked at."""
    if sample.whole:
        return f"{sample.number:,}行のすべてを見ました"
    return f"はじめの{sample.number:,}行（{MOST_ROWS:,}行、{MOST_BYTES // 1_000_000}MB まで）を見ました"


def _found_form(sample: Sample) -> Iterator[str]:
    form = _SEPARATORS.get(sample.separator, FORMS[sample.form]) if sample.form == "csv" else FORMS[sample.form]
    heading = ""
    if sample.form in ("csv", "tsv"):
        heading = "見出しあり" if sample.heading else "見出しなし（列は番号で書きます）"
    encoding = _ENCODINGS.get(sample.encoding, sample.encoding)
    yield "  ".join(
        x for x in (form, encoding, heading, f"上の{len(sample.titles)}行は表題" if sample.titles else "") if x
    )


def _found_columns(found: Proposal) -> Iterator[str]:
    roles = found.roles
    calls = roles.style == "issues" and found.arrivals == "call"
    yield f"{'1行が1件の呼出し' if calls else _STYLES[roles.style]}と見ました。"
    sure = [w for w in roles.words if w not in roles.unsure]
    unsure = [w for w in roles.words if w in roles.unsure]
    for head, words in (("はっきりした列", sure), ("確かめる列", unsure)):
        if words:
            yield f"{head}: " + "、".join(
                f"{COLUMN_WORDS.get(w, COLUMN_WORDS['waiting'])}＝{_where(roles.words[w])}" for w in words
            )
    if roles.personal:
        yield "読まない列（個人情報らしい）: " + "、".join(place_word(x.place) for x in roles.personal)
    unused = [x for x in roles.unused if x.filled]
    if unused:
        yield "使わない列: " + "、".join(place_word(x.place) for x in unused[:12]) + more_word(len(unused) - 12, "列")
    if empty := len(roles.unused) - len(unused):
        yield f"空の列: {empty}"


def _where(x: Profile) -> str:
    part = f"の{x.part}つ目" if x.part else ""
    return f"{place_word(x.place)}{part}"


def _not_sure(found: Proposal) -> Iterator[str]:
    words = found.roles.words
    if "event" in found.roles.unsure:
        yield "どの値が発券・呼出し・終了かは、番号ごとの順から推しはかりました。"
    if found.unused_events:
        values = "、".join(clean(v) for v in list(found.unused_events)[:6])
        yield f"使わない区別の値: {values}"
    if "terminal" not in words and found.roles.style != "counts":
        yield "端末（窓口）の列は見つかりません。呼出しは端末なしになります。"
    if found.ends == "next_call":
        yield "終了の時刻がないので、次の呼出しを前の人の終了とします（ends）。"
    elif found.ends == "call":
        yield "終了の時刻がないので、呼出しで完了とします（ends）。"
    if words.get("ticket") is words.get("issued") is not None:
        yield "番号の列は見つかりません。発券の時刻を番号の代わりにします。"
    if found.zone:
        yield "時刻が窓口の時間に合わないので、世界時（UTC）と見ました（zone）。"
    if "prefix" in found.codes:
        yield "番号は業務ごとに数えているようです。業務ごとの文字を番号の前に付けて区別します（codes.prefix）。"
    if not found.dates_sure:
        yield "日付の月と日の順（dates）を確かめてください。"


def _next(found: Proposal, path: Path, site: Site, out: Path | None) -> Iterator[str]:
    unresolved = sum(not code for codes in found.codes.values() for code, _ in codes.values()) + len(found.missing)
    if unresolved:
        yield f'「ここを埋める」が{unresolved}か所あります。? を会場のコードに直してください。取り込まない値は "" とします。'
        yield from _site_codes(found, site)
    if site.sources:
        names = "、".join(x.name for x in site.sources[:8])
        yield f"会場設定にある入力元（{names}）の説明で試すには、--source を付けます。"
    yield (
        "直したら、試してください。"
        if out is not None
        else "直したら、試してください（--out 説明.toml で書き出せます）。"
    )
    toml = "説明.toml" if out is None else _argument(out)
    yield f"  floorctl source try {_argument(path)} --source-file {toml}"


def _argument(path: Path) -> str:
    word = clean(str(path))
    return f'"{word}"' if " " in word else word


def _site_codes(found: Proposal, site: Site) -> Iterator[str]:
    """Yield the codes of the site that may be filled in."""
    open_words = {w for w, codes in found.codes.items() if any(not code for code, _ in codes.values())}
    open_words |= {*found.missing}
    for word, head, codes in (
        ("service", "業務", [f"{x.code} {x.short}" for x in site.services]),
        ("terminal", "端末", [x.code for x in site.terminals]),
        ("lane", "列", [f"{x.code} {x.name}" for x in site.lanes]),
        ("outcome", "結果", [f"{code} {site.outcome_word(code)}" for code in OUTCOMES]),
    ):
        if word in open_words:
            yield f"{head}のコード: {'、'.join(codes)}"


def not_a_record(found: Proposal) -> str:
    """Return a sentence for a table that is no record of a ticket machine, or ""."""
    headings = " ".join(x.heading for x in found.sample.columns)
    timed = found.roles.words.keys() & {"at", "time", "issued", "called"}
    if found.roles.style == "counts":
        return ""
    if "予約" in headings and not any(w in headings for w in ("発券", "呼出", "受付番号")):
        return "予約の一覧のようです。予約の枠数は floorctl appointments import で取り込みます。"
    if "時間帯" in headings:
        return "時間帯ごとの集計のようです。発券機の記録としては取り込めません。"
    said = " ".join([headings, *found.sample.titles])
    staff = any(w in headings for w in ("職員", "社員", "スタッフ", "従業員", "従事者"))
    if any(w in headings for w in ("休憩", "シフト", "勤務", "出勤")) or (
        staff and any(w in said for w in ("シフト", "勤務"))
    ):
        return "勤務表のようです。勤務表は floorctl roster shifts import で取り込みます。"
    if staff and not timed:
        return "職員の名簿のようです。名簿は floorctl roster import で取り込みます。"
    if not timed:
        return "時刻の列が見つかりません。発券や呼出しの記録ではないかもしれません。"
    return ""
