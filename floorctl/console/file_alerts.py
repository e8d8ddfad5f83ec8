"""Alerts of the open file and of its feeds: what keeps records from being written, or from coming in."""

from __future__ import annotations

from collections.abc import Iterator

from floorctl.common.words import file_word
from floorctl.console.messages import FeedState
from floorctl.console.state_parts import FileState
from floorctl.models.board.alert import Alert


def file_alerts(file: FileState, *, hall_open: bool) -> Iterator[Alert]:
    """Yield what is wrong with the file and with the feeds; ``hall_open``: the calendar has the day open."""
    if file.trouble:
        yield Alert("file_trouble", "critical", "ファイル", file.trouble)
    if file.fatal:
        yield Alert("stopped", "critical", "停止", file.fatal)
    if file.hall_page_trouble:
        yield Alert("hall_page", "warning", "会場のページ", file.hall_page_trouble)
    for feed in file.feeds:
        yield from _of_feed(feed, seen=feed.name in file.feeds_seen, hall_open=hall_open)


def _of_feed(feed: FeedState, *, seen: bool, hall_open: bool) -> Iterator[Alert]:
    word = "入力元" if feed.described else "発券機"
    name = file_word(feed.name)
    # A machine writes no file of a day on which it stands still.
    if not feed.there and (seen or not feed.described or hall_open):
        gone = "なくなりました" if seen else "まだありません"
        said = f"{name} のファイルが{gone} {file_word(feed.file)}" if feed.described else f"{name} が{gone}"
        yield Alert("feed_missing", "warning", word, f"{said}（作成されるのを待っています）")
    if feed.trouble is not None:
        said = feed.trouble.sentence.removeprefix("入力元 ")
        text = said if feed.name in said else f"{name} {said}"
        short = f"{name} {feed.trouble.brief}（floorctl source try で確かめる）"
        yield Alert("feed_unfit", "warning", word, text, short=short)
    if feed.refused:
        text = f"{name} で受け付けなかった行 {feed.refused}件（floorctl ingest で理由が出ます）"
        yield Alert("feed_refused", "info", word, text)
