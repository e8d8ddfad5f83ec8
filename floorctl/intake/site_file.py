"""Finds and reads a site file (TOML) into models.site.Site; errors name the line of the file."""

from __future__ import annotations

from pathlib import Path

from floorctl.intake.toml_model import Kind, load_toml
from floorctl.models.site.site import Site

_SITE_FILE = Kind("サイトファイル", "--site で指定したファイル")


def data_dir() -> Path:
    """The folder of shipped data: inside the package in a wheel, beside it in a checkout."""
    package = Path(__file__).parent.parent
    inside = package / "data"
    return inside if inside.is_dir() else package.parent / "data"


def load_site(path: Path | None = None) -> Site:
    """The checked site of ``path``, or the shipped Kumagaya site. Raises UsageError naming file and line.

    An adapted layout of the documents is looked for beside the site file that names it.
    """
    path = path or data_dir() / "kumagaya.toml"
    site = load_toml(path, _SITE_FILE, Site)
    if not site.documents.template:
        return site
    beside = str(path.parent.absolute() / site.documents.template)
    return site.model_copy(update={"documents": site.documents.model_copy(update={"template": beside})})
