"""Words in the headings of a machine's columns and in the names of its events, in Japanese and English."""

from __future__ import annotations

import re
import unicodedata

# Words of headings, by role; a heading in Latin letters is looked at in lower case with _ between its words.
_HEADINGS = {
    "personal": r"氏名|名前|姓|フリガナ|カナ|電話|住所|番地|郵便|生年|誕生|性別|年齢|メール|備考|メモ|コメント|摘要|特記|連絡先|携帯|個人番号(?!カード)|カード番号|^氏$|(^|_)tel|contact|phone|mobile|address|birth|e_?mail|^name$|(customer|visitor|client|guest|person|full|first|last)_?name|(cust|visitor|client|user|person)_nm|note|remark|(^|_)(rmk|cmt)|comment|memo|gender|zip",
    "wait": r"待ち?時間|所要|対応時間|処理時間|応対時間|経過|平均|duration|elapsed|wait(ing)?_?(time|min|sec|s$)|_secs?$|_minutes$|average|更新|updat|modif|予約|appoint|book(ed|ing)|印刷枚",
    "called": r"呼び?出?し?|案内|対応開始|応対開始|開始|call|start|begin|serv(e|ed|ing|ice)_?(start|begin|from)",
    "issued": r"発券|受付|来庁|到着|発行|取得|create|issue|arriv|check_?in|print|taken|regist|joined|enqueue",
    "finished": r"終了|完了|終わり|退|離席|end|finish|complet|clos|leave|left|done",
    "waiting": r"待ち?(人|客|者|組)?数?$|待ち?人|waiting|queue_?(len|size)|in_?queue|人数",
    "id": r"(^|_)id$|^id|連番|レコード|履歴番|伝票|シーケンス|通し?番|行番|管理番|seq|^no\.?$|^row|transaction|(^|_)rec(_|ord)|uuid|guid",
    "ticket": r"番号|整理|引換|チケット|札|ticket|tkt|number|token|(^|_)no\.?$|queue_?no|呼出番|受付番",
    "event": r"区分|イベント|状態|動作|操作|処理|ステータス|event|action|type|status|state|operation",
    "terminal": r"窓口|カウンタ|ブース|端末|席|卓|デスク|counter|desk|service_?point|window|terminal|booth|position",
    "staff": r"担当|職員|係員|従事|社員|ユーザ|staff|user|operator|agent|clerk|employee",
    "service": r"業務|用件|手続|サービス|種別|種類|目的|区分|メニュー|service|category|menu|reason|purpose|transaction_?type|queue(_?name)?$",
    "lane": r"列|レーン|^lane|キュー|queue|display_?name|窓口名|業務|区分|名称",
    "gone": r"退|離席|leave|left",
    "plain_name": r"^(name|名前|名称)$",
    "prefix": r"記号|頭文字|英字|系列|レター|prefix|letter|series",
    "served": r"中の?番号|現在|current|now_|serving",
    "outcome": r"結果|転帰|完了区分|終了区分|outcome|result|rslt|resolution|disposition",
    "day": r"日付|年月日|営業日|^日$|date|^day",
    "time": r"時刻|時間|日時|時分|time|timestamp|_at$|^at$|_ts$|date",
    "place": r"支所|拠点|会場|店|庁舎|branch|site|office|location|hall",
}
HEADINGS = {role: re.compile(pattern) for role, pattern in _HEADINGS.items()}
# Words of events by kind, in the order in which they are looked for.
EVENTS = (
    ("", r"(desk|window|counter)[ _]?(clos|open)|log_?(in|out)$|ping|heartbeat|休止|再開"),
    ("ticket.requeued", r"呼び?出?し?(を|の)?(取消|取り消し|キャンセル)|call.?cancel|cancel.?call|un_?call"),
    ("", r"(終了|完了|応対|受付済み?)(を|の)?(取消|取り消し|キャンセル)"),
    ("ticket.recalled", r"再呼|recall|re-call"),
    ("ticket.transferred", r"転送|移送|振替|transfer"),
    ("ticket.no_show", r"不在|不応答|欠席|no_?.?show|absent|miss"),
    ("ticket.left", r"帰宅|取消|取り消し|中止|キャンセル|放棄|辞退|離脱|cancel|left|leave|abandon|drop"),
    ("ticket.requeued", r"戻|再待|requeue|保留|park|hold"),
    ("ticket.finished", r"終|完了|処理済|対応済|end|finish|complet|close|done|served"),
    ("ticket.called", r"呼|案内|対応開始|開始|call|start|serving"),
    ("ticket.finished", r"済"),
    ("ticket.issued", r"発券|^発$|受付|^待ち|待機|waiting|発行|登録|issue|creat|print|ticket|arriv|new|join|check.?in"),
)
_EVENT_OF = [(kind, re.compile(pattern)) for kind, pattern in EVENTS]
TOTALS = re.compile(r"(合|小|総|中|累)? ?計|(grand |sub)?total", re.I)


def heading_words(heading: str) -> str:
    """Return a heading in lower case, with _ where a capital begins a word: ticketId is ticket_id."""
    text = unicodedata.normalize("NFKC", heading).strip()
    return re.sub(r"[\s.\-]+", "_", re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", text)).lower().strip("_")


def event_kind(value: str) -> str:
    """Return the kind of fact that the name of an event means, or ""."""
    words = value.casefold()
    return next((kind for kind, pattern in _EVENT_OF if pattern.search(words)), "")


def says(heading: str, role: str) -> bool:
    """Return whether a heading has a word of a role."""
    words = heading_words(heading)
    return bool(words) and HEADINGS[role].search(words) is not None
