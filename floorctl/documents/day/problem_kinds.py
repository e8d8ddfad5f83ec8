"""Kinds of the drafted lines of 問題点, so that longer documents count them and never print one for all. Pure."""

from __future__ import annotations

import re

# What a longer document counts from the records themselves.
COUNTED = ""
# Pattern of each ``COUNTED`` drafted sentence, and its name in a list.
_NAMES = {
    r"(停止しました|復旧していません)（": "業務の停止",
    r"の受付を.+打ち切りました": "受付の打切り",
    r"^端末 .+故障しました": "端末の故障",
    r"の待ち時間が目標（|で、呼出しの前に帰られた方は": "待ち時間の目標の超過、呼出しの前の帰宅",
    r"^欠勤が": "欠勤",
    r"^遅刻が": "遅刻",
    r"の欠員が": "急な欠員",
    r"^現場責任者（代行者を含む）が": "現場責任者の不在",
    r"^休憩の記録が法定": "休憩の記録の不足",
    r"^市職員が受付時間のうち": "市職員の不在",
    r"^市職員への引継ぎ": "市職員の対応の遅れ",
    r"^市への報告がまだの事案": "市への報告がまだの事案",
    r"^I-[0-9]+ |^事案が|^市に報告せずに終結": "事案",
    r"の件数が.+と一致しません|の件数と一致しないものが": "台帳・端末の件数との差",
    r"^前後の合わない記録": "前後の合わない記録",
}
# Pattern of each other one, whose days are counted, and what such a day was, as the beginning of …日.
_DAYS = {
    r"^開場が.+遅れました": "開場の遅れた",
    r"^閉場が.+早くなりました": "閉場の早くなった",
    r"から(故障|停止)しています|がすべて使えません|^すべての": "機器の故障・停止のあった",
    r"^会場の人数が椅子": "会場の人数が椅子を超えた",
    r"^カード在庫の照合": "カード在庫の数の合わない",
    r"^終わりの記録がない番号札": "終わりの記録のない番号札のあった",
    r"^待ち人数を数えて合わせた": "人数合わせで外した番号札のあった",
    r"^前日から持ち越した": "前日から持ち越した番号札のあった",
    r"^障害の間に預かったカード": "預かったカードに返却の記録のない",
    r"^誤発券として外した": "誤発券のあった",
    r"^発券の記録がなく用件の": "用件の分からない番号札のあった",
    r"^市職員の決定の記録がない": "市職員の決定の記録のない引継ぎのあった",
    r"^件数が負です|より多くなっています": "件数に矛盾のある",
}


def kind_of(line: str) -> str | None:
    """Return what a day with this drafted line was (会場の人数が椅子を超えた), ``COUNTED``; None of own words."""
    return COUNTED if _word_of(line, _NAMES) else _word_of(line, _DAYS)


def name_of_kind(line: str) -> str | None:
    """Return the name of a drafted line's kind in a list (端末の故障); None of own words."""
    kind = kind_of(line)
    return f"{kind}日" if kind else _word_of(line, _NAMES)


def _word_of(line: str, words: dict[str, str]) -> str | None:
    return next((word for pattern, word in words.items() if re.search(pattern, line)), None)
