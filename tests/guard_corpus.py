"""Texts for the guard against personal data: a table written by hand in the style of an office, and others made by rule.

``guard_texts.txt`` holds a text a line under headings: ``# refuse CLASS``, ``# warn CLASS``, ``# pass``. The made ones are
templates times values; the harmless ones also take every sentence of the shipped data and of the docs.
"""

from __future__ import annotations

import random
import re
import tomllib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

from floorctl.common.privacy import find, warn

ROOT = Path(__file__).parent.parent
TABLE = Path(__file__).with_name("guard_texts.txt")


class Expected(NamedTuple):
    """``verdict``: refuse, warn or pass; ``group``: the class of the text."""

    verdict: str
    group: str
    text: str


def by_hand() -> Iterator[Expected]:
    verdict = group = ""
    for line in TABLE.read_text(encoding="utf-8").splitlines():
        if line.startswith("# "):
            verdict, _, group = line[2:].partition(" ")
        else:
            yield Expected(verdict, group or "harmless", line)


# ---- by rule: {name} is filled by VALUES

DIGITS = {"wide": "０１２３４５６７８９", "kanji": "〇一二三四五六七八九", "plain": "0123456789"}
SURNAMES = "芦沢 伊勢 臼井 江口 大槻 柿崎 倉田 毛塚 笹本 椎名 薄井 瀬戸 添田 但馬 千野 綱島 天童 戸張 名取 新津 額賀 根本 野崎 長谷 日高 船越 別所 保坂 槙 三島 室井 目黒 毛利 八代 湯浅 吉永 若林 渡会 李 柴"
KANA = "あしざわ うすい くらた さくま つなしま ひだか ゆあさ アシザワ クラタ ヒダカ ジェームズ ファティマ サントス アレクサンドラ"
ROMAN = "Ashizawa Santos Fatima Hidaka Miller Tran"
TOWNS = "上根 本郷 柿沼 玉作 御稜威ヶ原 中奈良 葛和田 池上 村岡 楊井"
PIN_FRAMES = "暗証番号は{pin}|暗証 {pin}|暗証番号「{pin}」を代筆|PIN {pin}|PIN:{pin}|番号は{pin}と話した|署名用パスワード {password}|署名用：{password}|利用者証明用 {pin}|券面事項入力補助用：{pin}|住基 {pin}|利用者証明用は{pin}|暗証番号を{pin}にした|パスワードは{password}|password={password}|4桁は{pin}|新しい番号が{pin}"
FRAMES: dict[str, str] = {
    "my number": "{n4}-{n4}-{n4}|{n4} {n4} {n4}|個人番号{n12}|マイナンバー：{n12}の方|{n4}・{n4}・{n4}を復唱|番号{w12}|{k12}|{n3},{n3},{n3},{n3}|カードの{n12}を撮影",
    "phone": "{area}-{n3}-{n4}|({area}){n3}-{n4}に折返し|0{m}0-{n4}-{n4}|携帯0{m}0{n4}{n4}|0{m}0 {n4} {n4}|TEL{area}{n3}{n4}|電話 {area}.{n3}.{n4}|+81-{m}0-{n4}-{n4}|０{m}０ー{w4}ー{w4}|連絡先:0{m}0({n4}){n4}|0{m}0と{n4}と{n4}|娘の番号 o{m}o-{n4}-{n4}",
    "card": "免許証 {n12}|運転免許証番号は{n12}|旅券 {L}{L}{n7}|パスポート番号{L}{L}{n7}|旅券番号 {L}{n8}|在留カード {L}{L}{n8}{L}{L}|{L}{L}{n8}{L}{L}|カード番号 {n4} {n4} {n4} {n4}|製造番号（カード）{L}{n4}{L}{n4}{L}{n4}{L}",
    "juminhyo": "住民票コード{n11}|住民票コード {n5} {n6}|{n11}|コード：{w11}|住基コード {n5}-{n6}",
    "insurance": "記号{n3} 番号{n4}|保険証 記号:{n2} 番号:{n5}|記号・番号 {n4}・{n3}|被保険者番号 {n8}|国保の記号が{n2}、番号が{n3}|資格確認書 記号{w3} 番号{w4}|記号番号 {n3}-{n5}|保険証の記号{n4}番号{n2}（枝番01）",
    "pension": "基礎年金番号 {n4}-{n6}|年金番号{n4} {n6}|年金手帳 {n4}-{n6}|基礎年金番号は{w10}",
    "bank": "口座番号 {n7}|普通 {n7}|普通預金{w7}|口座 {n3}-{n4}|ゆうちょ 記号1{n4} 番号{n7}1|支店{n3} 口座番号{n7}を確認",
    "e-mail": "{mail}@{host}|{mail} @ {host}|{mail}(at){host}|{mail}[at]{host}|{mail}アットマーク{host}|{mail}＠{host}|{mail} at {host}|{mail}（アット）{host}|連絡は{mail}@{host}まで",
    "PIN": PIN_FRAMES,
    "name": "{name}様|{name}さん|{name} 様|{name}さんより苦情|{name}くん|{name}ちゃん|{name}氏|{name}殿|{kana}さん|{kana}様の件|{roman}様|{roman}さん|Mr. {roman}|{roman}-san|氏名 {name}|氏名：{name}|名前は{name}|お名前「{name}」|{name}様ご家族|市民課の{name}さん|番号札B041の{name}様",
    "address": "{town}{d}-{d2}-{d}|熊谷市{town}{n3}|熊谷市{town}{d2}-{d}|{town}{d}丁目|{town}{n3}番地|大字{town}{n3}|マンション{town}{n3}|コーポ{town} {n3}号室|{town}{d}丁目{d2}番{d}号|〒{n3}の方|住所は{town}|{town}在住の方|深谷市{town}{n3}-{d}",
    "birth": "S{yy}.{mo}.{da}|昭{yy}.{mo}.{da}|昭和{yy}年{mo}月{da}日|S{yy}{mm}{dd}|19{yy}/{mo}/{da}|19{yy}年{mo}月{da}日|19{yy}-{mm}-{dd}|平成{h}年{mo}月{da}日|H{h}.{mo}.{da}|生年月日 19{yy}.{mo}.{da}|19{yy}年生まれ|{mo}月{da}日生|昭和{yy}年生まれ|令和{d}年{mo}月{da}日生|Ｓ{yy}年{mo}月{da}日",
}  # fmt: skip
HARMLESS = (
    "E-{n7}|エラー {e}{n7}|エラーコード 0x{hex8}|0x{hex8} で停止|KB{b}{n6}|{v}.0.{b5}|バージョン {v}.{d}.{n4}|Ver.{v}.{d}.{d2}|10.{ip}.{ip}.{ip}|192.168.{ip}.{ip} が不通"
    "|{h1}30-{h2}00|休憩 {h1}15〜{h2}15|{h1}05〜{h2}45 停止|{h1}:30-{h2}:00|内線 {b4}・{b4}|内線{b4}、{b4}、{b4}|{dec}×{dec}mm|{n3}×{n3}|{b4}x{b4}|¥{b},{n3},{n3}|{b}{n6}円|{b}{n5}円です"
    "|{d2}万件|{b},{n3}件|{b4}件|{dec}%|前年比 {dec}%、{dec}%|A{t}、A{t}、B{t}|番号札 B{t}〜B{t}|B{t}の方が再来庁|T{d} と T{d} を入替|{d}番窓口|{d}階 {b}0{d}会議室|PC-{t}、PC-{t}|型番 {L}{L}-{b4}{L}"
    "|S/N {L}{L}{d}{L}{n5}|MAC {mac}|第{d2}条の{d}|番号法第{d2}条第{d}項|仕様書 {d}({d})、12({d})|熊市発第2026-{t}号|令和8年{mo}月{da}日 {h1}時30分|R8.{mo}.{da}|2026/{mo}/{da} {h1}:30|2026-{mm}-{dd}"
    "|2026{mm}01|2026{mm}01-{t}|令和8年度第{d}四半期|2026〜2028年度|https://www.city.example.jp/{word}/{b}{n5}.html|待ち {d2}人、最長 {d2}分|交付 {d2}件・更新 {d2}件・再設定 {d}件|{word} {d2}件|{word}を確認|{word}のため{d2}分停止"
    "|暗証番号の再設定 {d2}件|署名用 {d2}件|利用者証明用電子証明書 {b4}件|{word}、{word}とも異常なし|職員 S{d2} が{word}を担当|事案 I-{d2}、E-{d}|{h1}時から{h2}時が混雑|1回目{d2}、2回目{d2}、3回目{d2}|整理券 {t}番まで|目標 {d2}/{n3}"
    "|お客様が{word}を質問|皆様に{word}を案内|仕様どおり|同様に{word}|{word}の様子|{word}の様式|たくさんの方が{word}|担当さんへ{word}|業者さんが{word}を点検|お子さんの{word}|氏名欄と{word}|住所変更と{word}"
)


def _values(rng: random.Random, words: list[str]) -> dict[str, Callable[[], str]]:
    def digits(n: int, style: str = "plain", first: str = "") -> str:
        return "".join(DIGITS[style][int(c)] for c in first + "".join(rng.choices("0123456789", k=n - len(first))))

    def nonzero(n: int) -> str:
        return rng.choice("123456789") + digits(n - 1) if n > 1 else rng.choice("123456789")

    def pick(some: list[str] | str) -> Callable[[], str]:
        return lambda: rng.choice(some)

    found: dict[str, Callable[[], str]] = {f"n{n}": (lambda n=n: digits(n)) for n in range(2, 13)}  # type: ignore[misc]
    found |= {f"w{n}": (lambda n=n: digits(n, "wide")) for n in range(3, 13)}  # type: ignore[misc]
    found |= {f"k{n}": (lambda n=n: digits(n, "kanji")) for n in (11, 12)}  # type: ignore[misc]
    month, day = lambda: rng.randint(1, 12), lambda: rng.randint(1, 28)
    hexa = "0123456789abcdef"
    return found | {
        "area": pick(["048", "0485", "03", "0493", "０４８"]), "m": pick("789"), "L": pick("ABCDEFGHJKLMNPRTXYZ"), "e": pick("EFWX"),
        "mail": pick(["sora77", "m.ashizawa", "yu-to", "kei_1203"]), "host": pick(["example.jp", "mail.example.com", "example.ne.jp", "example.co.jp"]),
        "pin": lambda: digits(4, rng.choice(["plain", "plain", "wide", "kanji"])), "password": lambda: rng.choice(["KUMO", "Hana", "TORI", "sora"]) + digits(rng.randint(2, 4)),
        "name": pick(SURNAMES.split()), "kana": pick(KANA.split()), "roman": pick(ROMAN.split()), "town": pick(TOWNS.split()), "d": lambda: nonzero(1), "d2": lambda: nonzero(2),
        "yy": lambda: str(rng.randint(20, 63)), "h": lambda: str(rng.randint(1, 30)), "mo": lambda: str(month()), "da": lambda: str(day()),
        "mm": lambda: f"{month():02}", "dd": lambda: f"{day():02}", "hex8": lambda: "".join(rng.choices(hexa, k=8)), "b": lambda: nonzero(1),
        "b4": lambda: nonzero(4), "b5": lambda: nonzero(5), "v": lambda: str(rng.randint(1, 130)), "ip": lambda: str(rng.randint(0, 255)),
        "h1": lambda: f"{rng.randint(8, 11):02}", "h2": lambda: f"{rng.randint(12, 18):02}", "dec": lambda: f"{rng.randint(1, 99)}.{digits(rng.randint(1, 2))}",
        "t": lambda: f"{rng.randint(1, 180):03}", "mac": lambda: ":".join("".join(rng.choices(hexa, k=2)) for _ in range(5)) + ":a" + rng.choice(hexa),
        "word": pick(words),
    }  # fmt: skip


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for inner in value.values() if isinstance(value, dict) else value:
            yield from _strings(inner)


def written() -> list[str]:
    """Every sentence of the shipped data and of the docs: all of them harmless.

    Without what is said in other languages, which the guard never reads: «at noon.» in English is a mail address to it.
    """
    pages = (p for p in sorted(ROOT.glob("data/**/*.toml")) if p.name not in ("languages.toml", "lake_columns.toml"))
    found = {x for p in pages for x in _strings(tomllib.loads(p.read_text(encoding="utf-8")))}
    for path in sorted(ROOT.glob("docs/**/*.md")):
        found |= {
            x.strip(" `*-#") for x in re.split("[。|\n]", path.read_text(encoding="utf-8")) if re.search("[ぁ-ん]", x)
        }
    return sorted(x for x in found if len(x) > 3)


def by_rule(seed: str, each: int = 12) -> Iterator[Expected]:
    """``each`` texts from every template, and the written ones."""
    rng = random.Random(seed)
    texts = written()
    words = [w for w in texts if len(w) < 12 and re.fullmatch("[ぁ-ヺ一-鿿ー]+", w)]
    values = _values(rng, words)

    def made(frames: str) -> Iterator[str]:
        for frame in frames.split("|"):
            for _ in range(each):
                yield re.sub(r"\{(\w+)\}", lambda m: values[m[1]](), frame)

    for group, frames in FRAMES.items():
        verdict = "warn" if group in ("name", "address", "birth") else "refuse"
        yield from (Expected(verdict, group, text) for text in made(frames))
    yield from (Expected("pass", "made", text) for text in made(HARMLESS))
    yield from (Expected("pass", "written", text) for text in texts)


class Judged(NamedTuple):
    """How many of a class were judged, and the texts that were judged wrongly; ``told``: harmless ones warned of."""

    texts: int
    wrong: list[str]
    told: list[str]


def judge(corpus: Iterator[Expected]) -> dict[tuple[str, str], Judged]:
    """What the guard says of a corpus, by verdict and class. A text to be warned of may be refused as well."""
    found: dict[tuple[str, str], Judged] = {}
    for verdict, group, text in corpus:
        refused, told = find(text) is not None, warn(text) is not None
        n, wrong, warned = found.get((verdict, group), Judged(0, [], []))
        good = {"refuse": refused, "warn": refused or told, "pass": not refused}[verdict]
        if not good:
            wrong.append(text)
        elif verdict == "pass" and told:
            warned.append(text)
        found[verdict, group] = Judged(n + 1, wrong, warned)
    return found


def table(found: dict[tuple[str, str], Judged]) -> str:
    """One line a class."""
    rows = [f"{v:<7} {g:<10} {j.texts:>6} {len(j.wrong):>6} {len(j.told):>6}" for (v, g), j in sorted(found.items())]
    return "\n".join(["verdict class       texts  wrong warned", *rows])
