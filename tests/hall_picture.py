"""The manual's picture of the hall's page, from a real Chromium: ``python -m tests.hall_picture`` (needs Pillow)."""

from __future__ import annotations

import io
import sys
import tempfile
from pathlib import Path

from floorctl.common.clock import system_clock
from floorctl.documents.hall_page.page import page_html
from tests.captures import FOLDER
from tests.chromium import Chromium, found
from tests.hall_pages import PAGES, words_of

SIZE, COLOURS = (690, 388), 32


def main() -> int:
    from PIL import Image

    if found() is None:
        print("no Chromium on this PC", file=sys.stderr)
        return 1
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        page = Path(folder) / "hall.html"
        page.write_bytes(page_html(PAGES["open"], words_of(PAGES["open"], ("ja", "en")), system_clock()))
        with Chromium(Path(folder) / "profile", (1920, 1080)) as browser:
            browser.open(page)
            picture = Image.open(io.BytesIO(browser.picture())).convert("RGB")
    small = picture.resize(SIZE, Image.Resampling.LANCZOS).quantize(COLOURS, dither=Image.Dither.NONE)
    small.save(FOLDER / "hall-page.png", optimize=True)
    print(f"{(FOLDER / 'hall-page.png').stat().st_size} bytes")
    return 0


if __name__ == "__main__":
    sys.exit(main())
