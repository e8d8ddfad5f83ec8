"""Doubts about the record of a day: what does not agree in it, and what its sources did not tell."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from floorctl.common.words import ANOMALIES
from floorctl.documents.day.ticket_lines import TicketLine
from floorctl.models.board.same_digits import look_alikes, sentence
from floorctl.models.board.told import heads_alone
from floorctl.models.day.escalation import Escalation
from floorctl.models.day.floor import Floor

NOT_CLOSED = "閉場の記録がありません。閉場前に作成した途中の集計です。"
NOT_RECORDED = "この日の記録がありません。0は、なかったことを示すものではありません。"

# Items with which furigana are printed (仕様書 7(1)ウ(ウ)).
_WITH_FURIGANA = (
    *("cert_signature_new", "cert_signature_renewal", "cert_user_auth_new", "cert_user_auth_renewal"),
    *("issuance_new", "issuance_renewal", "issuance_reissue"),
)


def doubts(
    floor: Floor, lines: tuple[TicketLine, ...], work: Counter[str], escalations: list[Escalation]
) -> Iterable[str]:
    """Yield inconsistencies of the record of a day as sentences; nothing is corrected."""
    if floor.opened_at is None and not lines and not work:
        yield NOT_RECORDED
    elif floor.closed_at is None:
        yield NOT_CLOSED
    yield from _untold(floor)
    if unfinished := [t for t in lines if t.fate == "open"]:
        yield f"終わりの記録がない番号札が{len(unfinished)}枚あります。"
    if counted_out := [t for t in lines if t.fate == "counted_out"]:
        yield (
            f"待ち人数を数えて合わせたときに外した番号札が{len(counted_out)}枚あります（人数合わせ）。"
            "帰宅したのか、呼出しの記録が抜けたのかは分かりません。"
        )
    if carried := [t.ticket for t in lines if t.carried_from is not None]:
        yield (
            f"前日から持ち越した番号札が{len(carried)}枚あります（{'、'.join(carried[:10])}{'ほか' if carried[10:] else ''}）。"
            "前日からの待ち時間は、この日の待ち時間に入れていません。"
        )
    if (still := floor.custody_taken - floor.custody_returned) > 0:
        yield f"障害の間に預かったカードのうち{still}枚に、返却の記録がありません。"
    if floor.mistaken:
        yield f"誤発券として外した番号札が{len(floor.mistaken)}枚あります（件数に含みません）: {'・'.join(floor.mistaken[:12])}。"
    if unknown := [t for t in lines if t.service is None]:
        yield f"発券の記録がなく用件の分からない番号札が{len(unknown)}枚あります。うち完了したものは用件別の件数に含みません。"
    if undecided := [e for e in escalations if e.outcome is None]:
        yield f"市職員の決定の記録がない引継ぎが{len(undecided)}件あります。"
    items = floor.site.work_item_by_code
    if negative := [items[c].name if c in items else c for c, n in work.items() if n < 0]:
        yield f"件数が負です: {'、'.join(negative)}。手集計の訂正を確かめてください。"
    site = floor.site

    def counted(*meanings: str) -> int:
        return sum(work[code] for code in site.items_like(*meanings))

    if site.items_like("support_received") and counted("support_completed") > counted("support_received"):
        yield "申請サポートの完了が受付より多くなっています。"
    if site.items_like(*_WITH_FURIGANA) and counted("furigana_print") > counted(*_WITH_FURIGANA):
        yield "振り仮名印字の件数が、電子証明書とカード交付の件数の合計より多くなっています。"
    if floor.anomalies:
        if wrapped := sum(code == "wrapped" for code in floor.anomalies.values()):
            yield (
                f"番号が一巡し、同じ日に再び発券された番号札が{wrapped}枚あります（それぞれ別の来庁者として数えています）。"
                "前の人が待ったままだったときは、発券の時刻に帰宅としています。"
            )
        kinds = Counter(code for code in floor.anomalies.values() if code != "wrapped")
        if not kinds:
            return
        listed = "、".join(f"{ANOMALIES.get(code, code)} {n}件" for code, n in sorted(kinds.items()))
        yield f"前後の合わない記録が{kinds.total()}件あります（{listed}）。"


def _untold(floor: Floor) -> Iterable[str]:
    """Yield what the sources of the day did not tell, and the rules that stood in for it."""
    names, tickets = {x.code: x.name for x in floor.site.lanes}, list(floor.tickets.values())
    if alone := [names[x] for x, q in floor.lanes.items() if heads_alone(q)]:
        given = "手で出した番号のほかは、" if any(q.issued for q in floor.lanes.values() if heads_alone(q)) else ""
        yield (
            f"{'・'.join(alone)}は待ち人数だけの記録です。{given}受付・完了・待ち時間は記録がなく、件数と平均に入っていません。"
        )
    if arrived := sum(t.no_arrival for t in tickets):
        yield (
            f"発券の記録がなく、呼出しを受付とみなした番号札が{arrived}枚あります。"
            "来庁者と完了に数え、待ち時間の平均には入れていません。"
        )
    if called := sum(t.by_rule and t.ends == "call" for t in tickets):
        yield f"終わりの記録がなく、呼び出した番号を完了に数えた番号札が{called}枚あります（対応時間は分かりません）。"
    if following := sum(t.by_rule and t.ends == "next_call" for t in tickets):
        unsure = sum(t.by_rule and t.ends == "next_call" and (t.untimed or t.at_most) for t in tickets)
        yield (
            f"終わりの記録がなく、次の呼出しまでを対応とし、完了に数えた番号札が{following}枚あります"
            "（未了と市の窓口は分かりません）。"
            f"うち{unsure}枚は、次の人が待っていたと分からないか、その日の最後などで、対応時間が分かりません。"
        )
    if alike := look_alikes(floor):
        yield sentence(alike)
