"""Find likely names, addresses and birthdays in a line of clean text (仕様書 12), for a warning.

- A name: a word of kanji, kana or Latin letters before 様・さま・さん・くん・君・ちゃん・殿・氏・先生 that is no word for a role
  (お客, 担当, 業者, an office) and no other word of that ending (仕様, たくさん); Ms. and -san; a value behind 氏名 or 名前は;
  one of the commonest surnames by itself.
- An address: 丁目 or 番地, a place with numbers behind it (宮町2-47-1, 大字上之), a house and a room, a value behind 住所は.
- A birthday: 生年月日, a whole date on which a living person may be born, any date or year with 生.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache

_KANJI = "々〆ヶ㐀-鿿豈-﫿𠀀-𲎯"


def _list(words: str) -> tuple[str, ...]:
    return tuple(words.split())


# --- names -----------------------------------------------------------------------------------------------------------

_HONORIFIC = (
    "(?<![仕同模多異])様(?![々子式相態変])|さま(?!ざま|よ)|さん|サン(?![ァ-ヺー])|くん(?![でだじれ])"
    r"|君(?![津がた臨主])|ちゃん(?![とこぽね])|殿(?![堂下方上様側内前])|氏(?![名神族子併])|先生|ご(?:夫妻|夫婦|家族|一家)"
)
_BEFORE = re.compile(
    rf"(?P<polite>[おご御])?(?:(?P<kanji>[{_KANJI}]{{1,12}})|(?P<katakana>[ァ-ヺー・]{{2,20}})"
    r"|(?<![ぁ-ゖ])(?P<hiragana>[ぁ-ゖー]{2,6})|(?<![A-Za-z])(?P<latin>[A-Z][A-Za-z'.-]+|[a-z]{3,}))[ 　]?$"
)
_LOOK_BACK = 24
# Endings of words for a role, an office, a relation: such a word is no name.
_ENDINGS = """
    客 者 員 課 係 達 番 隣 局 署 社 庁 省 票 済 件 屋 各位 本人 代理人 世帯主 会 院 校 長 運転手 選手 助手
    歌手 皆々 後見人 保佐人 補助人 各社 市民 県民 区民 町民 管理 委託元 委託先 発注元 発注者 元請 下請 通訳 派遣 会社 社協 大家 国 電気 電機
    通信 工業 商事 産業 建設 印刷 運輸 製作所 株式会社 事業所 事務所 研究所 営業所 案内所 会議室 家主 家族 親族 遺族
    夫婦 夫妻 主人 旦那 奥 息子 親子 子供 両親 祖父 祖母 父 母 兄 姉 叔父 叔母 親戚 友人 知人 隣人 他人 他 外国人
    名 人様 一人 二人 三人 四人 何人 数人 個人 法人 職人 新人 老人 相手 担当 受付 窓口 案内 警備 清掃 会場 役所
    支所 市 県 町内会 自治会 協会 商工会 組合 電力 水道 交番 銀行 病院 医院 薬局 学校 大学 総務 企画 広報 財政 税務
    保険 年金 福祉 会計 監査 新規 交代 応援 当番 早番 遅番 上司 部下 同僚 先輩 後輩 社長 部長 課長 係長 次長 室長
    局長 市長 町長 村長 知事 所長 館長 班長 会長 校長 園長 店長 議長 主任 主査 主事 主幹 参事 議員 総務部 本部 支部
    事業部 関係 複数 全 皆 方 方々 先方 当方 双方 親方 片方 店 館内 支店 本店 弁護士 司法書士 行政書士 税理士 社労士
    看護師 医師 薬剤師 介護士 保健師 保育士 高齢 障害 車椅子 妊婦 学生 生徒 児童 園児 幼児 乳児 赤 嬢 坊 御一行 一同
    団体 御中 同 仕 模 多 異 有 一 神 王 仏 何 貴 殿 逆 今 左 沈 宮 拝 社殿 両 各 某 諸 摂 華 彼 源 平 主
    暴 我 担任 塾 嫁 婿 娘 孫 妻 夫 子 女房 姑 舅 弟 妹 甥 姪 従兄弟 組 班 役 側 元 内 外 中 前 後 次 先
    上 下 待 済み 係員 派遣元 再来 予約 代理 順番 初回"""
# Roles only as whole words, because many names end in them (金子, 土屋, 緒方, 渡部, 和夫, 秋元).
_WHOLE = frozenset(
    _list(
        """奥 父 母 兄 姉 弟 妹 県 方 店 全 一 有 多 神 王 宮 平 主 女 子 夫 妻 孫 娘 嫁 婿 組 班 役 側 元 内 外 中 前 後 次 先 上 下 人 今 同 御 国 本 旧 院 校
    異 模 仕 左 貴 源 我 赤 坊 嬢 待 名 両 各 華 沈 拝 殿 仏 何 逆 諸 某 塾 他 隣 社 皆"""
    )
)
_ROLES = tuple(set(_list(_ENDINGS)) - _WHOLE)
# Surnames that end like a shop or a city.
_NO_ROLE = re.compile("(?:[土守古関高熱大板芦宮新茅][屋谷]|[古高今]市|[度渡]会)$")
_KANA_ROLES = re.compile(
    "(?:たく|どなた|みな|みんな|かた|おく|おじ|おば|ひとり|ふたり|お?(?:ばあ|じい|かあ|とう|にい|ねえ)|おこ|おまわり|おきゃく|おとなり|いちばん|ひと|こども|ぼっ|あか|おじょう|むすめ|むすこ|となり|りょうし|たち|よう"
    "|ベンダー|オペレーターズ?|パート|アルバイト|ボランティア|ガードマン|タクシー|ドライバー|メンバー|カスタマー|ユーザー|クレーマー|テナント|スーパー"
    "|コンビニ|フロア|エンジニア|シルバー|ヤマト|サガワ|システム|ゲスト|キャスト|プリンター?|ビル|ケアマネ|ケアマネジャー|ヘルパー|パートナー|ネットワーク"
    "|コンシェルジュ|ディーラー|ママ|パパ)$"
)
_KANA_ROLE_ENDS = re.compile(
    "(?:センター|デスク|スタッフ|サポート|メーカー|リーダー|オペレーター?|マネー?ジャー|チーム|グループ|サービス"
    "|メンテナンス|クリーニング)$"
)
# Ms. Suzuki, Suzuki-san
_HEADED = (
    r"(?<![A-Za-z])(?:Mrs?|MRS?|Ms|Miss|Dr)(?:\.[ ]?|[ ])[A-Z][A-Za-z]+"
    "|(?i:(?<![a-z])[a-z]{2,}[ -](?:san|sama|kun|chan)(?![a-z]))"
)
# Words behind 氏名 or 住所は that show that no value follows.
# Many surnames begin with such a kanji; the second one decides (前田, 有馬, 後藤; not 前回, 有無, 後日).
_SECOND = "[田藤川島原野沢澤山江松馬賀村吉本泉元枝橋友老津倉谷見木坂屋南]|(?<=名)取|(?<=別)所"
_NO_VALUE = (
    f"(?![不未無空欄変確記入伏省非同別漢表読住生性電匿仮職削有個照聞漏併対要各全複現字登提氏名必書印黒秘公左右前後以番県市国海遠近隣転異届誰何済画券](?!{_SECOND})"
    "|別所轄|一致|誤|間違|訂正|正し|正確|相違|相当|外字|旧字|等|及び|又は|本人|通称|桁|任意|口頭|上記|下記|様|コード|カナ|フリガナ|ローマ|なし|あり"
    "|ひらがな|カタカナ|アルファ|シール|プレート|ラベル|データ|エラー|チェック|スペース|スタンプ|リスト|メモ|ミス|マスク|だけ|など|のみ|ごと|まで|より|から|ない"
    "|わか|分か|言わ|すで|まだ|いつ|どこ|だれ|区[分画]|町[名内外]|村[名外]|端末|申請|控え|証明|台帳|原本|システム)"
)
_NAMED = (
    rf"(?:氏名|(?<![務役品地駅社店件書項機曜月])名前|姓名|[苗名]字|フリガナ|ふりがな|振り仮名|本名|旧姓|通称名?|世帯主|名義人?|(?:本人|来庁者|申請者|届出人|代理人|受取人|請求者|世帯主)名)"
    rf"(?:欄|)[】〕\])]?[ 　]?(?:[.]{{1,3}}|[(](?:カナ|フリガナ|漢字|ローマ字|英字)[)][ :]?|[はがも][ 　]?|を[「『]|[:=>→、「『(（〈・][ 　]?|[ 　])[「『(]?{_NO_VALUE}(?:[{_KANJI}]{{2,8}}(?![るれすきけ])|(?<=[:「『 は])[{_KANJI}](?=$|[ 」』、。])|[ァ-ヺ][ァ-ヺー・ ]+|[A-Z][A-Za-z]+"
    r"|[ぁ-ゖ]{2,8}(?=[」』)（( ]|$|です|と))"
)
_CALLED = rf"(?:[{_KANJI}]{{2,5}}|[ァ-ヺー]{{2,8}}|[ぁ-ゖ]{{2,5}})(?:です|だ)?[」』]?と(?:名乗|申し出る者|申します|いう(?:方|人|者|お客|男性|女性))"
# 申請者：… with a name, not with a role
_BEARER = (
    r"(?:申請者|受取人|受領[者人]|届出人|請求者|来庁者|代理人?|依頼人|本人|相手方)[ ]?[:=「『(][ ]?"
    rf"(?!男|女|高齢|外国|家族|親|夫|妻|子|母|父|兄|姉|弟|妹|孫|法定|任意|不[在明]|複数|同[席行一]|来庁|再来|成年|\d){_NO_VALUE}"
    rf"(?:[{_KANJI}]{{2,6}}|[{_KANJI}]{{1,4}}[ ]?[ぁ-ゖァ-ヺー]{{2,6}})(?<![員者人業社長士師親族生性代中済可否要有無外初回目理印])(?=$|[ 」』、。,)])"
)
# The commonest surnames that have no other meaning and are no town nearby, alone or before a given name.
_SURNAMES = _list(
    """佐藤 鈴木 高橋 髙橋 伊藤 渡辺 渡邊 渡邉 小林 加藤 吉田 佐々木 井上 斎藤 齋藤 斉藤 齊藤 山﨑
    阿部 池田 橋本 石井 山下 後藤 岡田 近藤 遠藤 青木 坂本 福田 西村 藤井 岡本 藤田 三浦 藤原 松田
    中島 原田 小野 田村 竹内 金子 和田 石田 柴田 酒井 工藤 横山 宮本 内田 谷口 安藤 丸山 今井 大野
    菅原 武田 新井 荒井 杉山 増田 大塚 村田 久保 野口 菊地 菊池 木下 佐野 杉本 浜田 濱田 古川 水野
    島田 小山 飯田 服部 関口 田中 中村 山本 山田 松本 木村 林田 森田 前田 小川 長谷川 村上 松井
    岩崎 桜井 野村 松尾 菅野 飯塚 五十嵐 岩田 岩本 片山 大西 松村 河合 上田 西田 東田 北村 吉川
    秋山 浅野 安田 荒木 飯島 石塚 市村 稲垣 今村 岩井 岩間 榎本 遠山 大竹 大森 岡村 奥村 小沢 小澤
    尾崎 小野寺 柏木 片岡 金井 鎌田 川上 川村 河村 神田 北川 黒田 黒沢 小西 小森 佐久間 笹川 沢田
    塩田 篠原 柴崎 島村 白石 新谷 杉田 関根 高木 高田 高野 滝沢 竹田 田口 田辺 津田 土屋 坪井 寺田
    徳永 永井 中川 中田 中山 永田 長田 西川 西山 野田 萩原 長谷部 浜口 早川 樋口 平井 平田 藤本
    星野 堀内 本田 本間 前川 牧野 松岡 松下 松原 馬場 三宅 宮田 武藤 村井 望月 森本 安井 柳沢 矢野
    山岸 山口 山川 山内 横田 吉村 米田 渡部 矢島 茂木 須藤 栗原 根岸 田島 富田 吉野 長島 持田 町田
    小池 久保田 大島 江森"""
)
_BARE_SURNAME = (
    rf"(?<![{_KANJI}ァ-ヺ])(?:{'|'.join(_SURNAMES)})(?=[ 　]?(?:[{_KANJI}]{{1,3}}|[ぁ-ゖ]{{2,4}}|[ァ-ヺ]{{2,5}})?"
    rf"(?:[はがをのにもと、。，,(（「」)）]|$|[ 　])|宅|家)(?![ 　]?(?:[{_KANJI}ァ-ヺー]{{0,4}}[駅町市区村県郡川橋病医校線支店寺沢会館所場方]|へ?行き|の?水))"
)


def _is_role(before: re.Match[str], honorific: str) -> bool:
    """Return whether the word before an honorific is a role, or no word for a person at all."""
    if kanji := before["kanji"]:
        if before["polite"] or kanji in _WHOLE:
            return kanji != "王" or honorific == "様"
        return kanji.endswith(_ROLES) and not _NO_ROLE.search(kanji)
    if before["hiragana"] and honorific in ("氏", "君", "殿", "先生"):  # 珍しい氏, 若い君: the end of an adjective
        return True
    if (hiragana := before["hiragana"]) and len(hiragana) < 3 and "一" <= before.string[: before.start()][-1:] <= "鿿":
        return True  # 初めて: the end of a word
    word = before["katakana"] or before["hiragana"]
    if word:
        return _KANA_ROLES.match(word) is not None or _KANA_ROLE_ENDS.search(word) is not None
    latin = before["latin"] or ""
    firm = "-" in latin or not set(latin) & set("AEIOU") or (honorific == "さん" and len(latin) <= 4)
    return latin.isupper() and len(latin) <= 5 and (len(latin) <= 2 or firm)


@cache
def _re(pattern: str) -> re.Pattern[str]:
    """Compile a pattern on first use, so that the program's start need not."""
    return re.compile(pattern)


def _is_named(plain: str) -> bool:
    """Return whether a name is in NFKC text."""
    for found in _re(_HONORIFIC).finditer(plain):
        before = _BEFORE.search(plain[max(0, found.start() - _LOOK_BACK) : found.start()])
        if before is not None and not _is_role(before, found[0]):
            return True
    return any(_re(pattern).search(plain) for pattern in (_HEADED, _NAMED, _CALLED, _BEARER, _BARE_SURNAME))


# --- addresses -------------------------------------------------------------------------------------------------------

_DASHES = "(?<=[0-9])[ ]?[-‐‑‒–—―−ー─━ノ][ ]?(?=[0-9])"
_DIGIT = "[0-9〇一二三四五六七八九十百]"
_KANJI_DIGIT = "[〇一二三四五六七八九十百]"
_COUNTER = r"(?![0-9]|[ ]?[件人名年月日時分秒階枚台割回便号室番棟位種型章条項票版系列枠倍円段歳])"
_ADDRESS = (
    rf"{_DIGIT}[ ]?丁目(?!会場)|{_DIGIT}[ ]?番地",
    # 宮町2-47-1, 銀座4の12の3; 上柴町西4-2, 大字上之2233, 熊谷市箱田1204, 肥塚 1350番地
    rf"(?<![第式表図紙章条項号版書様号順系型])[{_KANJI}ぁ-ゖァ-ヺ]{{2}}(?<![第式表図紙章条項号版書様順系型参照別添手列台機票口庫棚])[ ]?(?!20[0-9]{{2}}-)[0-9]{{1,4}}[-の][0-9]{{1,4}}[-の][0-9]{{1,4}}(?![-0-9])",
    rf"[{_KANJI}ぁ-ゖァ-ヺ][町村区市](?:[{_KANJI}]{{1,4}})?[ ]?(?!20[23][0-9])(?:[0-9]{{1,4}}(?:[-の][0-9]{{1,4}}){{1,2}}(?![-0-9人件])|[0-9]{{2,4}}{_COUNTER})",
    rf"[{_KANJI}][町村区]{_KANJI_DIGIT}{{1,3}}[-のノ]{_KANJI_DIGIT}{{1,3}}",
    rf"大字[ ]?[{_KANJI}]{{1,7}}|(?<![{_KANJI}ァ-ヺー数])字[{_KANJI}]{{1,4}}(?:[ ]?[0-9]|$)",
    rf"[{_KANJI}]{{1,4}}[市郡区](?![役民内外立営税道議長職])[{_KANJI}]{{1,8}}(?<![第発号])[ ]?[0-9]{{1,4}}(?:[-の][0-9]{{1,4}}|{_COUNTER})",
    rf"[{_KANJI}][町村田川原島山谷沢丘塚林野里郷浜崎橋井石江瀬根木津岡坂平池堀窪久広尾戸波良込園沼浦宮座][ の]?(?![0-9]{{4}}-[0-9]{{4}})"
    r"[1-9][0-9]{0,3}[-の][0-9]{1,4}(?![-0-9]|[ ]?[件人名年月日時分秒階枚台%])",
    rf"[{_KANJI}]{{2}}[東西南北中上下][1-9][0-9]{{0,3}}-[0-9]{{1,4}}(?![-0-9]|[ ]?[件人名年月日時分秒階枚台%])",
    rf"[県郡][{_KANJI}]{{1,6}}[市町村][{_KANJI}ぁ-ゖァ-ヺー]{{1,8}}[0-9]",
    rf"[{_KANJI}ァ-ヺ][ ]?[0-9]{{1,4}}番[0-9]{{1,3}}号?(?![0-9]|[ ]?[機車線室窓番])",
    # a house with its room
    r"(?:マンション|アパート|住宅|社宅|宿舎|官舎|ハイツ|コーポ|メゾン|ハイム|レジデンス|パレス|ヴィラ|ビラ|シャトー|カーサ|団地|寮|荘)[^0-9]{0,10}[0-9]{1,4}(?:[ ]?[号棟-]|$|[^0-9件人名月時分])",
    r"(?<![議修務理気械験])(?<![議修務理気械験]室)(?<![室階][ ])(?<!階)[ ]?[0-9]{3,4}号室",
    r"〒[ ]?[0-9]",
    rf"[都道府県][{_KANJI}]{{1,5}}[市区郡村](?![役民内外立営税道議長職教])[{_KANJI}]{{1,5}}(?:町|丁|[台丘野原](?![{_KANJI}]))(?![内会村長])",
    # indicated by a word: 住所は…, 本籍…, …在住, …にお住まい
    rf"(?:(?:現|旧|新)?住所|本籍地?|居所|住居|自宅|実家|宿舎|転居先|転出先|(?<!の)お?住まい)(?:[はがも:=][ 　]?|[ 　「(])「?{_NO_VALUE}(?:[{_KANJI}]{{2,}}|[ァ-ヺ]{{2,}})[ ]?(?=[0-9]|$|[ 　、。」)]|の|で|に)",
    rf"(?:本籍|転居先|転出先|新住所|旧住所)[ 　:は]{{1,2}}[{_KANJI}]{{1,4}}[都道府県市]",
    rf"[{_KANJI}](?<![市県都府区内外国方域在])(?:に?在住|にお?住まい|にお?住む|に居住)(?!地)",
)

# --- birthdays -------------------------------------------------------------------------------------------------------

_N = "(?:[0-9]{1,2}|[一二三四五六七八九十]{1,3})"
_ERA = "(?:明治?|大正?|昭和?|平成?|(?<![0-9A-Za-z])[MTSHmtsh])"
_ISSUED = r"(?![0-9])(?!日?[ ]?(?:付|施行|法律|政令|省令|告示|条例|制定|改正|通知|開始|稼働|導入|開庁|竣工))"
_BORN = "(?:うまれ|生まれ|生(?![体産活徒命じかまえきけ成保業涯後前還態物年]))"
_BIRTH = (
    r"(?<![名所別人][・、/])生年月日(?!欄|等|や|、性別|の?(?:欄|桁|項目|表示|印字|入力|記載|誤|訂正|読)|の確認)",
    rf"{_ERA}[ .]?(?:{_N}|元)[年./・-][ ]?{_N}[月./・-][ ]?{_N}{_ISSUED}",
    r"(?<![0-9A-Za-z])[MTSHmtsh明大昭平][ .]?(?:0[1-9]|[1-6][0-9])(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])(?![0-9])",
    rf"(?<![0-9])(?:19[0-9]{{2}}|200[0-9]|201[0-8])[年./・-][ ]?{_N}[月./・-][ ]?{_N}{_ISSUED}",
    # any day or year with 生, 誕生日 with a day, an age with its year
    rf"(?:{_ERA}[ .]?(?:{_N}|元)年?|(?:19|20)[0-9]{{2}}年?|[0-9]{{2}}年|[月/.-][ ]?{_N}日?)[ ]?{_BORN}",
    r"生年[ :はが]{0,2}(?:19|20)[0-9]{2}",
    rf"誕生日[ :は|が]{{0,3}}{_N}(?:月|/){_N}|(?:明治|大正|昭和|(?<![0-9A-Za-z])[MTSmts昭大])[ ]?{_N}年[ ]?{_N}月",
    r"(?i)(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]{0,6}\.?[ ][0-9]{1,2}(?:st|nd|rd|th)?[,|]?[ ]{1,2}(?:19[0-9]{2}|20[01][0-9])"
    r"|[0-9]{1,2}(?:st|nd|rd|th)?[ ](?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]{0,6}\.?,?[ ](?:19[0-9]{2}|20[01][0-9])",
)


def words_in(text: str) -> str | None:
    """Return ``name``, ``address`` or ``birth`` for the first that clean ``text`` seems to contain, or None.

    Never raise; linear time.
    """
    plain = _re("(?<=[氏住])[ ]{1,2}(?=[名所])").sub("", unicodedata.normalize("NFKC", text))
    if _is_named(plain):
        return "name"
    folded = _re(_DASHES).sub("-", plain)
    if any(_re(pattern).search(folded) for pattern in _ADDRESS):
        return "address"
    folded = _re("(?<=[0-9年月日]) (?=[0-9年月日生])").sub("", folded)
    return "birth" if any(_re(pattern).search(folded) for pattern in _BIRTH) else None
