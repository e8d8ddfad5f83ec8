"""The short pages of ``floorctl help``: what belongs to no command alone, in lines of at most 80 cells."""

from __future__ import annotations

from typing import NamedTuple

import click


class Page(NamedTuple):
    """Page of a topic: its title, as the list shows it, and its text."""

    title: str
    text: str


PAGES = {
    "options": Page(
        "どのコマンドにもあるオプション",
        """\
  --db FILE    データファイル（SQLite 1つ）。省くと floorctl help files の場所
  --site FILE  会場設定（TOML）。省くと備え付けの設定
  --now TIME   この時刻のこととして見る・記録する
  -h, --help   説明を表示する

コマンドの前にも後にも書けます。次の2つは同じです。
  floorctl --db floor.db status
  floorctl status --db floor.db
前と後の両方にあって値が違うときは、どちらかを選ばずに断ります。
同じことを環境変数でも決められます（floorctl help environment）。
値は --date 2026-09-14 とも --date=2026-09-14 とも書けます。""",
    ),
    "feed": Page(
        "発券機の記録",
        """\
1行が1件の JSON です（UTF-8、改行で区切る）。id・at・kind はいつも要ります。
  {"id":"m1-000123","at":"2026-09-14T09:03:10+09:00","kind":"ticket.issued",
   "ticket":"B041","service":"cert_renewal"}　（実際は1行に書く）

  floorctl ingest tickets.jsonl            取り込む（何度でも。重複は数えない）
  floorctl ingest tickets.jsonl --follow   ファイルが伸びるのを待ち続ける
  floorctl console --feed tickets.jsonl    盤面が自分で読み続ける

種類と項目は floorctl source kinds で出ます。CSV など、ほかの形のファイルは
floorctl source try FILE で試せます（docs/sources.md）。
読めない行は番号と理由だけを標準エラーに出し、次の行へ進みます。""",
    ),
    "facts": Page("floorctl do で記録できる種類", ""),
    "keys": Page("盤面のキー", ""),
    "exit-status": Page(
        "終了ステータス",
        """\
  0    済んだ
  1    断った、または失敗した（標準エラーに1文: 何が、なぜ、どうすればよいか）
  2    使い方の間違い（知らないコマンド・オプション・種類、値の形）
  3    データファイルが使えない（別の物、新しい版、破損、フォルダーがない）
  130  Ctrl+C で中断した（status --watch は 0。143 は終了の指示）

1 でも、そこまでに記録したことはそう書きます。あれば繰り返さないでください。
出力を読むプログラムが先に終わっても 0 です（head など）。""",
    ),
    "files": Page(
        "ファイルの場所",
        """\
データファイル（省いたとき）
  Windows  %LOCALAPPDATA%\\floorctl\\floor.db
  Linux    ~/.local/share/floorctl/floor.db
その横にできるもの
  backups    控え（floorctl backup と締めのたび）
  reports    書き出した文書
  floor.db.heads    照合値の一覧（データファイルと一緒に移す）
  floor.db.written  書き出したファイルのハッシュ（消してもよい）
  floor.db.site     検査の済んだ会場設定（消してもよい）
読むだけのコマンドは何も作りません。ネットワークの共有フォルダーには置けません。
OneDrive などと同期されるフォルダーには置きません（Windows のドキュメントと
デスクトップは、そうなっていることがあります）。移すには、盤面を終え、上のものを
C:\\floorctl\\data などに移し、FLOORCTL_DB を設定します（help environment）。
文書は、締めでは上の reports に、export では今のフォルダーにできます（--out）。
書き出しは、floorctl が書き出したままの同じ種類のファイルだけを置き換えます。
自分の設定の場所は floorctl help settings です。""",
    ),
    "environment": Page(
        "環境変数",
        """\
  FLOORCTL_DB        データファイル（--db が先）
  FLOORCTL_SITE      会場設定（--site が先）
  FLOORCTL_NOW       この時刻のこととして見る・記録する（--now が先）
  FLOORCTL_CONFIG    自分の設定のファイル（floorctl help settings）
  FLOORCTL_NO_MOUSE  1 なら、盤面でマウスを使わない
  FLOORCTL_ENCODING  パイプやファイルへの出力の文字コード（help output）
  NO_COLOR           空でなければ、盤面に色を使わない

決めておくには
  bash・zsh    export FLOORCTL_DB=/home/hall/floor.db
  PowerShell   $env:FLOORCTL_DB = 'C:\\floorctl\\data\\floor.db'
  Windows（次に開く窓から） setx FLOORCTL_DB C:\\floorctl\\data\\floor.db""",
    ),
    "time": Page(
        "時刻と日付の書き方",
        """\
  時刻（--now など）  2026-09-14T10:05　2026-09-14T10:05:30+09:00
  日付（--date）      2026-09-14
  月（--month）       2026-09
  年度                2026（4月の西暦年）
  一日のうちの時刻    10:15

時差を書かない時刻は日本時間です。営業日も日本時間の日付です。
--now は見る時刻を止めます。その時刻までの記録だけを見て、書く記録の時刻もそれに
なります。今のことを見るときは付けません。""",
    ),
    "settings": Page(
        "自分の設定",
        """\
盤面の配色・ベル・マウス・枠の大きさ・キーと、会場のページのファイルは、
自分のファイル settings.toml に書けます（docs/manual/settings.md）。
  Windows  %LOCALAPPDATA%\\floorctl\\settings.toml
  Linux    ~/.config/floorctl/settings.toml
ほかの場所なら環境変数 FLOORCTL_CONFIG にファイルを指定します。
なくても動きます。コマンドのオプションは、このファイルより先に効きます。

会場の時間・端末・列・業務は、自分の設定ではなく会場設定（--site）です。
書き方は docs/sites.md、間違いは floorctl site check FILE で分かります。""",
    ),
    "output": Page(
        "出力と文字コード",
        """\
--json のあるコマンドは、標準出力に JSON の文書を1つだけ出します。知らせや注意は
標準エラーです。status --watch --json だけは、変わるたびに1行出します。

パイプとファイルへの出力は、BOM のない UTF-8 です。ほかが要るときは
  FLOORCTL_ENCODING=utf-8-sig  先頭に BOM を付ける（PowerShell 5 のパイプ）
  FLOORCTL_ENCODING=cp932      Shift_JIS だけを読む古いプログラムのため
cp932 にない文字は 〓 になり、そのことを1文で知らせます。JSON では \\u… の形に
なり、失われません。画面（端末）への表示は変わりません。

Windows PowerShell 5 でパイプの文字が化けるとき、次のどちらかで直ります。
  [Console]::OutputEncoding = [Text.Encoding]::UTF8
  $env:FLOORCTL_ENCODING = 'utf-8-sig'
説明は docs/shell.md にあります。""",
    ),
    "shell": Page(
        "Tab キーの補完",
        """\
コマンド・オプションのほか、端末・列・業務・記録の種類と項目・分類・職員コードも
Tab キーで補えます。値は、その行の --site と --db（なければ決めておいたもの）
から読みます。何も作らず、読めなければ何も出しません。

  bash        source <(floorctl completion bash)
  zsh         source <(floorctl completion zsh)　（compinit の後）
  fish        floorctl completion fish | source
  PowerShell  floorctl completion powershell | Out-String | Invoke-Expression

いつも使うには、その行を ~/.bashrc、~/.zshrc、~/.config/fish/config.fish、
PowerShell の $PROFILE のファイルに書きます（docs/shell.md）。""",
    ),
}


def topics(root: click.Context) -> dict[str, str]:
    """Return all that ``help`` explains, with a word on each: commands, topics, kinds of facts."""
    from floorctl.cli.typed_fields import kinds_by_hand
    from floorctl.models.facts.kinds import KINDS

    assert isinstance(root.command, click.Group)
    found = dict.fromkeys(root.command.list_commands(root), "")
    return {**found, **{n: p.title for n, p in PAGES.items()}, **{k: KINDS[k].word for k in kinds_by_hand()}}
