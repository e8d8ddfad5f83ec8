"""Find a site file (TOML) and read it into ``models.site.Site``; errors name the line of the file."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from floorctl.intake import checked_site
from floorctl.intake.sources.source_file import placed
from floorctl.intake.written_text import Kind, read_text
from floorctl.models.site.settings import DocumentSettings
from floorctl.models.site.site import Site

SITE_FILE = Kind("会場設定", "--site で指定したファイル")


def data_dir() -> Path:
    """Return the folder of shipped data: inside the package in a wheel, beside it in a checkout."""
    package = Path(__file__).parent.parent
    inside = package / "data"
    return inside if inside.is_dir() else package.parent / "data"


def load_site(path: Path | None = None, data_file: Path | None = None, *, keep: bool = False) -> Site:
    """Return the checked site of ``path``, or the shipped Kumagaya site. Raise UsageError naming file and line.

    A site that was checked before is not checked again (``checked_site``); ``keep``: its record may be written beside
    ``data_file``. An adapted layout of the documents, and the files of its sources, are looked for beside the site file
    that names them.
    """
    shipped = path is None
    path = path or data_dir() / "kumagaya.toml"
    text = read_text(path, SITE_FILE)
    own = checked_site.among_bytecode(path) if shipped else None
    beside = checked_site.beside(data_file) if data_file else None
    site = next((found for p in (own, beside) if p and (found := checked_site.find(p, text))), None)
    if site is None:
        from floorctl.intake.toml_model import read_model
        from floorctl.models.site.site_rules import RULES

        site = read_model(text, path, SITE_FILE, Site, RULES)
        kept = own is not None and checked_site.keep(own, text, site, 0o644)
        if not kept and keep and beside and data_file and data_file.is_file():
            checked_site.keep(beside, text, site)
    if site.sources:
        site = replace(site, sources=placed(site.sources, path.parent))
    if not site.documents.template:
        return site
    template = str(path.parent.absolute() / site.documents.template)
    return replace(site, documents=DocumentSettings(template=template))
