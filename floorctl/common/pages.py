"""Page of the documentation to which refusals of files point; a wheel has it among its data."""

from floorctl.common.errors import FloorctlError

SOURCES = "docs/sources.md"
# For a sentence: where a person reads on, with a checkout or without.
SEE_SOURCES = f"書き方は {SOURCES}（floorctl source page でも読めます）"


def with_page(error: FloorctlError) -> FloorctlError:
    """Return an error of a described file at the command line: with the page on descriptions at its end."""
    return FloorctlError(error.what, error.why, f"{error.do}。{SEE_SOURCES}" if error.do else SEE_SOURCES)
