"""Read the text of a file that people write (site, scenario, layout of the documents)."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from floorctl.common import patience
from floorctl.common.errors import UsageError
from floorctl.common.frozen import frozen

MAX_BYTES = 1_000_000  # such a file has some 10 kB: more is a wrong file, not a large city


@frozen
class Kind:
    """Words for a kind of file: its name in a sentence, what to check if it cannot be read, where its page is found."""

    word: str
    where: str
    page: str = ""

    @property
    def more(self) -> str:
        """Return the end of a sentence about a fault of such a file."""
        return f"。{self.page}" if self.page else ""


def read_text(path: Path, kind: Kind, most: int = MAX_BYTES) -> str:
    """Return the text of a file, without BOM, with Unix line ends. Raise UsageError if it cannot be read."""
    name, do = f"{kind.word} {shown(path, 200)} を読めません", f"{kind.where}を確かめてください"
    try:
        if not path.exists():
            raise UsageError(name, "ファイルがありません", do)
        if not path.is_file():  # a pipe or a device could block for ever
            raise UsageError(name, "フォルダーなど、ファイルではないものです", do)
        with patience.open_to_read(path) as file:
            data = file.read(most + 1)
    except PermissionError as error:
        if patience.is_held(error):
            why = "ほかのプログラムが開いたままか、読む権限がありません"
            raise UsageError(name, why, "閉じてからもう一度実行し、続くときは権限を確かめてください") from error
        raise UsageError(name, "読む権限がありません", "ファイルの権限を確かめてください") from error
    except (OSError, ValueError) as error:
        raise UsageError(name, "開けません", do) from error
    if len(data) > most:
        raise UsageError(name, f"大きすぎます（{most // 1000} kB まで）", do)
    try:
        return data.decode("utf-8-sig").replace("\r\n", "\n").replace("\r", "\n")  # Notepad writes a BOM
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        other = other_encoding(data)
        why = f"文字コードが {other} です" if other else f"{line}行目が UTF-8 の文字ではありません"
        raise UsageError(name, why, SAVE_AS_UTF8) from error


SAVE_AS_UTF8 = "メモ帳の「名前を付けて保存」で、文字コードに UTF-8 を選んで保存し直してください"


def other_encoding(data: bytes) -> str:
    """Return the encoding that bytes which are no UTF-8 are in: UTF-16 or Shift_JIS, or "" if neither."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")) or data.count(0) * 20 > len(data):  # no text has such bytes
        return "UTF-16"
    try:
        data.decode("cp932")
    except UnicodeDecodeError:
        return ""
    return "Shift_JIS"


_IN_A_ROW = 12  # most faults in one sentence


def in_a_row(faults: Sequence[str]) -> str:
    """Return faults for the end of a sentence; those beyond the twelfth are counted."""
    more = f"、ほかに{len(faults) - _IN_A_ROW}件" if len(faults) > _IN_A_ROW else ""
    return "、".join(faults[:_IN_A_ROW]) + more


def shown(text: object, width: int = 60) -> str:
    """Return a user's file name for a sentence: printable, one line, shortened."""
    plain = "".join(c if c.isprintable() else "?" for c in str(text))
    return plain if len(plain) <= width else f"{plain[:width]}…"
