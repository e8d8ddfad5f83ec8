"""``python -m floorctl``."""

from __future__ import annotations

from floorctl.cli import main

if __name__ == "__main__":
    main()
