"""Every fault of a site file is told at once, with its line; what cannot be met is a fault, what is only unusual is none."""

from __future__ import annotations

from pathlib import Path

import pytest

from floorctl.common.errors import UsageError
from floorctl.intake.site_file import load_site
from floorctl.models.site.site import Site
from floorctl.models.site.site_rules import RULES, cautions
from floorctl.rehearsal.scenario_files import shipped
from floorctl.rehearsal.scenario_rules import rules_on
from tests.contract.contract_cli import run
from tests.other_sites import OTHERS, path_of

MINAMI = path_of("minami").read_text(encoding="utf-8")
SPARE_LANE = '[[lanes]]\ncode = "z"\nname = "予備"\ntitle = "予備"\nletter = "Z"\n\n[[services]]'
OVERRIDE = '\n[[calendar.overrides]]\ndate = {}\nkind = "{}"\nreason = "x"\nagreed_on = 2026-04-01\n'

# (what stands in the file, what is put there; "" at the end), and words of the line that tells it.
FAULTS: tuple[tuple[str, str, str], ...] = (
    ('letter = "K"', 'letter = "R"', "lanes 2番目 renew の letter：R は1番目の窓口（受取）と同じ"),
    ("[[services]]", SPARE_LANE, "lanes 3番目 z：窓口 z を受け持つ端末が terminals にありません"),
    ("valid_from = 2026-04-01", "valid_from = 2026-06-01", "2026-06-01の前日まで、会場がありません"),
    ("end = 2029-03-31", "end = 2026-03-31", "contract の end：終わりの日が始まりの日（2026-04-01）より前"),
    ("end = 2029-03-31", "end = 2926-03-31", "2199年まで"),
    ("opens = 10:30:00\ncloses = 17:30:00", "opens = 20:30:00\ncloses = 21:30:00", "開庁時間（9:00〜18:30）にかかりません"),
    ('lane = "renew"\nopens', 'lane = "renw"\nopens', "services 2番目 renewal5 の lane：renw が lanes にありません"),
    ('lanes = ["handout", "renew"]\nlane', 'lanes = ["renew"]\nlane', "terminals 1番目 X1 の lane：handout がこの端末の lanes に"),
    ('code = "X2"', 'code = "x1"', "terminals 2番目 x1 の code：x1 が2度あります（1番目にもあります）"),
    ('name = "更新"', 'name = "受取"', "1番目と同じ言葉で、画面で見分けられません"),
    ('name = "端末い"', 'name = "　"', "terminals 1番目 X1 の name：空白だけです"),
    ("escalation_amber_s = 120", "escalation_amber_s = 900", "注意（900秒）が超過（escalation_red_s の240秒）より後"),
    ("switch_s = 60", "switch_s = -60", "switch_s：0以上にします"),
    ("no_show_s = 240", "no_show_s = 0\nbreak_due_s = 30000", "no_show_s：1以上にします"),
    ("no_show_s = 240", "no_show_s = 0\nbreak_due_s = 30000", "break_due_s：6時間を超えて"),
    ("capacity = 12", "capacity = 0", "seats の capacity：1以上にします"),
    ("high = 14\ncapacity = 12", "high = 99\ncapacity = 99\nmost_in_lane = 20", "窓口の数を掛けると40人"),
    ("capacity = 12", "capacity = 15", "椅子（high の14脚）より多い人数まで「満席」に"),
    ("low = 3\nhigh = 4", "low = 9\nhigh = 9", "受け持てる端末は5台で、9台にはできません"),
    ("low = 3\nhigh = 4", "low = 5\nhigh = 5", "low を合わせると6台ですが"),
    ('year_end_from = "12-28"', 'year_end_from = "01-05"', "年末年始の休みが366日"),
    ('year_end_from = "12-28"', 'year_end_from = "11-31"', "year_end_from：暦にない日です"),
    ("saturdays_nth = [1, 3]", "saturdays_nth = [1, 1]", "saturdays_nth 2番目：1 が2度"),
    ("", OVERRIDE.format("2026-10-04", "closed_emergency"), "もともと開場日ではありません（日曜日）"),
    ("", OVERRIDE.format("2026-10-05", "extra"), "もともと開場日です"),
    ("", OVERRIDE.format("2036-10-05", "extra"), "契約期間の外です"),
    ("", 2 * OVERRIDE.format("2026-10-04", "extra"), "1番目にもあります。1日に1つ"),
    ("", '\n[[calendar.training]]\nstart = 2020-01-01\nend = 2020-01-02\nreason = "x"\n', "training 1番目 の start：契約期間の外"),
    ("[incident_reports]", '[incident_reports]\nfire = { word = "直ちに" }', "fire：このような事案の分類はありません"),
    ("", "\n[duties]\nhandover_months = 12\nminutes_day = 3\n", "minutes_days のことであれば"),
    ("end = 2029-03-31", "end = 2026-05-31", "業務引継書の期限（2か月前）が、契約の始まり"),
    ("fiscal_year = 2026", "fiscal_year = 2036", "2036年度は契約期間にかかりません"),
    ("cert_renewals = 9000", "cert_renewals = 999_999", "件までなので、ありえません"),
    ('codes = ["J1", "J2"]', 'codes = ["J1", "j1"]', "j1 が2度あります"),
    ("", '\n[[feeds]]\npath = "a"\n[[feeds]]\npath = "a"\n', "feeds 2番目 の path：同じファイル"),
    ("", "\n[advice.lending]\nreleif_s = 200\n", "relief_s のことであれば"),
    ("", "\n[advice.lending]\ntimes = 100.5\n", "times：99以下にします"),
    ("", '\n[advice.moves]\nheads_more = "2"\n', "heads_more：数で書きます"),
    ("", "\n[advice.moves]\nheads_more = nan\n", "heads_more："),
    ("", '\n[[skills]]\ncode = "a"\nname = "受取・更新"\nlanes = ["renew"]\n', "name：名簿の欄で、区切りか「なし」と読まれます"),
    ("", '\n[[skills]]\ncode = "a"\nname = "なし"\nlanes = ["renew"]\n', "name：名簿の欄で、区切りか「なし」と読まれます"),
    ("", '\n[[remarks]]\ncode = "a"\nname = "付添い"\n\n[[remarks]]\ncode = "b"\nname = "付添い"\n', "1番目と同じ言葉で"),
    ("", '\n[[city_hours]]\nstarts = 12:00:00\npresent = 1\nweekdays = ["月", "月"]\n', "weekdays 2番目：月 が2度あります"),
    ("", '\n[[city_hours]]\nstarts = 12:00:00\npresent = 1\n\n[[city_hours]]\nstarts = 12:00:00\npresent = 2\n', "同じ時刻が1番目にもあります"),
    ("[seats]", "[seat]", "seat：このような項目はありません"),
)  # fmt: skip


def lines_of(tmp_path: Path, text: str) -> list[str]:
    path = tmp_path / "own.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(UsageError) as caught:
        load_site(path)
    # One fault is the sentence, several are a line each.
    return list(caught.value.lines[1:] or (caught.value.sentence.replace("）。", "。"),))


def put(text: str, old: str, new: str) -> str:
    assert old in text
    return text.replace(old, new, 1) if old else text + new


@pytest.mark.parametrize(("old", "new", "words"), FAULTS, ids=[f[2][:30] for f in FAULTS])
def test_what_cannot_be_met_is_told_beside_every_other_fault(tmp_path: Path, old: str, new: str, words: str) -> None:
    """A wrong type, an empty name and a misspelt key elsewhere hide nothing of what the rules find."""
    alone = lines_of(tmp_path, put(MINAMI, old, new))
    assert [x for x in alone if words in x], alone
    others = (
        ("reserved = true", 'reserved = "yes"'),
        ('short = "駅前コーナー"', 'short = ""'),
        ("overtaken", "overtakn"),
    )
    text = put(MINAMI, old, new)
    for right, wrong in others:
        text = put(text, right, wrong)
    told = lines_of(tmp_path, text)
    assert [x for x in told if words in x], told
    assert len(told) == len(alone) + 3
    assert all("行目 " in x and x.endswith("。") and len(x) < 220 for x in told)
    numbers = [int(x.partition("行目")[0]) for x in told]
    assert numbers == sorted(numbers), "in the order of the file"


def test_a_wrecked_file_tells_so_many_faults_and_counts_the_rest(tmp_path: Path) -> None:
    text = MINAMI.replace("code = ", "cod = ").replace("name = ", "name = 1 # ")
    told = lines_of(tmp_path, text)
    assert len(told) == 31 and told[-1].startswith("ほかに")


def test_a_fault_of_syntax_has_its_line_and_column(tmp_path: Path) -> None:
    (said,) = lines_of(tmp_path, MINAMI.replace("low = 12", "low = 12 13"))
    assert "own.toml の192行目10文字目に誤りがあります" in said


def test_rows_that_are_no_toml_hide_no_other_fault(tmp_path: Path) -> None:
    """A day and an hour that do not exist, words without quotes, an open list: the rest of the file is read all the same."""
    text = MINAMI
    for old, new in (
        ("start = 2026-04-01", "start = 2026-02-30"),
        ('letter = "K"', 'letter = "R"'),
        ("opens = 10:30:00", "opens = 25:30:00"),
        ('name = "端末い"', "name = 端末い"),
        ('lanes = ["handout", "renew"]', 'lanes = ["handout", "renew"'),
        ("capacity = 12", "capacity = 0"),
        ("switch_s = 60", "switch_s = 60\nno_show_s = 1"),
    ):
        text = put(text, old, new)
    told = lines_of(tmp_path, text + "\n[hall]\nopens = 1\n")
    words = (
        "11行目 contract の start：ありえない日か",
        "45行目 lanes 2番目 renew の letter：R は1番目の窓口",
        "53行目 services 1番目 pickup の opens：ありえない時刻か",
        "84行目 terminals 1番目 X1 の name：値の書き方が違います。文字は半角の引用符で",
        "85行目 terminals 1番目 X1 の lanes：かっこが閉じていません",
        "194行目 seats の capacity：1以上に",
        "205行目 no_show_s：同じ項目または表が2度",
        "230行目：同じ項目または表が2度",
    )
    assert [x for x, word in zip(told, words, strict=True) if not x.startswith(word)] == []


STRUCTURE = (  # (what stands in the file, what is put there, the line that tells it)
    (
        'name = "駅前サービスコーナー（2階）"',
        'name = """駅前サービスコーナー',
        "venues 1番目 の name：文字列の引用符が閉じて",
    ),
    (
        'lanes = ["handout", "renew"]',
        'lanes = [\n  "handout"\n  "renew",\n]',
        "terminals 1番目 X1 の lanes：かっこが閉じて",
    ),
    ('codes = ["J1", "J2"]', 'codes = ["J1",\n"J2" # form = "J"\n', "city_codes の codes：かっこが閉じて"),
    ("[[lanes]]", "[[lanes]", "行目：表の始まりのかっこが違います。半角で [[lanes]] とだけ"),
    ("[[lanes]]", "[lanes]", "行目：表の始まりのかっこが違います。半角で [[lanes]] とだけ"),
    ("[[services]]", "［［services］］", "行目：表の始まりのかっこが違います"),
    ("[hall]", "hall]", "行目：表の始まりのかっこが違います"),
    ("[seats]", "[seats", "行目：表の始まりのかっこが違います"),
)


@pytest.mark.parametrize(("old", "new", "words"), STRUCTURE, ids=[x[1][:12] for x in STRUCTURE])
def test_a_table_or_list_written_wrongly_hides_no_other_fault(tmp_path: Path, old: str, new: str, words: str) -> None:
    text = (
        put(MINAMI, old, new).replace('code = "minami"', 'code = "mi-nami"').replace("overtaken = 4", 'overtaken = "4"')
    )
    told = lines_of(tmp_path, text)
    assert len(told) == 3 and words in told[1], told


def test_where_nothing_more_can_be_read_that_is_said(tmp_path: Path) -> None:
    text = MINAMI.replace('code = "minami"', 'code = "mi-nami"')
    (said,) = lines_of(tmp_path, put(text, "[hall]", "[[会場]]"))
    assert "ほかの誤りは、その行を直すと分かります" in said
    assert "ほかの誤り" not in lines_of(tmp_path, put(MINAMI, "[hall]", "[hall"))[0], "all was read"


ROWS = (  # a row, what was meant by its writer, and words of the one line
    ("switch_s = 60秒", "数は半角の数字だけで"),
    ("switch_s = ６０", "数は半角の数字だけで"),
    ("switch_s = 060", "数は半角の数字だけで"),
    ("switch_s ＝ 60", "全角の空白か記号があります"),
    ("　switch_s = 60", "全角の空白か記号があります"),
    ("switch_s : 60", "「項目 = 値」の形になっていません"),
    ("switch_s", "「項目 = 値」の形になっていません"),
)


@pytest.mark.parametrize(("row", "words"), ROWS, ids=[x[0] for x in ROWS])
def test_a_row_written_as_people_write_is_told_in_their_terms(tmp_path: Path, row: str, words: str) -> None:
    told = lines_of(tmp_path, put(put(MINAMI, "switch_s = 60", row), "watched = true", "watched = True"))
    assert [x.partition("：")[0] for x in told] == [
        "188行目 equipment 1番目 printer の watched",
        "204行目 thresholds の switch_s",
    ]
    assert "true か false を小文字で" in told[0] and words in told[1]


FOLLOWS = (  # one mistake that could be told of many places, and the words of the one line
    (("closes = 18:30:00", "closes = 08:30:00"), "hall の closes：終わりの時刻が始まりの時刻（9:00）より前"),
    (('code = "renew"', 'code = "renewal"'), "42行目 lanes 2番目 renewal の code：renewal を使うところがなく、lanes にない renew"),
    (('[[terminals]]\ncode = "X2"', 'code = "X2"'), "88行目 code：同じ項目が続けて2度書かれています。表の始まりの行"),
    (('short = "5年更新"', "shrt"), "short のことであれば"),
    (('[[posts]]', '[[lanes]]\n\n[[posts]]'), "lanes 3番目"),
    (("[incident_reports]", '[incident_reports]\nfire = "直ちに"'), "fire：このような事案の分類はありません"),
    (("low = 3\nhigh = 4", "low = 8\nhigh = 4"), "bands 2番目 の high：最大の数が最小の数（low の8）より小さい"),
)  # fmt: skip


@pytest.mark.parametrize(("put_there", "words"), FOLLOWS, ids=[x[1][:16] for x in FOLLOWS])
def test_one_mistake_is_told_once(tmp_path: Path, put_there: tuple[str, str], words: str) -> None:
    text = put(put(MINAMI, *put_there), "switch_s = 60", "switch_s = -60")
    told = lines_of(tmp_path, text)
    assert len(told) == 2 + 3 * (words == "lanes 3番目") and [x for x in told if words in x], told
    assert "None" not in "".join(told)


def test_a_remark_that_names_an_illness_is_worth_a_look(tmp_path: Path) -> None:
    path = tmp_path / "own.toml"
    text = '\n[[remarks]]\ncode = "a"\nname = "{}"\n'
    path.write_text(MINAMI + text.format("発熱") + text.format("付添い").replace('"a"', '"b"'), encoding="utf-8")
    assert [f.place for f in cautions(load_site(path)) if "病気" in f.why] == [("remarks", 0, "name")]


@pytest.mark.parametrize(
    ("code", "why"),
    [
        ("null", "値がないもの"), ("None", "値がないもの"), ("NaN", "数"), ("infinity", "数"), ("true", "はい・いいえ"),
        ("Epoch", "日付"), ("today", "日付"), ("con", "装置の名前"), ("COM1", "装置の名前"),
    ],
)  # fmt: skip
def test_a_site_code_that_is_misread_in_a_path_is_refused(tmp_path: Path, code: str, why: str) -> None:
    (said,) = lines_of(tmp_path, put(MINAMI, 'code = "minami"', f'code = "{code}"'))
    assert f"{code} は" in said and why in said


def test_a_site_code_that_stops_one_reader_is_told(tmp_path: Path) -> None:
    path = tmp_path / "own.toml"
    for code, told in {"n12": True, "Tru1": True, "north1": False, "true1": False, "Minami": False}.items():
        path.write_text(put(MINAMI, 'code = "minami"', f'code = "{code}"'), encoding="utf-8")
        assert any(f.place == ("code",) for f in cautions(load_site(path))) is told, code


def test_two_wrong_values_are_not_called_the_same(tmp_path: Path) -> None:
    told = lines_of(tmp_path, MINAMI.replace("fiscal_year = ", "fiscal_year = 1.5 # "))
    assert len(told) == MINAMI.count("fiscal_year = ") > 1
    assert all("整数で" in x for x in told)


@pytest.mark.parametrize("site", [load_site(), *(load_site(path_of(name)) for name in OTHERS)], ids=lambda x: x.code)
def test_no_rule_gives_up_on_a_right_site(site: Site) -> None:
    """Of a site with wrong values a rule ends where it needs one of them; of a right one each is asked to its end."""
    assert [fault for rule in RULES for fault in rule(site)] == []
    assert all(fault.why for fault in cautions(site))
    for s in shipped(site)[0].values():
        assert [fault for rule in rules_on(site, own=False) for fault in rule(s)] == []


def test_a_contract_turned_round_says_nothing_of_its_days(tmp_path: Path) -> None:
    closure = '\n[[calendar.training]]\nstart = 2026-10-08\nend = 2026-10-09\nreason = "研修"\n'
    (said,) = lines_of(tmp_path, put(MINAMI, "end = 2029-03-31", "end = 2026-03-31") + closure)
    assert "contract の end" in said


def test_line_ends_of_any_system(tmp_path: Path) -> None:
    for end in ("\r\n", "\r"):
        path = tmp_path / "own.toml"
        path.write_bytes(MINAMI.replace("\n", end).encode("utf-8-sig"))
        assert load_site(path).code == "minami"


def test_unusual_sites_are_none_of_it(tmp_path: Path) -> None:
    """20 terminals, evenings, an empty reception on a weekday, a lane without numbers beside others: all can be meant."""
    more = "".join(
        f'[[terminals]]\ncode = "Y{n}"\nname = "端末{n}"\nlanes = ["handout", "renew"]\nlane = "renew"\n\n'
        for n in range(20)
    )
    text = put(MINAMI, "[[bands]]", more + "[[bands]]")
    text = put(text, "[10:00:00, 16:00:00]", "[10:00:00, 10:00:00]")
    text = put(text, "closes = 18:00:00", "closes = 21:00:00")
    text = put(text, "[[services]]", SPARE_LANE)
    text = put(text, "switch_s = 60", "switch_s = 86_400")
    text = put(text, 'lanes = ["handout", "renew"]', 'lanes = ["handout", "renew", "z"]')
    path = tmp_path / "own.toml"
    path.write_text(text, encoding="utf-8")
    assert len(load_site(path).terminals) == 25
    said = run("site", "check", path)
    assert said.status == 0
    assert "開庁時間（9:00〜18:30）からはみ出します" in said.out and "番号を出さない窓口" in said.out
    assert "switch_s：受付の一日（いちばん長い業務で660分）より長く" in said.out


def test_terminals_and_training_of_one_name_are_worth_a_look(tmp_path: Path) -> None:
    path = tmp_path / "own.toml"
    twice = '\n[[training]]\ncode = "again"\nname = "業務内容の確認"\n'
    text = put(MINAMI, 'name = "端末ろ"', 'name = "端末い"')
    path.write_text(text + twice + twice.replace("again", "once_more"), encoding="utf-8")
    said = run("site", "check", path)
    assert said.status == 0
    assert "terminals 2番目 X2 の name：1番目と同じ言葉で" in said.out
    assert "once_more の name：" in said.out


def test_site_check_tells_all_and_does_nothing(tmp_path: Path) -> None:
    own = tmp_path / "own.toml"
    own.write_text(
        MINAMI.replace('letter = "K"', 'letter = "R"').replace("capacity = 12", "capacity = 0"), encoding="utf-8"
    )
    told = run("site", "check", own, "--json")
    assert told.status == 2 and told.json["ok"] is False and len(told.json["faults"]) == 3
    assert told.err.count("\n") == 3
    right = run("--site", path_of("minami"), "site", "check", "--json")
    assert (right.status, right.json) == (0, {"ok": True, "faults": [], "cautions": []})
    scenario = tmp_path / "fire.toml"
    scenario.write_text('title = ""\n', encoding="utf-8")
    told = run("site", "check", "--scenario", scenario)
    assert told.status == 2 and "fire.toml に誤りが" in told.err and "誤りはありません。\n窓口 4" in told.out
    assert sorted(x.name for x in tmp_path.iterdir()) == ["fire.toml", "own.toml"]
