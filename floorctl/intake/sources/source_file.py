"""Find the description of a source: in the site file, or in a file of descriptions alone (``--source-file``)."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from floorctl.common.errors import FloorctlError
from floorctl.common.pages import SEE_SOURCES, SOURCES
from floorctl.intake.written_text import Kind
from floorctl.models.site.site import Site
from floorctl.models.site.source import Source, SourceFile

SOURCE_FILE = Kind("入力元の説明", "--source-file で指定したファイル", SEE_SOURCES)


def load_sources(path: Path, site: Site) -> tuple[Source, ...]:
    """Return the checked sources of a file of descriptions. Raise UsageError with all faults and their lines."""
    from floorctl.intake.toml_model import load_toml
    from floorctl.models.site.source_rules import rules_on

    return placed(load_toml(path, SOURCE_FILE, SourceFile, rules_on(site)).sources, path.parent)


def placed(sources: tuple[Source, ...], folder: Path) -> tuple[Source, ...]:
    """Return the sources with ``files`` as absolute paths; relative ones begin at the folder of what describes them."""
    return tuple(replace(x, files=str(folder.absolute() / x.files)) if x.files else x for x in sources)


def all_sources(site: Site, source_file: Path | None = None) -> tuple[Source, ...]:
    """Return the sources of the site and of a file of descriptions, which stands for one of the same name in the site."""
    own = load_sources(source_file, site) if source_file else ()
    names = {x.name for x in own}
    return (*own, *(x for x in site.sources if x.name not in names))


def described(site: Site, name: str, source_file: Path | None = None) -> Source | None:
    """Return the described source with this name, or None. Raise UsageError as ``load_sources``."""
    return next((x for x in all_sources(site, source_file) if x.name == name), None)


def page_text() -> str:
    """Return the page about descriptions: of the checkout, or as the wheel has it among its data. Raise FloorctlError."""
    package = Path(__file__).parents[2]
    for place in (package / "data" / Path(SOURCES).name, package.parent / SOURCES):
        if place.is_file():
            return place.read_text(encoding="utf-8")
    raise FloorctlError(
        f"{SOURCES} を表示できません", "ファイルがありません", "docs/install.md のとおりに入れ直してください"
    )
