"""The day in the names of a source's files, and what a pattern of names matches."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from floorctl.intake.sources.file_names import day_in_name, fits, matching, on_day
from tests.story import MONDAY


@pytest.mark.parametrize(
    ("files", "path", "day"),
    [
        ("/out/log_{YYYY}{MM}{DD}*.csv", "/out/log_20260914_2.csv", MONDAY),
        ("/out/log_{YYYY}{MM}{DD}*.csv", "/a copy/LOG_20260914.CSV", MONDAY),
        ("/out/CD{YY}{MM}{DD}?????.csv", "/out/CD26091400001.csv", MONDAY),
        ("/out/{YYYY}/{M}-{D}.txt", "/out/2026/9-14.txt", MONDAY),
        ("/out/{YYYY}/{M}-{D}.txt", "/elsewhere/9-14.txt", None),
        ("/out/窓口待ち状況({YYYY}-{MM}-{DD}).csv", "/out/窓口待ち状況(2026-09-14).csv", MONDAY),
        ("C:\\out\\{YYYY}{MM}{DD}.csv", "20260914.csv", MONDAY),
        ("/out/{YYYY}{MM}{DD}.csv", "/out/20260931.csv", None),
        ("/out/{MM}{DD}.csv", "/out/0914.csv", MONDAY),
        ("/out/{M}-{D}.csv", "/a copy/9-14.csv", MONDAY),
        ("/out/{MM}{DD}.csv", "/out/0401.csv", date(2027, 4, 1)),
        ("/out/{MM}{DD}.csv", "/out/0931.csv", None),
        ("/out/{DD}.csv", "/out/14.csv", None),
        ("/out/log.csv", "/out/log.csv", None),
    ],
)
def test_the_day_in_a_name(files: str, path: str, day: date | None) -> None:
    assert day_in_name(files, Path(path), date(2026, 11, 30)) == day


def test_a_pattern_on_a_day() -> None:
    assert on_day("a{YYYY}{MM}{DD}-{YY}/{M}/{D}*.csv", date(2026, 9, 4)) == "a20260904-26/9/4*.csv"
    assert fits("/out/log[1]_{YYYY}{MM}{DD}*.csv", Path("log[1]_20260914b.csv"))
    assert not fits("/out/log[1]_{YYYY}{MM}{DD}*.csv", Path("log1_20260914b.csv"))


def test_what_a_pattern_matches(tmp_path: Path) -> None:
    for name in ("log[1]_20260914.csv", "log[1]_20260914b.csv", "log[1]_20260915.csv", "log1_20260914.csv"):
        (tmp_path / name).touch()
    found = {p.name for p in matching(f"{tmp_path}/log[1]_{{YYYY}}{{MM}}{{DD}}*.csv", MONDAY)}
    assert found == {"log[1]_20260914.csv", "log[1]_20260914b.csv"}
    assert matching(f"{tmp_path}/none/*.csv", MONDAY) == []
    assert matching(f"{tmp_path}/{{D}}.csv", MONDAY) == [tmp_path / "14.csv"]
    (tmp_path / "09" / "14").mkdir(parents=True)
    (tmp_path / "09" / "14" / "a.csv").touch()
    assert matching(f"{tmp_path}/{{MM}}/?{{D}}/*.csv", MONDAY) == []
    assert matching(f"{tmp_path}/*/{{DD}}/a.csv", MONDAY) == [tmp_path / "09" / "14" / "a.csv"]
