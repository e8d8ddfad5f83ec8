"""Constraints of fields, as markers in ``Annotated``: pydantic reads them where a door checks; nothing is loaded before."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pydantic import GetCoreSchemaHandler
    from pydantic_core import CoreSchema


class Limits:
    """Bounds in the words of pydantic-core: ``ge``, ``le``, ``min_length``, ``max_length``, ``pattern``."""

    __slots__ = ("bounds",)

    def __init__(self, **bounds: int | str) -> None:
        self.bounds = bounds

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return {**handler(source), **self.bounds}
