"""Page of the documentation to which refusals of files point; a wheel has it among its data."""

SOURCES = "docs/sources.md"
# For a sentence: where a person reads on, with a checkout or without.
SEE_SOURCES = f"書き方は {SOURCES}（floorctl source page でも読めます）"
