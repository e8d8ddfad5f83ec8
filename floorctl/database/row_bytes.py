"""Read the rows of the fact table as bytes, to find changes in the one byte that SQL cannot see.

``seq`` is the rowid; in the record itself SQLite stores an empty value in its place and never reads it. A change there
alters no value and no hash and passes SQLite's own check, so that ``doctor`` checks it here
(https://sqlite.org/fileformat2.html, 1.5 and 2).
"""

from __future__ import annotations

from collections.abc import Iterator
from io import BufferedReader

_INTERIOR, _LEAF = 5, 13
_CONTINUES = 0x80


def changed_places(file: BufferedReader, page_size: int, root: int) -> Iterator[int]:
    """Yield the rowids of the table at page ``root`` whose stored place for the rowid is not empty, in no order.

    Raise ValueError or IndexError if the pages form no tree: they are being changed, or are damaged.
    """
    todo, seen = [root], set[int]()
    while todo:
        page = todo.pop()
        file.seek((page - 1) * page_size)
        data = file.read(page_size)
        if len(data) < page_size or page in seen:
            raise ValueError("no tree")
        seen.add(page)
        cells = int.from_bytes(data[3:5], "big")
        if data[0] == _LEAF:
            for at in range(8, 8 + 2 * cells, 2):
                place = data[at] << 8 | data[at + 1]
                while data[place] & _CONTINUES:  # the length of the row
                    place += 1
                number = place = place + 1
                while data[place] & _CONTINUES:
                    place += 1
                end = place = place + 1
                while data[place] & _CONTINUES:  # the length of its header
                    place += 1
                if data[place + 1] != 0:
                    yield _number(data[number:end])
        elif data[0] == _INTERIOR:
            todo.append(int.from_bytes(data[8:12], "big"))
            for at in range(12, 12 + 2 * cells, 2):
                place = data[at] << 8 | data[at + 1]
                todo.append(int.from_bytes(data[place : place + 4], "big"))
        else:
            raise ValueError("no table")


def _number(varint: bytes) -> int:
    """Decode a varint."""
    found = 0
    for byte in varint:
        found = found << 7 | byte & 0x7F
    return found
