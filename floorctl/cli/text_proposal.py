"""Plain text of ``floorctl source try`` for a file that nobody has described: the proposal of a description."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from floorctl.cli.text import folded
from floorctl.cli.text_trial import ENCODINGS, form_word, place_word
from floorctl.common.clean_text import clean
from floorctl.common.words import OUTCOMES, more_word
from floorctl.intake.sources.proposal.column_profile import Profile
from floorctl.intake.sources.proposal.guess import Proposal
from floorctl.intake.sources.proposal.proposal_toml import proposal_toml
from floorctl.intake.sources.proposal.sample import MOST_BYTES, MOST_ROWS, Sample
from floorctl.models.site.site import Site

# Words of a proposal's columns.
_COLUMN_WORDS = {
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
    "terminal": "端末",
    "lane": "窓口",
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


def proposal_text(found: Proposal, path: Path, site: Site, out: Path | None = None) -> str:
    """Return a proposal: the TOML, and below it as comments what it rests on; ``out``: the file that it is written to."""
    notes = [f"{clean(path.name)} の入力元の説明の案です。{_looked_at(found.sample)}。"]
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


def _looked_at(sample: Sample) -> str:
    """Return how much of a file was looked at."""
    if sample.whole:
        return f"{sample.number:,}行のすべてを見ました"
    return f"はじめの{sample.number:,}行（{MOST_ROWS:,}行、{MOST_BYTES // 1_000_000}MB まで）を見ました"


def _found_form(sample: Sample) -> Iterator[str]:
    heading = ""
    if sample.form in ("csv", "tsv"):
        heading = "見出しあり" if sample.heading else "見出しなし（列は番号で書きます）"
    encoding = ENCODINGS.get(sample.encoding, sample.encoding)
    yield "  ".join(
        x
        for x in (
            form_word(sample.form, sample.separator),
            encoding,
            heading,
            f"上の{len(sample.titles)}行は表題" if sample.titles else "",
        )
        if x
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
                f"{_COLUMN_WORDS.get(w, _COLUMN_WORDS['waiting'])}＝{_where(roles.words[w])}" for w in words
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
        yield "端末の列は見つかりません。呼出しは端末なしになります。"
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
        ("lane", "窓口", [f"{x.code} {x.name}" for x in site.lanes]),
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
