"""Writes the tables of all keys of a site file and of a scenario anew: ``python -m tests.keys_page``.

Unit, bounds and default are those of the model; what a key is for stands here, and a key without words is an error.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import MISSING, Field, fields, is_dataclass
from datetime import date, time
from pathlib import Path
from typing import Any, Literal, Union

from floorctl.common.constraints import Between, Chars, Shape, shapes
from floorctl.intake.toml_model import FORMS
from floorctl.models.site.scenario import Scenario
from floorctl.models.site.site import Site

DOCS = Path(__file__).parent.parent / "docs"
BEGIN = "## すべての項目"
NOTE = """この表はプログラムの検査から作ったものです。「省くと」が「必須」の項目は、書かなければ断ります。
「コード」は英字で始まる英数字と _（32字まで）、「文字」は改行のない言葉で、どちらも `"…"` と引用符で囲みます。日付と時刻は囲みません。"""

# Tables that a page of their own has, made by ``tests/sources_page.py``.
ELSEWHERE = {"sources": "sources.md"}
# What each table is, and what each of its keys is for.
SITE = {
    "": "会場（表の外に書く）",
    "code": "会場のコード。データファイルはこの名で会場を見分ける",
    "name": "画面の左上の会場名",
    "city": "市の名前",
    "inquiry_topics": "q で数える問い合わせの種類",
    "accommodations": "合理的配慮の手段",
    "referrals": "他窓口案内の行き先",
    "incident_reports": "事案の分類ごとの、市へ伝える期限。項目の名は9つの分類のコード。書かない分類は当日中",
    "contract": "契約",
    "contract.title": "書類の件名",
    "contract.start": "契約の初日。これより前は開場しない",
    "contract.end": "契約の末日。start 以後、30年以内",
    "contract.client": "書類の宛名",
    "contract.department": "担当課",
    "contract.contractor": "書類の差出人",
    "venues": "会場の場所。移るときは書き足す",
    "venues.valid_from": "この日から使う。初めのものは契約の初日以前、どれも契約の末日以前",
    "venues.name": "書類の会場名",
    "venues.short": "短い会場名",
    "venues.address": "所在地",
    "venues.building": "建物の名",
    "hall": "本庁舎の開庁時間",
    "hall.opens": "始まり",
    "hall.closes": "終わり。事案の報告の期限と、待ち時間の見込みはここまで",
    "other_desk": "会場で続けられない人を案内する、市の窓口",
    "other_desk.name": "窓口の名",
    "other_desk.short": "短い名",
    "city_codes": "決定を記録できる市職員のコード",
    "city_codes.codes": "すべて挙げるとき。大文字と小文字は区別しない",
    "city_codes.form": "挙げないときのコードの形（正規表現）",
    "lanes": "待ち行列。並びは画面と書類の順",
    "lanes.code": "窓口のコード",
    "lanes.name": "画面の窓口名。窓口ごとに違う言葉",
    "lanes.title": "書類の窓口名",
    "lanes.letter": "手で出す番号の頭文字。窓口ごとに違う英字",
    "lanes.wait_target_s": "この窓口だけの待ち時間の目標",
    "lanes.like": "窓口の意味",
    "services": "業務と受付時間",
    "services.code": "業務のコード。発券機の記録の service",
    "services.name": "業務の名",
    "services.short": "画面の短い名。6字くらいまで",
    "services.lane": "受け付ける窓口",
    "services.opens": "受付の始まり",
    "services.closes": "受付の終わり。opens より後で、開庁時間にかかること",
    "services.appointment": "予約制か",
    "services.first_minutes": "予約1件目の枠の長さ",
    "services.further_card_minutes": "カード1枚増えるごとの長さ",
    "services.typical_minutes": "今日の実績がまだないときの1件の長さ",
    "services.hint": "番号を出すときに見せる注意",
    "services.like": "業務の意味",
    "services.weekday_hours": "曜日ごとの受付時間。始まりと終わりが同じなら、その曜日は受け付けない",
    "terminals": "端末",
    "terminals.code": "端末のコード。数字で終わると、その数字キーで選べる",
    "terminals.name": "端末の名",
    "terminals.lanes": "受け持てる窓口。2つ以上なら配分を変えられる",
    "terminals.lane": "開場時に言わないときの窓口。lanes の1つ",
    "terminals.authority": "操作者権限と静脈登録の要る端末か",
    "terminals.place": "来た人に見せる窓口の表示（会場のページの「窓口 3」の 3）。机に掲げた札と同じにする。省くとコード",
    "bands": "ふだんの台数。外れる配分には理由がいる",
    "bands.lane": "窓口。1つに1度",
    "bands.low": "少ないほう。受け持てる端末の数まで",
    "bands.high": "多いほう",
    "matters": "市職員へ引き継ぐ事項",
    "matters.code": "事項のコード",
    "matters.name": "事項の名",
    "matters.short": "短い名",
    "matters.reserved": "市だけが決めるものか",
    "matters.like": "事項の意味",
    "work_items": "日報に載せる件数",
    "work_items.code": "業務項目のコード",
    "work_items.name": "業務項目の名",
    "work_items.short": "短い名",
    "work_items.lane": "数える窓口",
    "work_items.ledger": "締めで照らす台帳の名。空なら照らさない",
    "work_items.like": "業務項目の意味",
    "posts": "端末を離れた持ち場",
    "posts.code": "持ち場のコード",
    "posts.name": "持ち場の名",
    "remarks": "番号に付ける印。人の名や病気は言葉にしない",
    "remarks.code": "印のコード。assist は発券機の合理的配慮の希望と同じ印",
    "remarks.name": "画面の言葉。5字くらいまで",
    "remarks.until": "時刻の付く印か（画面では「11:00まで」になる）",
    "skills": "職員ができる業務。名簿の「できる業務」の欄に書く言葉と、それで立てる窓口",
    "skills.code": "技能のコード",
    "skills.name": "画面と名簿の言葉。技能ごとに違う言葉",
    "skills.lanes": "立てる窓口",
    "skills.short": "狭い列の言葉（交、電など）。技能ごとに違う言葉。省くと name の1字目",
    "skills.posts": "会場案内の持ち場に立てるか",
    "booking_codes": "予約の一覧の手続の言葉と業務。なければすべて数える",
    "booking_codes.name": "一覧にある手続の言葉。`*` は挙げていないすべて",
    "booking_codes.service": "業務のコード。予約制でない業務か、書かなければ、その手続の行は数えない",
    "shift_codes": "勤務表の記号",
    "shift_codes.code": "勤務表の欄に書く記号（早、遅、休）。全角と半角は区別しない",
    "shift_codes.name": "画面の言葉",
    "shift_codes.starts": "始業。off でなければ書く",
    "shift_codes.ends": "終業。starts より後",
    "shift_codes.off": "会場にいない日の記号か（休み、有給、研修）",
    "shift_codes.break_minutes": "休憩の長さ",
    "shift_codes.also": "同じ意味のほかの言葉（有休、年休）。取り込むと code になる",
    "city_hours": "会場にいる市職員のふだんの予定",
    "city_hours.starts": "この時刻から、次の時刻まで",
    "city_hours.present": "予定の人数",
    "city_hours.weekdays": "この曜日だけの予定か（「月」から「日」）。省くと、ほかに決めのない曜日",
    "checklist": "開場前と閉場前の点検",
    "checklist.code": "点検のコード",
    "checklist.list": "開場前か閉場前か",
    "checklist.name": "点検すること",
    "checklist.shown_by": "記録から分かる点検。空なら手で付ける",
    "training": "研修の項目",
    "training.code": "項目のコード。想定の training に書く",
    "training.name": "項目の名",
    "equipment": "市が用意する機器",
    "equipment.code": "機器のコード",
    "equipment.name": "機器の名",
    "equipment.low": "少ないほうの数",
    "equipment.high": "多いほうの数",
    "equipment.watched": "1台ずつ状態を記録するか",
    "equipment.serves": "使う窓口",
    "equipment.all_down": "すべて使えないときの知らせの言葉",
    "seats": "椅子と、居られる人数",
    "seats.low": "椅子の少ないほう",
    "seats.high": "椅子の多いほう",
    "seats.capacity": "これを超えると「満席」。high まで",
    "seats.most_in_lane": "1つの窓口に居られる人数。超える数は数え間違いとして断る",
    "thresholds": "知らせを出す境目",
    "thresholds.escalation_amber_s": "市職員への引継ぎの注意。escalation_red_s まで",
    "thresholds.escalation_red_s": "引継ぎの超過",
    "thresholds.wait_target_s": "待ち時間の目標",
    "thresholds.no_show_s": "呼び出してから不在とみなすまで",
    "thresholds.stale_feed_s": "受付中に発券機の記録が来ないとき「途絶」とするまで",
    "thresholds.long_service_s": "応対の終了の入れ忘れを疑うまで",
    "thresholds.overtaken": "後の番号がこれだけ先に呼ばれた番号を疑う",
    "thresholds.passed_over": "予約の人も含め、後の番号がこれだけ先に呼ばれたら知らせる",
    "thresholds.memo_ahead_s": "時刻のあるメモを、その前から知らせる",
    "thresholds.switch_s": "端末の配分を変えるのにかかる時間",
    "thresholds.appointment_late_s": "予約の人を遅刻とするまで",
    "thresholds.last_call_s": "受付終了の前に、待ちと残りの能力を比べ始める時間",
    "thresholds.break_over_s": "休憩の戻りの時刻をこれだけ過ぎたら知らせる",
    "thresholds.break_due_s": "休憩なしで働ける時間。6時間（21600）まで",
    "thresholds.clock_skew_s": "発券機の時計のずれを知らせるまで",
    "advice": "提案の定数。`floorctl fit` が示した行を貼る（なくてよい）",
    "advice.lending": "応援の定数。書かない項目は備え付けの値",
    "advice.lending.relief_s": "同じ窓口に空いた端末がほかにあるとき、応援先の待ちがこれ以上なら応援を提案する",
    "advice.lending.alone_s": "同じ窓口に空いた端末がほかにないとき、応援先の待ちがこれ以上なら応援を提案する",
    "advice.lending.heads": "応援先で待つ人の最少",
    "advice.lending.rest_s": "応援と応援の間に空ける時間",
    "advice.lending.times": "1台あたりの待つ人が、応援先のこの倍と heads_more の和を超えたら戻す",
    "advice.lending.heads_more": "times に足す人数",
    "advice.lending.per_day": "1日の指示の目安。これを先取りするほど、応援の境目が上がる",
    "advice.moves": "配分変更の定数。書かない項目は備え付けの値",
    "advice.moves.heads_more": "1台あたりの待つ人が、移す元よりこれだけ多ければ配分変更を提案する",
    "advice.moves.lasts_s": "それが続く時間",
    "incident_reports.*": "事案の報告の期限",
    "incident_reports.*.word": "契約の言葉（直ちに・遅滞なく・速やかに）",
    "incident_reports.*.minutes": "発見から報告まで。なければ within か word による",
    "incident_reports.*.within": "minutes の代わりに、当日中か次の開場日か",
    "incident_reports.*.damage_word": "被害があるときの言葉",
    "incident_reports.*.damage_minutes": "被害があるときの期限。minutes まで",
    "incident_reports.*.after_measures": "応急処置の後の報告もいるか",
    "calendar": "開場日の決まり",
    "calendar.saturdays_nth": "会場が開く第何土曜",
    "calendar.hall_saturdays_nth": "本庁舎が開く第何土曜",
    "calendar.saturday_peak_months": "毎週土曜に開く月",
    "calendar.year_end_from": "年末年始の休みの初日",
    "calendar.year_end_to": "年末年始の休みの末日。60日まで",
    "calendar.training": "研修などで休む期間",
    "calendar.training.start": "初日",
    "calendar.training.end": "末日。契約期間にかかること",
    "calendar.training.reason": "休む理由",
    "calendar.overrides": "協議で決めた日。1日に1つ",
    "calendar.overrides.date": "その日。契約期間の中で、extra は休みの日、closed_emergency は開場日",
    "calendar.overrides.kind": "追加就業日か臨時休止か",
    "calendar.overrides.reason": "理由",
    "calendar.overrides.agreed_on": "協議した日。extra は date 以前",
    "calendar.overrides.agreed_with": "協議した相手",
    "questions": "協議事項の扱い方",
    "questions.code": "協議事項の番号（A1〜A15）",
    "questions.name": "協議事項",
    "questions.clause": "仕様書の条項",
    "questions.default": "協議が調うまでの読み方。readings の1つ",
    "questions.readings": "読み方の並び",
    "questions.readings.code": "読み方のコード。期限を動かすものは決まっている",
    "questions.readings.name": "読み方の名",
    "questions.setting": "決まったら直す設定",
    "duties": "提出物と届出の期限",
    "duties.weeks_before_start": "計画書などは業務開始の何週前か",
    "duties.minutes_days": "議事録は開催後何開庁日か",
    "duties.staff_change_months": "従事者の変更は何か月前か",
    "duties.handover_months": "業務引継書は契約終了の何か月前か。契約期間より短いこと",
    "duties.training_every_months": "定期研修の記録の間隔",
    "duties.shift_table_months": "シフト表の期間",
    "duties.handover_notice_days": "業務引継書の期限の何日前から知らせるか",
    "duties.meeting_heads": "業務運営会議の項目",
    "demand": "契約の年度件数",
    "demand.fiscal_year": "年度。契約期間にかかり、1年度に1つ",
    "demand.cert_renewals": "電子証明書の更新",
    "demand.card_renewals": "カードの更新",
    "demand.new_and_reissued": "新規と再交付",
    "holding": "カードの保有枚数（引用）",
    "holding.as_of": "いつの数か",
    "holding.population": "人口",
    "holding.cards": "枚数。人口まで",
    "holding.rate": "公表の保有率。計算し直さない",
    "holding.source": "出典",
    "feeds": "盤面が取り込む発券機の記録",
    "feeds.path": "ファイル。1つに1度",
    "feeds.source": "記録の入力元の名",
    "sources": "説明で読む入力元",
    "board": "盤面の見た目と音",
    "board.bell": "音を鳴らすか",
    "board.theme": "色",
    "documents": "書類の様式",
    "documents.template": "様式ファイル。会場設定から見た場所。空なら備え付け。ないときは、書類を作る命令と `site check` が断り、盤面と記録は使える",
    "hall_page": "来た人に見せる会場のページ",
    "hall_page.languages": "ページの言語と順。備え付けは ja en zh-Hans zh-Hant ko pt-BR es vi、ほかの言語は texts に書く",
    "hall_page.texts": "言語ごとの言葉。備え付けの言語では直すものだけを書く",
    "hall_page.texts.code": "言語の記号",
    "hall_page.texts.name": "その言語での言語の名。備え付けにない言語では必須",
    "hall_page.texts.words": "言葉。名前と入れる値は「会場のページの言葉」の表。備え付けにない言語では全部",
    "hall_page.texts.weekdays": "月曜から日曜までの7つ。備え付けにない言語では必須",
    "hall_page.texts.months": "1月から12月までの名。date に `{month_name}` があるときに要る",
    "hall_page.texts.lanes": "窓口のコードと、その名",
    "hall_page.texts.services": "業務のコードと、その名",
    "hall_page.texts.venue": "会場の名。省くと、ja では [[venues]] の short、ほかでは備え付けの言葉",
}
SCENARIO = {
    "": "想定（表の外に書く）",
    "title": "題",
    "summary": "一覧に出る短い説明",
    "purpose": "目的。盤面の初めの伝言と研修記録に出る",
    "tasks": "すること。盤面の初めの伝言に番号を付けて出る。{操作の名} はそのキーに変わる",
    "training": "数える研修の項目。会場設定の [[training]] の code",
    "day": "演習する日。開場日であること",
    "volume": "来庁者の多さ",
    "seed": "同じ数なら同じ一日",
    "speed": "何倍の速さか",
    "starts": "操作の始まり。ends までに受付のある業務がいる",
    "ends": "操作の終わり",
    "messages": "誰かの言葉",
    "messages.at": "伝える時刻。starts から ends まで",
    "messages.who": "誰が",
    "messages.text": "言葉。{waiting} は列の人数に、{操作の名} はそのキーに変わる",
    "mishaps": "会場で起きること",
    "mishaps.kind": "何が起きるか",
    "mishaps.at": "始まり。操作する時間にかかり、同じものと重ならないこと",
    "mishaps.until": "終わり",
    "mishaps.services": "outage と slow の業務（ほかでは書かない）",
    "mishaps.terminals": "failure の端末（ほかでは書かない）",
    "mishaps.minutes": "slow で長くなる時間",
    "mishaps.present": "officials の残る人数",
    "mishaps.fault": "failure の故障の内容",
    "expectations": "期待されること",
    "expectations.text": "何をするか",
    "expectations.clause": "仕様書の条項",
    "expectations.at": "ここから。starts から ends の前まで",
    "expectations.within": "期限。ends を越えないこと",
    "expectations.kinds": "どれか1つで足りる記録の種類。hand_off.taken は1つだけで書く",
    "expectations.where": "その記録の項目の値。会場にあるコードと、決まった値だけ。`*` は空でなければよい",
    "expectations.after": "この種類の記録より後のものだけを数える",
    "expectations.count": "違うものについて何回か。never と一緒には書かない",
    "expectations.never": "その間にしないことか",
}

_UNITS = (
    ("peak_months", "月"), ("_s", "秒"), ("minutes", "分"), ("within", "分"), ("months", "か月"), ("_days", "日"), ("weeks_before_start", "週"),
    ("capacity", "人"), ("most_in_lane", "人"), ("present", "人"), ("population", "人"), ("cards", "枚"), ("speed", "倍"),
    ("count", "回"), ("heads", "人"), ("heads_more", "人"), ("times", "倍"), ("per_day", "回"), ("overtaken", "人"), ("passed_over", "人"), ("renewals", "件"), ("reissued", "件"),
)  # fmt: skip
_PLACES = {"low": {"bands": "台", "seats": "脚", "equipment": "台"}}
_PLACES["high"] = _PLACES["low"]


def renewed(page: str, model: type[Any], words: dict[str, str]) -> str:
    """Return the page with its tables of keys as the program has them; they end the page."""
    told = dict(words)
    tables = "\n\n".join(_tables("", model, told, many=False))
    if told:
        raise KeyError(f"no such key: {', '.join(told)}")
    return f"{page.partition(BEGIN)[0].rstrip()}\n\n{BEGIN}\n\n{NOTE}\n\n{tables}\n"


def _tables(place: str, model: type[Any], told: dict[str, str], *, many: bool, most: str = "") -> Iterator[str]:
    """Yield the table of a part of the file, then those of the parts in it; ``told`` loses what was used."""
    head = f"[[{place}]]" if many else f"[{place}]"
    title = f"### {told.pop(place)}" if not place else f"### `{head}` {told.pop(place)}{most}"
    rows, inner = [], []
    for field in fields(model):
        shape, key = shapes(model)[field.name], f"{place}.{field.name}".lstrip(".")
        part = _part(shape)
        if key in ELSEWHERE:
            most_of = _bounds(shape.mark(Between) or Between(), "つ")
            inner.append(
                f"### `[[{key}]]` {told.pop(key)}{most_of}\n\n項目は [{ELSEWHERE[key]}]({ELSEWHERE[key]}) にあります。"
            )
            continue
        if part is not None:
            held = f"{key}.*" if shape.base is dict else key
            most_of = _bounds(shape.mark(Between) or Between(), "つ") if shape.base is tuple else ""
            inner += _tables(held, part, told, many=shape.base is tuple, most=most_of)
        if part is None or shape.base is dict:
            row = (f"`{field.name}`", form_of(shape, field.name, place), default_of(field), told.pop(key))
            rows.append(f"| {' | '.join(row)} |")
    needed = _needed(model, place)
    head_rows = ["", "| 項目 | 書くもの | 省くと | 何に使うか・決まり |", "|---|---|---|---|"] if rows else []
    yield "\n".join([title, *needed, *head_rows, *rows])
    yield from inner


def _needed(model: type[Any], place: str) -> list[str]:
    """Return what tables a file must have, told at its head."""
    if place:
        return []
    tables = [(f, shapes(model)[f.name]) for f in fields(model) if _part(shapes(model)[f.name]) is not None]
    must = [f"`[[{f.name}]]`" if s.base is tuple else f"`[{f.name}]`" for f, s in tables if default_of(f) == "必須"]
    return ["", f"要る表: {' '.join(must)}。ほかの表は、要るときだけ書きます。"] if must else []


def _part(shape: Shape) -> Any:
    """Return the class of the tables that a key holds, or None."""
    inner = shape.inner[-1] if shape.base in (tuple, dict) and shape.inner else shape
    return inner.base if isinstance(inner, Shape) and is_dataclass(inner.base) else None


def form_of(shape: Shape, name: str, place: str = "") -> str:
    """Return what is written: type, unit and bounds."""
    if shape.base is tuple and len(shape.inner) > 1:
        return f"[{'、'.join(form_of(x, name, place) for x in shape.inner)}]"
    between, chars = shape.mark(Between) or Between(), shape.mark(Chars)
    if shape.base is tuple:
        return f"[ ] で並べる: {form_of(shape.inner[0], name, place)}{_bounds(between, 'つ')}"
    if shape.base is dict:
        return (
            f"{{ }} で書く: {form_of(shape.inner[0], name, place)} = {form_of(shape.inner[1], name, place)}"
            if _part(shape) is None
            else "下の表"
        )
    if shape.base is Union:
        return "、または ".join(form_of(x, name, place) for x in shape.inner)
    if shape.base is Literal:
        return " ".join(f"`{x}`" if x else "空" for x in shape.inner)
    if shape.base in (int, float):
        kind = "整数" if shape.base is int else "数"
        unit = _PLACES.get(name, {}).get(place) or next((u for end, u in _UNITS if name.endswith(end)), "")
        bounds = _bounds(between, unit)
        return f"{kind}{bounds.replace(',', '') if name == 'fiscal_year' else bounds}"
    if shape.base is str:
        return _text(chars or Chars())
    return {bool: "true / false", date: "日付 `2026-07-01`", time: "時刻 `08:30:00`"}[shape.base]


def _text(chars: Chars) -> str:
    known = FORMS.get(chars.pattern or "")
    return ("コード" if known and known.startswith("英字で始まる") else known) or (
        f"文字（{chars.most:,}字まで）" if chars.most else "文字"
    )


def _bounds(between: Between, unit: str) -> str:
    least, most = between.least, between.most
    if least is None and most is None:
        return f"（{unit}）" if unit and unit != "つ" else ""
    if most is None:
        return f"（{least}{unit}以上）"
    return f"（{most:,}{unit}まで）" if least is None else f"（{least:,}〜{most:,}{unit}）"


def default_of(field: Field[Any]) -> str:
    """Return what holds where a key is not written."""
    if field.default is MISSING and field.default_factory is MISSING:
        return "必須"
    value = field.default if field.default is not MISSING else field.default_factory()  # type: ignore[misc]
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, tuple) and value:
        return f"`{json.dumps(value)}`"
    return "なし" if value in (None, "", (), {}) else f"`{value}`"


PAGES = {"sites.md": (Site, SITE), "rehearsal.md": (Scenario, SCENARIO)}


if __name__ == "__main__":
    for name, (model, words) in PAGES.items():
        path = DOCS / name
        path.write_text(renewed(path.read_text(encoding="utf-8"), model, words), encoding="utf-8")
