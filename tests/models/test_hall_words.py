"""The words of the hall's page: complete in every language, filled in rightly, and what a site may change of them."""

import re
from dataclasses import replace
from datetime import date, time
from pathlib import Path
from typing import get_args

import pytest

from floorctl.common.errors import UsageError
from floorctl.common.frozen import record
from floorctl.intake.hall_words import LANGUAGES_FILE, hall_languages, shipped_languages
from floorctl.intake.site_file import data_dir, load_site
from floorctl.intake.toml_model import load_toml
from floorctl.intake.written_text import Kind
from floorctl.models.board.hall_page import (
    CalledNumber,
    HallNotice,
    HallPage,
    LaneForVisitors,
    ServiceForVisitors,
    ShownWait,
    WaitWhy,
)
from floorctl.models.board.hall_words import WordedPage, with_counters, without_readings, worded
from floorctl.models.site.hall import LaneMeaning, ServiceMeaning
from floorctl.models.site.languages import (
    PLACEHOLDER,
    READING,
    SHIPPED,
    WITH_MONTHS,
    WORDS,
    HallPageSettings,
    LanguageWords,
    missing_words,
)
from floorctl.models.site.part import Part, contradictions
from floorctl.models.site.site import Site
from tests.other_sites import path_of, site_of
from tests.story import instant, kumagaya

ALL = replace(kumagaya(), hall_page=HallPageSettings(languages=SHIPPED))


@record
class Table(Part):
    """The shipped table, to be read like a file that people write."""

    languages: tuple[LanguageWords, ...]


def in_language(page: HallPage, code: str, site: Site = ALL) -> WordedPage:
    return worded(page, site, next(x for x in hall_languages(site) if x.code == code))


def an_open(*lanes: LaneForVisitors, **more: object) -> HallPage:
    return HallPage(instant("10:05"), date(2026, 9, 14), "交付特設会場", "open", lanes=lanes, **more)  # type: ignore[arg-type]


def cards(*waits: ShownWait, hours: tuple[time, time] | None = (time(9), time(16, 30))) -> LaneForVisitors:
    return LaneForVisitors("issuance", "A", waits, hours, (ServiceForVisitors("card_issuance", hours),))


# ---- the shipped table


def test_every_language_has_every_word_and_each_of_its_placeholders() -> None:
    table = load_toml(data_dir() / LANGUAGES_FILE, Kind("言葉の表", ""), Table)
    assert [x.code for x in table.languages] == [*SHIPPED] == [*shipped_languages()]
    for x in table.languages:
        assert [*missing_words(x)] == [] == [*contradictions(x)]
        assert list(x.words) == list(WORDS), x.code
        assert ({*x.lanes}, {*x.services}) == ({*get_args(LaneMeaning)}, {*get_args(ServiceMeaning)})
        assert x.words == shipped_languages()[x.code].words
        assert (x.venue is None) == (x.code == "ja")


def test_every_kanji_of_easy_japanese_has_its_reading() -> None:
    """But for those behind a number, whose reading depends on it."""
    ja = shipped_languages()["ja"]
    for text in (*ja.words.values(), *ja.weekdays, *ja.lanes.values(), *ja.services.values()):
        rest = re.sub(r"\{[a-z_]+\}[月日分人]", "", READING.sub("", text))
        assert not re.search(r"[\u3400-\u9fff々]", rest), text
        assert len(re.split("[。：]", PLACEHOLDER.sub("", without_readings(text)))[0]) <= 40, "short sentences"


def test_no_language_has_a_word_of_another_script() -> None:
    for code in ("en", "pt-BR", "es", "vi"):
        x = shipped_languages()[code]
        assert not re.search(r"[\u3040-\u9fff\uac00-\ud7af]", "".join((*x.words.values(), *x.lanes.values()))), code
    assert not re.search(r"[\u3040-\u309f\u30a1-\u30fa]", "".join(shipped_languages()["zh-Hans"].words.values()))


# ---- what is said


WAITS = {
    ShownWait("all", "minutes", (20, 20)): ("20分くらい", "About 20 min"),
    ShownWait("all", "minutes", (20, 45)): ("20分から 45分くらい", "About 20 to 45 min"),
    ShownWait("all", "minutes", (20, None)): ("20分より 長いかもしれません", "About 20 min, maybe longer"),
    ShownWait("all", "soon"): ("ほとんど 待ちません", "Almost no wait"),
    ShownWait("all", "beyond_closing"): ("今日は できないかもしれません", "You may not be served today"),
    ShownWait("all", "not_known", None, "silent"): ("今は わかりません", "Not known right now"),
    ShownWait("all", "not_known", None, "untold"): ("今は わかりません", "Not known right now"),
    ShownWait("all", "not_known"): ("今は わかりません", "Not known right now"),
    ShownWait("all", "not_known", None, "outage"): ("今は できません", "Not available right now"),
    ShownWait("all", "not_known", None, "nobody"): ("今は 窓口が 開いていません", "No counter is open right now"),
    ShownWait("all", "not_received", None, "before", time(9)): ("9:00から 始まります", "Starts at 9:00"),
    ShownWait("all", "not_received", None, "ended"): ("今日は 終わりました", "Closed for today"),
    ShownWait("all", "not_received", None, "stopped"): ("受付は 終わりました", "Reception closed"),
    ShownWait("all", "not_received", None, "not_today"): ("今日は ありません", "Not offered today"),
}


def test_every_wait_has_words() -> None:
    assert {w.why for w in WAITS} == {*get_args(WaitWhy)}
    page = an_open(cards(*WAITS))
    for n, code in enumerate(("ja", "en")):
        said = in_language(page, code).lanes[0].waits
        assert [without_readings(x.wait) for x in said] == [x[n] for x in WAITS.values()]
        assert {x.who for x in said} == {""}
    both = an_open(cards(ShownWait("with_appointment", "soon"), ShownWait("without", "soon")))
    assert [x.who for x in in_language(both, "en").lanes[0].waits] == ["With an appointment", "Without an appointment"]


NOTICES = {
    HallNotice("reception_ended", "certificate", since=instant("15:40")): (
        "電子証明書・暗証番号：受付は 15:40に 終わりました。番号を 持っている 人は、順番に 呼びます。",
        "Digital certificate and PIN: reception closed at 15:40. If you already have a number, we will call you in order.",
    ),
    HallNotice("reception_ended", "certificate", ("cert_renewal", "pin_reset"), instant("15:40")): (
        "電子証明書の 更新・暗証番号の 変更：受付は 15:40に 終わりました。番号を 持っている 人は、順番に 呼びます。",
        "Digital certificate: renewal, PIN change or reset: reception closed at 15:40. If you already have a number, we will call you in order.",
    ),
    HallNotice("few_more", "issuance", more=1): (
        "カードの 受け取り：今日は、あと 1人くらいで 受付が 終わる 予定です。",
        "Card pick-up: we expect to accept about 1 more today.",
    ),
    HallNotice("few_more", "issuance", more=12, until=instant("16:10")): (
        "カードの 受け取り：今日は、あと 12人くらい、遅くても 16:10に、受付が 終わる 予定です。",
        "Card pick-up: we expect to accept about 12 more today, until 16:10 at the latest.",
    ),
    HallNotice("outage", "issuance", since=instant("9:40")): (
        "カードの 受け取り：9:40から できなくなっています。番号を 持っている 人は、係の 人に 聞いてください。",
        "Card pick-up: not available since 9:40. If you already have a number, please ask the staff.",
    ),
    HallNotice("planned_outage", "issuance", since=instant("13:00"), until=instant("15:00")): (
        "カードの 受け取り：13:00から 15:00まで できません。",
        "Card pick-up: not available from 13:00 to 15:00.",
    ),
    HallNotice("planned_outage", "issuance", since=instant("13:00")): (
        "カードの 受け取り：13:00から できません。",
        "Card pick-up: not available from 13:00.",
    ),
    HallNotice("calls_unsure", "issuance"): (
        "カードの 受け取り：ここに 出ない 番号が あるかもしれません。係の 人の 声を 聞いてください。",
        "Card pick-up: some numbers may not appear here. Please listen for the staff.",
    ),
}


def test_every_notice_has_words() -> None:
    page = an_open(notices=tuple(NOTICES))
    for n, code in enumerate(("ja", "en")):
        assert [without_readings(x) for x in in_language(page, code).notices] == [x[n] for x in NOTICES.values()]


STATES = {
    ("before", "", instant("8:30")): ("今日の 受付は 8:30に 始まります。", "Hoje o atendimento começa às 8:30."),
    ("after", "", instant("8:30", date(2026, 9, 15))): (
        "今日の 受付は 終わりました。 次は 9月15日 火曜日 8:30から です。",
        "O atendimento de hoje está encerrado. Próximo atendimento: terça-feira, 15/9, a partir das 8:30.",
    ),
    ("after", "", None): ("今日の 受付は 終わりました。", "O atendimento de hoje está encerrado."),
    ("closed_day", "saturday_closed", instant("8:30", date(2026, 9, 24))): (
        "今日は 休みです。 次は 9月24日 木曜日 8:30から です。",
        "Hoje não há atendimento. Próximo atendimento: quinta-feira, 24/9, a partir das 8:30.",
    ),
    ("closed_day", "closed_emergency", None): (
        "今日は 急に 休みに なりました。",
        "Hoje não há atendimento (fechamento extraordinário).",
    ),
    ("unsure", "past", None): (
        "今の ようすを 出すことが できません。係の 人に 聞いてください。",
        "No momento, a situação não pode ser mostrada. Pergunte a um atendente.",
    ),
    ("open", "", None): ("", ""),
}


def test_every_state_has_words() -> None:
    for (state, why, opens), said in STATES.items():
        page = replace(an_open(), state=state, why=why, opens=opens)
        assert tuple(without_readings(in_language(page, x).state) for x in ("ja", "pt-BR")) == said


def test_a_page_in_every_language_holds_all_of_its_values() -> None:
    """No placeholder and no brace is left, and every number and time is said."""
    lane = LaneForVisitors(
        "certificate", "B", (ShownWait("all", "minutes", (20, 45)),), (time(8, 30), time(17)),
        (ServiceForVisitors("cert_issue", (time(8, 30), time(17))), ServiceForVisitors("cert_renewal", (time(9), time(17)))),
    )  # fmt: skip
    calls = (
        CalledNumber("B012", "certificate", "T3", instant("10:04"), True),
        CalledNumber("B011", "certificate", "", instant("10:02"), False),
    )
    page = an_open(lane, calls=calls, notices=tuple(NOTICES))
    seen = set()
    for language in hall_languages(ALL):
        said = worded(page, ALL, language)
        text = READING.sub("", repr(said)).replace("WordedPage", "")
        assert "{" not in text and "}" not in text, language.code
        assert all(x in text for x in ("B012", "T3", "10:04", "20", "45", "8:30", "17:00", "10:05", "16:10", "15:00"))
        assert (said.calls[0].again != "", said.calls[1].again, said.calls_note, said.state) == (True, "", "", "")
        assert [len(x.reception) for x in said.lanes] == [2], "its services differ"
        assert said.lanes[0].name_lang == language.code
        seen.add(said.title)
    assert len(seen) == len(SHIPPED)
    for why, start in (("silent", "Numbers"), ("no_numbers", "The staff"), ("none_yet", "No number")):
        assert in_language(an_open(calls_why=why), "en").calls_note.startswith(start)


def test_a_value_is_never_filled_in_again() -> None:
    page = an_open(calls=(CalledNumber("B012", "issuance", "{place}", instant("10:04"), False),))
    assert in_language(page, "en").calls[0].go == "Counter {place}"


# ---- what a site says


def test_the_languages_of_the_shipped_site_and_of_others() -> None:
    assert [x.code for x in hall_languages(kumagaya())] == ["ja", "en", "zh-Hans", "pt-BR", "vi"]
    ja, en, *_ = hall_languages(site_of("minami"))
    handout = {x.code: ja.lanes[x.code] for x in site_of("minami").lanes}
    assert (ja.code, en.code, ja.venue) == ("ja", "en", "")
    assert all(handout.values()), "a name each, in its own words where it has no meaning"


TEXTS = """
[hall_page]
languages = ["tl", "en"]

[[hall_page.texts]]
code = "en"
venue = "Minamihama: My Number"
words = { counter = "Desk {place}" }
lanes = { LANE = "Renewals" }

[[hall_page.texts]]
code = "tl"
name = "Filipino"
weekdays = ["Lunes", "Martes", "Miyerkules", "Huwebes", "Biyernes", "Sabado", "Linggo"]

[hall_page.texts.words]
"""


def written(tmp_path: Path, more: str, **words: str) -> Path:
    """A site file with a language of its own, every word of it but those of ``words`` taken from the English ones."""
    own = dict(shipped_languages()["en"].words) | {"date": "{weekday} {day}/{month}"} | words
    lane = site_of("hitotsu").lanes[0].code
    table = TEXTS.replace("LANE", lane) + "".join(f'{k} = "{v}"\n' for k, v in own.items() if v)
    path = tmp_path / "site.toml"
    path.write_text(path_of("hitotsu").read_text(encoding="utf-8") + table + more, encoding="utf-8")
    return path


def test_a_site_adds_a_language_and_replaces_words(tmp_path: Path) -> None:
    site = load_site(written(tmp_path, ""))
    tl, en = hall_languages(site)
    (lane,) = site.lanes
    assert (tl.code, tl.name, tl.weekdays[0], tl.lanes, tl.venue) == ("tl", "Filipino", "Lunes", {}, "")
    assert (en.words["counter"], en.lanes[lane.code], en.venue) == ("Desk {place}", "Renewals", "Minamihama: My Number")
    assert en.words["waits_head"] == shipped_languages()["en"].words["waits_head"]
    page = an_open(LaneForVisitors(lane.code, "A", (), None, ()))
    assert worded(page, site, tl).lanes[0].name_lang == "ja", "a name is Japanese where there is none in the language"
    assert worded(page, site, tl).day == "Lunes 14/9"


FAULTS = {
    "missing word": ({"waits_head": "", "clock": ""}, "", "words", "言葉が足りません: clock、waits_head"),
    "placeholder that is none": ({"counter": "Mesa {plaec}"}, "", "counter =", "{plaec} は使えません）。使えるのは {place} です"),
    "placeholder left out": ({"counter": "Mesa"}, "", "counter =", "{place} がありません"),
    "a stray brace": ({"title": "Ngayon {"}, "", "title =", "入れる値の名でもふりがなでもありません"),
    "nothing to be seen": ({"title": "\u200b\u2060"}, "", "title =", "空白だけです"),
    "unknown word": ({}, 'wait_lnog = "x"\n', "wait_lnog", "このような言葉はありません"),
    "unknown language": ({}, '[[hall_page.texts]]\ncode = "Tagalog"\n', 'code = "Tagalog"', "言語の記号（ja、zh-Hans、pt-BR など）で書きます"),
    "language twice": ({}, '[[hall_page.texts]]\ncode = "en"\n', None, "1番目にもあります"),
    "months": ({"date": "{month_name} {day}"}, "", "date =", "{month_name} に入れる months がありません"),
    "months of a shipped language": ({}, '[[hall_page.texts]]\ncode = "vi"\nwords = { date = "{month_name} {day}" }\n', "month_name", "{month_name} に入れる months がありません"),
    "unknown lane": ({}, '[hall_page.texts.lanes]\nnowhere = "x"\n', "nowhere", "nowhere が lanes にありません"),
}  # fmt: skip


@pytest.mark.parametrize("name", FAULTS)
def test_the_check_tells_the_fault_with_its_line(tmp_path: Path, name: str) -> None:
    words, more, mark, sentence = FAULTS[name]
    path = written(tmp_path, more, **words)
    with pytest.raises(UsageError) as refused:
        load_site(path)
    told = str(refused.value)
    assert sentence in told
    if mark is not None:
        lines = path.read_text(encoding="utf-8").splitlines()
        last = max(n for n, line in enumerate(lines, 1) if mark in line)
        assert f"{last}行目" in told


def test_a_language_without_words_and_two_desks_with_one_sign_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "site.toml"
    text = path_of("hitotsu").read_text(encoding="utf-8")
    path.write_text(f'{text}\n[hall_page]\nlanguages = ["ja", "zh-Hons"]\n', encoding="utf-8")
    with pytest.raises(
        UsageError, match="zh-Hons の言葉がありません）。zh-Hans のことであれば、直してください"
    ) as refused:
        load_site(path)
    assert f"{len(path.read_text(encoding='utf-8').splitlines())}行目" in str(refused.value)
    shipped = (data_dir() / "kumagaya.toml").read_text(encoding="utf-8")
    signs = shipped.replace('code = "T2"\n', 'code = "T2"\nplace = "T1"\n')
    path.write_text(signs, encoding="utf-8")
    with pytest.raises(UsageError, match="1番目の端末と同じで、来た人が見分けられません"):
        load_site(path)


def test_a_counter_has_the_reading_that_its_number_gives_it() -> None:
    read = {n: with_counters(f"{n}分").removeprefix(f"{n}分") for n in (1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 15, 100, 105)}
    assert [n for n, kana in read.items() if kana == "{ふん}"] == [2, 5, 7, 9, 15, 105]
    assert set(read.values()) == {"{ふん}", "{ぷん}"}
    assert [with_counters(f"{n}人") for n in (1, 2, 3, 12)] == ["1人{り}", "2人{り}", "3人{にん}", "12人{にん}"]
    assert with_counters("9月14日") == "9月{がつ}14日{か}"
    assert [with_counters(f"{n}日") for n in (1, 8, 11, 20)] == ["1日", "8日{か}", "11日{にち}", "20日{か}"]
    assert with_counters("10分{ぷん} 3人目 今日") == "10分{ぷん} 3人目 今日", (
        "what has a reading, and other words, stay"
    )


def test_which_shipped_languages_name_the_months() -> None:
    assert tuple(code for code, x in shipped_languages().items() if x.months) == WITH_MONTHS
