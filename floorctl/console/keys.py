"""Actions of the console, each declared once: keys, words, condition.

The footer, the list of actions (F1), the manual's pages of keys and the tests are made from this table.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from floorctl.common.words import OTHER_DESK
from floorctl.console.key_names import key_name
from floorctl.console.possible import (
    LOOKING_BACK,
    Why,
    advised,
    always,
    approvable,
    break_planned,
    can_close,
    can_lend,
    can_move,
    can_open,
    can_permit,
    can_reopen,
    chosen,
    chosen_any_time,
    counts_work,
    duty_chosen,
    duty_row,
    duty_to_hand_in,
    has_act,
    has_advice,
    has_begun,
    has_cases,
    has_facts,
    has_never_called,
    has_team,
    incident_chosen,
    leavable,
    loaded,
    looking_back,
    open_day,
    paper_typed,
    person_chosen,
    plans,
    prints_furigana,
    report_open,
    reportable,
    rostered_chosen,
    serving,
    ticket_chosen,
    unit_chosen,
    usable,
)
from floorctl.console.state import ConsoleState

if TYPE_CHECKING:
    from floorctl.models.site.site import Site


class Action(NamedTuple):
    """Action of the console and when it is possible."""

    id: str
    keys: tuple[str, ...]  # characters, or names of keys (``enter``, ``left``, ``f1``)
    label: str
    help: str
    group: str
    why: Why
    shown: str = ""  # the keys as they are written, where that is not their names
    looks: bool = False  # changes nothing: possible in a past view too

    def why_not(self, state: ConsoleState) -> str:
        """Return '' if the action is possible now, else the reason why not."""
        if state.looking_back and not self.looks:
            return LOOKING_BACK
        return self.why(state)

    def at(self, site: Site | None) -> Action:
        """Return the action in the words of a site."""
        if site is None or OTHER_DESK not in self.label + self.help:
            return self
        desk = site.other_desk.short
        return self._replace(label=self.label.replace(OTHER_DESK, desk), help=self.help.replace(OTHER_DESK, desk))

    @property
    def cap(self) -> str:
        return self.shown or "・".join(key_name(k) for k in self.keys)


def _actions(
    group: str, *rows: tuple[str, str, str, str, Why], shown: str = "", looks: bool = False
) -> Iterator[Action]:
    """Yield the actions of a group from rows of id, keys separated by spaces, label, help, condition."""
    for name, keys, label, text, why in rows:
        yield Action(name, tuple(keys.split()), label, text, group, why, shown, looks)


ACTIONS: tuple[Action, ...] = (
    *_actions("画面", ("help", "f1 ?", "操作一覧", "すべての操作を探して実行する", always), shown="F1", looks=True),
    *_actions(
        "画面",
        ("board", "f2", "盤面", "端末・待ち・市職員・注意を1画面で見る", always),
        ("city", "f3", "市職員", "市職員へ引き継いだ案件と、会場の市職員", loaded),
        ("people", "f4", "職員", "名簿・点呼・在席・休憩・責任者・欠員", loaded),
        ("incidents", "f5", "事案", "事故・障害の一覧と報告の期限。開いて補い、終結する", loaded),
        ("forecast", "f6", "見込み", "来庁の見込みと実際（30分ごと）、受付終了に間に合うか", loaded),
        ("results", "f7", "実績", "今日・今週・今月の件数・待ち・引継ぎ・見込みを図と数で", loaded),
        ("duties", "f8", "期限", "市への提出物・届出・議事録の期限、会議、協議事項", loaded),
        ("queue", "b", "番号", "すべての番号と予約。用件変更・不在・帰宅・呼び直し", loaded),
        ("calendar", ".", "暦", "この先60日の開場日・休み・追加就業日・計画停止を見る、入れる", loaded),
        ("equipment", ",", "機器", "プリンタなどの機器の状態を見る、変える", loaded),
        ("journal", "l", "記録", "今日の記録を順に見る。古い記録を理由を付けて直す", loaded),
        ("day_plan", "\\ ¥", "今日の計画", "今日の勤務・場所・休憩の計画。休憩を固定・移動・入替・記録する", loaded),
        ("brief", ";", "申し送り", "ある時刻から後のメモ・事案・案件・配分変更のまとめ", loaded),
        ("close", "f9", "締め", "一日を締める: 残り・照合・問い合わせ・問題点・特記・文書", loaded),
        ("theme", "f10", "色", "暗い・明るい・色なしを切り替える", always),
        looks=True,
    ),
    *_actions(
        "一日",
        ("open", "enter", "開場", "今日を開場する（市職員の人数を入れる）", can_open),
        ("check", "c", "点検", "開場前・閉場前の点検表", usable),
    ),
    *_actions(
        "画面",
        ("past", "[", "前の記録へ", "会場を1件前の記録のときの姿に戻して見る（PageUp で10分前）", has_facts),
        ("future", "]", "次の記録へ", "過去の表示を1件進める（PageDown で10分、End で今）", looking_back),
        looks=True,
    ),
    *_actions(
        "盤面",
        ("choose", "1 2 3 4 5 6 7 8", "端末", "端末を選ぶ。選択は Esc で外す", loaded),
        shown="1-8",
        looks=True,
    ),
    *_actions(
        "盤面",
        ("panel", "tab", "次の枠", "端末・決定待ち・注意・在席・記録の枠を順に選ぶ", loaded),
        ("panel_back", "shift+tab", "前の枠", "枠を逆の順に選ぶ", loaded),
        ("up", "up", "上へ", "枠の中で上へ（上矢印）", loaded),
        ("down", "down", "下へ", "枠の中で下へ（下矢印）", loaded),
        looks=True,
    ),
    *_actions(
        "盤面",
        (
            "enter",
            "enter",
            "開く",
            "選んだものの操作（端末の一覧、案件の対応・決定、注意への答え、職員の状況、記録の訂正）",
            loaded,
        ),
    ),
    *_actions("盤面", ("leave_choice", "escape", "選択を外す", "選択・遡り・過去の表示をやめる", loaded), looks=True),
    *_actions(
        "盤面",
        ("advice_take", "a", "適用", "提案のとおりにする（端末の移動・再開、担当、受付）", advised),
        ("advice_decline", "x", "見送り", "提案を見送る（理由を数字で）。10分は出ない", leavable),
        ("advice_why", "0", "根拠", "提案の理由（来庁・端末・予約・前提・確かさ）", has_advice),
    ),
    *_actions(
        "端末",
        ("left", "left", "左の列へ移す", "選んだ端末を左の列（交付）へ移す（左矢印）", can_move),
        ("right", "right", "右の列へ移す", "選んだ端末を右の列（電子証明書）へ移す（右矢印）", can_move),
        (
            "lend",
            ":",
            "応援",
            "選んだ端末をほかの列の応援に出す、または本来の窓口へ戻す。応対中なら終わってから",
            can_lend,
        ),
        ("next", "n", "次へ", "応対中なら終了して次を、空きなら次を呼ぶ", chosen),
        ("finish", "d", "終了", "終了だけして次は呼ばない", serving),
        ("no_show", "z", "不在", "呼んだ人が来ないとき", serving),
        ("pause", "s", "休止/再開", "端末を休止する、または再開する", chosen_any_time),
        ("fail", "f", "故障/復旧", "端末の故障を記録する、または復旧する", chosen_any_time),
        ("staff", "p", "担当", "選んだ端末に誰が立つか", chosen_any_time),
    ),
    *_actions(
        "盤面",
        (
            "lend_permit",
            ":",
            "応援の許可",
            "今日、確かめずに応援に出してよい端末を決める（端末を選んでいないとき）",
            can_permit,
        ),
    ),
    *_actions(
        "市職員",
        ("escalate", "e", "市職員へ", "案件を市職員へ引き継ぐ（事項を数字で）", open_day),
        ("desk3", "g", f"{OTHER_DESK}へ", f"案件を{OTHER_DESK}へ案内する（市職員がいないとき）", has_cases),
        ("officials", "o", "市職員数", "会場にいる市職員の人数", usable),
    ),
    *_actions(
        "待ち",
        ("count", "w", "待ち人数", "列ごとに数えた人数を入れる", open_day),
        ("issue", "t", "発券", "番号を出す（業務を数字で）", open_day),
        (
            "by_hand",
            "j",
            "手受付",
            "発券機のないときの受付。業務の数字で番号を出し、端末の英字で次を呼ぶ。p で紙の入力",
            open_day,
        ),
    ),
    *_actions(
        "手受付", ("paper", "p", "紙の入力", "紙の運用票（番号札・件数・配分）を、書いた時刻のまま入力する", open_day)
    ),
    *_actions(
        "紙",
        ("paper_write", "z", "記録する", "入力した紙の行を、まとめて1回で記録する", paper_typed),
        ("paper_start", "a", "始まりの時刻", "紙の最初の行の時刻がここから数えられる", open_day),
        ("paper_drop", "x", "消す", "入力した紙の行を、記録せずにすべて消す", paper_typed),
    ),
    *_actions(
        "待ち",
        ("seats", "v", "会場人数", "会場にいる人の数を入れる（椅子の数と比べる）", open_day),
        ("reception", "r", "受付打切り", "受付を打ち切る、または再開する（決めた人も）", open_day),
    ),
    *_actions(
        "番号",
        ("ticket_menu", "enter", "操作", "選んだ番号にできることの一覧", ticket_chosen()),
        (
            "ticket_call",
            "n",
            "呼ぶ",
            "選んだ番号を空いている端末に呼ぶ",
            ticket_chosen("waiting", "no_show", "counted_out"),
        ),
        ("ticket_finish", "d", "終了", f"選んだ番号を終える（完了・未了・{OTHER_DESK}）", ticket_chosen("serving")),
        (
            "ticket_transfer",
            "x",
            "用件変更",
            "選んだ番号の用件を変える。待ち時間は続く",
            ticket_chosen("waiting", "serving"),
        ),
        ("ticket_no_show", "z", "不在", "選んだ番号の人がいない", ticket_chosen("waiting", "serving")),
        ("ticket_left", "f", "帰宅", "選んだ番号の人が待たずに帰った", ticket_chosen("waiting")),
        (
            "ticket_requeue",
            "a",
            "待ちに戻す",
            "選んだ番号を待ちに戻す",
            ticket_chosen("serving", "no_show", "left", "counted_out"),
        ),
        (
            "ticket_remark",
            "=",
            "印",
            "選んだ番号に印（要配慮・11:00まで）を付ける、外す",
            ticket_chosen("waiting", "serving"),
        ),
        ("ticket_uncall", "s", "呼び間違い", "選んだ番号の呼出しを取り消す", ticket_chosen("serving")),
        (
            "ticket_never_called",
            "p",
            "未呼出",
            "呼ばれないままの番号を、まとめて帰宅または誤発券にする",
            has_never_called,
        ),
    ),
    *_actions(
        "画面",
        (
            "find",
            "/",
            "探す",
            "番号・記録を言葉で探す（番号の画面では数字のまま。バーコードリーダーは読み取るだけ）",
            loaded,
        ),
        looks=True,
    ),
    *_actions(
        "職員",
        ("roll_call", "a", "点呼", "まだ状況のない全員を在席にする。いない人をその前に選べる", has_team),
        ("is_present", "1", "在席", "選んだ職員が在席", person_chosen),
        ("is_late", "2", "遅刻", "選んだ職員が遅れる（来る時刻を入れる）", person_chosen),
        ("is_absent", "3", "欠勤", "選んだ職員が欠勤（欠員も記録する）", person_chosen),
        ("is_on_break", "4", "休憩", "選んだ職員が休憩に入る", person_chosen),
        ("is_away", "5", "離席", "選んだ職員が席を外す", person_chosen),
        ("is_gone", "6", "退勤", "選んだ職員が帰る", person_chosen),
        ("stand", "p", "端末", "選んだ職員がどの端末に立つか", person_chosen),
        ("post", "n", "持ち場", "選んだ職員の会場案内の持ち場", person_chosen),
        (
            "places",
            "=",
            "同じ配置",
            "前の開場日の朝と同じ配置（今日の配置の予定があればそれ）を、今日いる人で1回で置く",
            usable,
        ),
        ("vacancy", "z", "欠員", "選んだ職員の欠員を記録する、または代わりの人を入れる", person_chosen),
        (
            "plan_absence",
            "x",
            "欠勤の予定",
            "選んだ職員が休むと分かっている日を入れる、または取りやめる",
            rostered_chosen,
        ),
        ("hand_over", "h", "責任者", "現場責任者の職務を代行者へ引き継ぐ、または受け取る（F5 を除く）", usable),
    ),
    *_actions("職員", ("people_plan", "d", "今日の計画", "今日の計画（休憩の計画）を開く", loaded), looks=True),
    *_actions(
        "計画",
        ("plan_breaks", "a", "計画を作る", "休憩の計画を作る・作り直す。固定した休憩は動かさない", plans),
        (
            "plan_place",
            "p",
            "場所",
            "選んだ職員の場所（端末・案内）を、ある時刻から先の予定として決める",
            person_chosen,
        ),
        ("break_fix", "f", "固定/解除", "選んだ職員の休憩を固定する、または固定を外す", break_planned),
        ("break_earlier", "left", "5分早く", "選んだ職員の休憩を5分早くして固定する（左矢印）", break_planned),
        ("break_later", "right", "5分遅く", "選んだ職員の休憩を5分遅くして固定する（右矢印）", break_planned),
        ("break_swap", "x", "入替", "選んだ職員の休憩を、ほかの職員の休憩と入れ替えて固定する", break_planned),
        ("break_tick", "n", "入る/戻る", "選んだ職員が休憩に入った、または戻った", person_chosen),
        ("break_drop", "d", "休憩を外す", "選んだ職員の休憩を計画から外す", break_planned),
    ),
    *_actions(
        "事案",
        ("incident_menu", "enter", "操作", "選んだ事案にできることの一覧", incident_chosen(open_one=False)),
        (
            "incident_report",
            "1",
            "市へ報告",
            "誰に、いつ報告したか（後に -10 か 9:40 と書けば、その時刻）",
            reportable,
        ),
        ("incident_hand_over", "h", "市へ引継ぎ", "対応を市に引き継いだ（報告とは別の記録）", incident_chosen()),
        ("incident_occurred", "2", "発生時刻", "発生した時刻を直す", incident_chosen()),
        ("incident_found", "3", "発見時刻", "発見した時刻を直す", incident_chosen()),
        ("incident_times", "=", "時刻", "発生・発見・報告などの時刻を、一緒に直す", incident_chosen()),
        ("incident_measures", "4", "応急処置", "応急処置を書く", incident_chosen()),
        ("incident_prevention", "5", "再発防止", "再発防止の措置を書く", incident_chosen()),
        ("incident_services", "6", "業務", "関わる業務（止まった業務）を選ぶ", incident_chosen()),
        ("incident_terminals", "7", "関わる端末", "関わる端末を選ぶ", incident_chosen()),
        ("incident_police", "8", "警察", "警察に通報した時刻", incident_chosen()),
        ("incident_restored", "9", "復旧", "障害が復旧した時刻", incident_chosen()),
        ("incident_serious", "s", "重大", "重大な事案にする、または戻す（緊急会議）", incident_chosen()),
        ("incident_damage", "d", "被害", "被害の有無（不当介入は被害があれば直ちに報告）", incident_chosen()),
        ("incident_cause", "f", "原因", "障害の原因（国のシステム・停電・災害・機器）", incident_chosen()),
        ("incident_category", "a", "分類", "分類を直す", incident_chosen()),
        ("incident_summary", "x", "概要", "概要を直す", incident_chosen()),
        ("incident_note", "n", "追記", "経過に1行を足す", incident_chosen(open_one=False)),
        ("incident_meeting", "p", "緊急会議", "緊急会議を開いたと記録する（議事録の期限が出る）", incident_chosen()),
        ("incident_close", "z", "終結", "選んだ事案を終結する", incident_chosen()),
        ("custody", "0", "預かり", "障害の間に預かったカードと、返したカードの枚数", open_day),
    ),
    *_actions(
        "機器",
        ("unit_ok", "1", "正常", "選んだ機器が使える", unit_chosen),
        ("unit_failed", "2", "故障", "選んだ機器の故障（事案としても記録できる）", unit_chosen),
        ("unit_stopped", "3", "停止", "選んだ機器を使わない", unit_chosen),
        ("unit_more", "a", "台を足す", "選んだ機器の次の1台を一覧に入れる", unit_chosen),
    ),
    *_actions(
        "暦",
        ("agree_extra", "a", "追加就業日", "協議した追加就業日を入れる（日付・理由・協議した日）", loaded),
        ("agree_closure", "x", "臨時休止", "臨時休止を入れる（日付・理由・協議した日）", loaded),
        ("plan_outage", "s", "計画停止", "業務の計画停止を入れる（業務・日付・時刻・理由）", loaded),
    ),
    *_actions(
        "期限",
        ("duty_menu", "enter", "操作", "選んだ提出物・会議・協議事項にできること", duty_row),
        ("duty_submit", "n", "提出した", "選んだものを今日提出した", duty_to_hand_in),
        ("duty_on", "d", "提出日", "選んだものを提出した日を入れる", duty_chosen),
        ("duty_approve", "a", "承認", "提出したものが今日市に承認された", approvable),
        ("duty_meeting", "p", "会議を記録", "業務運営会議・緊急会議の開催を記録する", loaded),
        ("duty_ruling", "x", "協議の決定", "協議事項（A1〜A15）の扱いと、いつからかを決める", loaded),
    ),
    *_actions("締め", ("close_enter", "enter", "決める", "選んだ行を片付ける、記入する、次へ進む", report_open)),
    *_actions(
        "締め",
        ("close_next", "tab", "次の手順", "次の手順へ（右矢印）", loaded),
        ("close_back", "shift+tab", "前の手順", "前の手順へ（左矢印）", loaded),
        looks=True,
    ),
    *_actions(
        "締め",
        ("close_add", "a", "書き足す", "問い合わせ・問題点・特記に1行を足す", report_open),
        ("close_edit", "x", "直す", "選んだ行を直す。照合では差の理由を書く", report_open),
        ("close_drop", "d", "外す", "選んだ行を外す、または入れる。照合では入れた件数を消す", report_open),
        ("close_none", "n", "特になし", "書くことがないと決める", report_open),
        ("close_adopt", "s", "記録に足す", "照合の差を、手で数えた件数として記録に足す", report_open),
        ("close_same", "=", "台帳と同じ", "照合で、入れていない項目をすべて台帳と同じにする", report_open),
        ("close_day", "z", "締める", "閉場し、控えを取り、今日の文書を書き出す", can_close),
        ("close_export", "p", "書き出す", "今日の文書をもう一度（締める前は途中の集計を）書き出す", has_begun),
        ("close_reopen", "f", "再開", "締めた日を、理由を書いて再開する", can_reopen),
    ),
    *_actions(
        "記録",
        ("tally", "k", "件数", "業務の件数を表で入れる", counts_work),
        ("furigana", "+", "振り仮名", "追記欄への振り仮名の印字を1件数える（証明書を終えたとき）", prints_furigana),
        ("inquiry", "q", "問い合わせ", "問い合わせ・苦情を種類ごとに1つのキーで数える", usable),
        ("accommodation", "y", "配慮", "合理的配慮を1件数える（手段を数字で）", usable),
        ("referral", "@", "他窓口", "委託外の用件の人を案内した窓口を1件数える（行き先を数字で）", usable),
        ("incident", "i", "事案記録", "事故・障害を記録する（分類を数字で、1行）", loaded),
        ("memo", "m", "メモ", "メモを残す。10:30 から書き始めるとその時刻に知らせる", loaded),
    ),
    *_actions(
        "記録", ("backdate", "-", "遡る", "次の操作を N 分前のこととして記録する（- のあとに分）", loaded), shown="-N"
    ),
    *_actions("記録", ("undo", "u", "取消", "自分の最後の操作を取り消す。何を取り消すかは下の行に出る", has_act)),
    *_actions(
        "画面",
        ("copy", "ctrl+y", "コピー", "選んだ行をクリップボードへコピーする（氏はコードにする）", loaded),
        shown="Ctrl+Y",
        looks=True,
    ),
    *_actions("画面", ("clock", "f12", "時計", "このPCの時計と発券機の時計の差を見て、合わせる", loaded)),
    *_actions("画面", ("quit", "ctrl+q", "終了", "floorctl を終える", always), shown="Ctrl+Q", looks=True),
)
# Actions of these groups belong to a screen: elsewhere their keys mean something else.
SCREEN_OF_GROUP = {
    "盤面": "盤面（F2）",
    "端末": "盤面（F2）",
    "一日": "盤面（F2）",
    "手受付": "手受付の画面（j）",
    "紙": "紙の入力（j p）",
    "番号": "番号の画面（b）",
    "職員": "職員の画面（F4）",
    "計画": "今日の計画の画面（\\）",
    "事案": "事案の画面（F5）",
    "期限": "期限の画面（F8）",
    "機器": "機器の画面（,）",
    "暦": "暦の画面（.）",
    "締め": "締めの画面（F9）",
}
EVERYWHERE = frozenset(
    {"check", "hand_over", "places"}
)  # of a local group, but possible on every screen whose own keys leave theirs free
BY_ID = {a.id: a for a in ACTIONS}


def actions_for(key: str) -> list[Action]:
    """Actions of a key, in the order of the registry; the screen takes the first that is possible on it."""
    return [a for a in ACTIONS if key in a.keys]
