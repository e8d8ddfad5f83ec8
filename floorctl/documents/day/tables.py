"""The data tables that the layout of the daily documents may name, and what their keys mean."""

from __future__ import annotations

from floorctl.common.words import FATE_WORDS
from floorctl.documents.day import counts as day_counts
from floorctl.documents.day import course as day_course
from floorctl.documents.day import people as day_people
from floorctl.documents.day import sentences as day_facts
from floorctl.documents.day.record import DayRecord
from floorctl.documents.layout.material import TableSpec, catalogue

_FATES = FATE_WORDS | {"open": "未終了"}
_HOUR = {
    "issued": "受付（人）",
    "called": "呼出し（人）",
    "served": "完了（人）",
    "wait_mean": "平均待ち",
    "wait_max": "最大待ち",
}
_MATTER = {
    "matter": "事項のコード",
    "name": "事項",
    "count": "件数",
    "approved": "可",
    "declined": "否",
    "desk3": "市の窓口",
    "withdrawn": "取下げ",
    "undecided": "未決",
    "to_taken": "対応開始まで 平均",
    "to_taken_max": "対応開始まで 最大",
    "to_settled": "決定まで 平均",
    "to_settled_max": "決定まで 最大",
}
_WRITTEN = {"text": "記載（特になし・未記入を含む）", "written": "記載"}

DAY_TABLES: dict[str, TableSpec[DayRecord]] = {
    "services": TableSpec(
        {
            "service": "業務のコード",
            "lane": "列のコード",
            "name": "業務",
            "short": "業務（短）",
            **_FATES,
            "appointment": "予約あり",
            "walk_in": "予約なし",
            "cards": "完了した番号札の枚数",
            "assist": "合理的配慮の希望",
        },
        day_counts.services,
    ),
    "work": TableSpec(
        {
            "item": "項目のコード",
            "lane": "列のコード",
            "name": "項目",
            "short": "項目（短）",
            "tickets": "番号札から",
            "by_hand": "手集計",
            "together": "合計",
            "ledger": "台帳・端末",
            "read": "台帳・端末の件数",
            "difference": "差（台帳・端末 − 記録）",
            "note": "差の説明",
            "state": "一致・差異・未照合・対象外",
        },
        day_counts.work,
    ),
    "waits": TableSpec(
        {
            "lane": "列のコード",
            "name": "列",
            "title": "窓口",
            "n": "人数",
            "mean": "平均",
            "p90": "90％値",
            "max": "最大",
            "peak": "最多人数",
            "peak_at": "その時刻",
        },
        day_counts.waits,
    ),
    "hours": TableSpec(
        {
            "hour": "時間帯の始まり",
            **_HOUR,
            **{f"{key}.*": f"列ごとの{word}" for key, word in _HOUR.items()},
            "waiting_max.*": "列ごとの最多人数",
        },
        day_counts.hours,
    ),
    "lane_hours": TableSpec(
        {"lane": "列のコード", "hour": "時間帯の始まり", **_HOUR, "waiting_max": "最多人数"},
        day_counts.lane_hours,
    ),
    "terminals": TableSpec(
        {
            "terminal": "端末の符号",
            "name": "端末",
            "lane": "列のコード",
            "lane_name": "列",
            "called": "応対（人）",
            "done": "完了（人）",
            "busy": "応対時間の計",
            "mean": "1人あたり",
            "first": "最初の呼出し",
            "last": "最後の終了",
        },
        day_counts.terminals,
    ),
    "appointments": TableSpec(
        {
            "hour": "時間帯の始まり",
            "booked": "予約（人）",
            "cards": "予約（枚）",
            "came": "来庁（人）",
            "missing": "未来庁（人）",
            "done": "完了（人）",
        },
        day_counts.appointments,
    ),
    "allocation": TableSpec(
        {"lane": "列のコード", "name": "列", "count": "台数", "terminals": "端末"}, day_counts.allocation
    ),
    "moves": TableSpec(
        {
            "at": "時刻",
            "terminal": "端末の符号",
            "terminal_name": "端末",
            "from": "変更前",
            "to": "変更後",
            "course": "変更前→変更後",
            "reason": "理由",
            "from_before": "変更前の列の待ち",
            "from_after": "変更前の列の30分後の待ち",
            "to_before": "変更後の列の待ち",
            "to_after": "変更後の列の30分後の待ち",
            "from_effect": "変更前の列の待ちの変化",
            "to_effect": "変更後の列の待ちの変化",
        },
        day_course.moves,
    ),
    "escalations": TableSpec(_MATTER, day_course.escalations),
    "lane_escalations": TableSpec({"lane": "列のコード", **_MATTER}, day_course.lane_escalations),
    "cases": TableSpec(
        {
            "case": "番号",
            "matter": "事項",
            "short": "事項（短）",
            "place": "端末・番号札",
            "raised_at": "引継ぎ",
            "taken_at": "対応開始",
            "settled_at": "決定",
            "to_taken": "対応開始まで",
            "to_settled": "決定まで",
            "outcome": "決定の内容",
            "official": "市職員の符号",
            "note": "備考",
        },
        day_course.cases,
    ),
    "incidents": TableSpec(
        {
            "incident": "番号",
            "category": "種別",
            "short": "種別（短）",
            "occurred_at": "発生",
            "found_at": "発見",
            "reported_at": "市へ報告",
            "state": "状態",
            "summary": "概要",
            "targets": "対象",
            "measures": "措置",
            "prevention": "再発防止",
            "text": "概要・対象・発見・措置・再発防止",
        },
        day_course.incidents,
    ),
    "outages": TableSpec(
        {
            "incident": "事案の番号",
            "service": "業務のコード",
            "name": "業務",
            "since": "始まり",
            "until": "終わり",
            "minutes": "受付時間中の分数",
            "cause": "原因",
        },
        day_course.outages,
    ),
    "stops": TableSpec(
        {
            "kind": "打切り・故障の別",
            "name": "業務・端末",
            "short": "業務・端末（短）",
            "since": "始まり",
            "until": "終わり",
            "until_word": "終わりの記録がないとき",
            "seconds": "受付時間中の長さ",
            "reason": "理由・内容",
        },
        day_course.stops,
    ),
    "staff": TableSpec(
        staff_keys := {
            "staff": "従事者の符号",
            "role": "役割",
            "deputy": "代行",
            "status": "最後の状況",
            "came_at": "出勤",
            "gone_at": "退勤",
            "break": "休憩",
            "break_short": "休憩の不足",
            "charge": "現場責任者の職務に就いた時間",
            "remark": "欠勤・遅刻・休憩不足",
            "reason": "理由",
        },
        day_people.staff,
    ),
    "notable": TableSpec(staff_keys, day_people.notable),
    "staff_changes": TableSpec(
        {"at": "時刻", "staff": "従事者の符号", "status": "状況", "until": "まで", "reason": "理由"},
        day_people.staff_changes,
    ),
    "handovers": TableSpec(
        {"at": "時刻", "staff": "従事者の符号", "role": "役割", "deputy": "代行", "reason": "理由"},
        day_people.handovers,
    ),
    "vacancies": TableSpec(
        {
            "staff": "従事者の符号",
            "opened_at": "欠員の始まり",
            "closed_at": "補充",
            "substitute": "補充した者",
            "reason": "理由",
            "uncovered": "受付時間中の欠員",
        },
        day_people.vacancies,
    ),
    "inquiries": TableSpec({"topic": "内容", "count": "件数"}, day_facts.inquiries),
    "inquiry_texts": TableSpec(_WRITTEN, day_facts.inquiry_texts),
    "problems": TableSpec(_WRITTEN, day_facts.problems),
    "remarks": TableSpec(_WRITTEN, day_facts.remarks),
    "doubts": TableSpec({"text": "記録から確かめる点"}, day_facts.doubts),
}

DAY_DATA = catalogue(DAY_TABLES, day_facts.DAY_FACTS)
