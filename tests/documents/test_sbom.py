"""The list of the software: licences by what a package says, what needs what, CycloneDX of the same bytes, a table."""

from __future__ import annotations

import json
import re
from typing import Any
from uuid import UUID

import pytest

from floorctl.documents.sbom.component import USES, Component, Files
from floorctl.documents.sbom.cyclonedx import cyclonedx
from floorctl.documents.sbom.licences import Licence, licence, licence_of
from floorctl.documents.sbom.needs import reached
from floorctl.documents.sbom.software_table import HEADINGS, files_said, row, table_csv

# ---- licences


@pytest.mark.parametrize(
    ("expression", "text", "classifiers", "wanted"),
    [
        ("Apache-2.0 OR BSD-2-Clause", "", [], Licence("Apache-2.0 OR BSD-2-Clause")),
        ("", "MIT", ["MIT License"], Licence("MIT", "MIT")),
        ("", "MPL-2.0 AND MIT", [], Licence("MPL-2.0 AND MIT", "MPL-2.0 AND MIT")),
        ("", "Apache License, Version 2.0", [], Licence("Apache-2.0", "Apache License, Version 2.0")),
        ("", "", ["MIT License"], Licence("MIT", "MIT License")),
        ("", "BSD 2-Clause License", ["BSD License"], Licence("BSD-2-Clause", "BSD 2-Clause License")),
        # Which of them is not said: it stays in the package's own words.
        ("", "", ["BSD License"], Licence("", "BSD License")),
        ("", "Dual License", ["BSD License", "Apache Software License"], Licence("", "Dual License")),
        ("", "", ["MIT License", "BSD License"], Licence("", "MIT License, BSD License")),
        ("", "UNKNOWN", [], Licence()),
        ("", "Copyright 2020 somebody\nAll rights reserved", [], Licence("", "Copyright 2020 somebody")),
        ("", "Copyright 2020 somebody\nMIT", ["MIT License"], Licence("MIT", "MIT License")),
        ("", "MIT OR something", [], Licence("", "MIT OR something")),
    ],
)
def test_a_licence_is_spdx_where_that_is_said_and_the_own_words_else(
    expression: str, text: str, classifiers: list[str], wanted: Licence
) -> None:
    assert licence(expression, text, classifiers) == wanted


def test_a_licence_is_read_from_metadata_and_its_absence_is_told() -> None:
    told = {"Classifier": ["Topic :: Text", "License :: OSI Approved :: MIT License"]}
    assert licence_of(told.get) == Licence("MIT", "MIT License")
    assert (licence_of({}.get), licence_of({}.get).said) == (Licence(), "記載なし")


# ---- what needs what

REQUIRES = {
    "floorctl-console": ["Rich>=15,<16", "mark-down[linkify]>=2", "py.arrow>=22; extra == 'parquet'", "gone>=1"],
    "rich": ["Mark_Down (>=2)", "rich; extra == 'self'", 'color; platform_system == "Windows"'],
    "mark-down": ["link-it; extra == \"linkify\"", "plugins[x]; extra == 'all'"],
    "link-it": ["rich"],
    "plugins": [],
    "py-arrow": [],
    "pytest": ["plugins"],
}  # fmt: skip


def test_what_is_reached_is_what_is_installed_and_asked_for_with_its_extras() -> None:
    assert reached(REQUIRES, "floorctl-console") == {
        "floorctl-console": {"rich", "mark-down"},
        "rich": {"mark-down"},
        "mark-down": {"link-it"},
        "link-it": {"rich"},
    }
    more = reached(REQUIRES, "floorctl-console", frozenset({"parquet"}))
    assert more["floorctl-console"] == {"rich", "mark-down", "py-arrow"}
    assert reached(REQUIRES, "mark-down", frozenset({"all"})) == {"mark-down": {"plugins"}, "plugins": set()}


# ---- the document

OWN = Component(
    "floorctl-console", "1.0", Licence("MIT"), "own", needs=("rich", "SQLite"), hashes={"data/a.toml": "ab" * 32}, program="cd" * 32
)  # fmt: skip
OTHERS = [
    Component("rich", "15.0.0+local", Licence("MIT"), "direct", "Text", ("gone", "zed"), Files(3, 1, 0, "ef" * 32)),
    Component("zed", "1", Licence("MIT OR ISC"), "indirect", archive="12" * 32),
    Component("abc", "2", Licence("", "=Own words"), "excluded", hashes={"wheels/abc.whl": "34" * 32}),
    Component("SQLite", "3.40.1", Licence("blessing"), "runtime"),
]


def document(others: list[Component] = OTHERS) -> Any:
    return json.loads(cyclonedx(OWN, others, "operations"))


def test_the_same_software_gives_the_same_bytes_in_any_order() -> None:
    data = cyclonedx(OWN, OTHERS, "operations")
    assert data == cyclonedx(OWN, OTHERS[::-1], "operations")
    assert data.startswith(b'{\n "bomFormat": "CycloneDX",\n "serialNumber": "urn:uuid:')
    serial = document()["serialNumber"].removeprefix("urn:uuid:")
    assert UUID(serial).version == 5
    assert document(OTHERS[1:])["serialNumber"] != document()["serialNumber"]
    assert not re.search(rb"timestamp|/tmp|/home", data)


def test_the_document_names_version_licence_purl_scope_and_digests() -> None:
    found = document()
    assert (found["specVersion"], found["version"]) == ("1.6", 1)
    assert found["metadata"]["lifecycles"] == [{"phase": "operations"}]
    own = found["metadata"]["component"]
    # Somebody else's program has its name on the public index.
    assert own["purl"] == own["bom-ref"] == "pkg:generic/floorctl-console@1.0"
    data = {"type": "file", "name": "data/a.toml", "hashes": [{"alg": "SHA-256", "content": "ab" * 32}]}
    assert own["components"] == [data]
    assert own["properties"] == [{"name": "floorctl:program:sha256", "value": "cd" * 32}]
    by = {c["name"]: c for c in found["components"]}
    assert [*by] == ["SQLite", "abc", "rich", "zed"]
    assert {n: c["scope"] for n, c in by.items()} == {
        "SQLite": "required", "abc": "excluded", "rich": "required", "zed": "required",
    }  # fmt: skip
    assert by["SQLite"]["cpe"] == "cpe:2.3:a:sqlite:sqlite:3.40.1:*:*:*:*:*:*:*"
    assert (by["SQLite"]["type"], by["rich"]["type"]) == ("platform", "library")
    assert by["rich"]["purl"] == "pkg:pypi/rich@15.0.0%2Blocal"
    assert {p["name"]: p["value"] for p in by["rich"]["properties"]}["floorctl:files:changed"] == "1"
    assert by["rich"]["licenses"] == [{"license": {"id": "MIT", "acknowledgement": "declared"}}]
    assert by["zed"]["licenses"] == [{"expression": "MIT OR ISC", "acknowledgement": "declared"}]
    assert by["abc"]["licenses"] == [{"license": {"name": "=Own words", "acknowledgement": "declared"}}]
    assert by["zed"]["hashes"] == [{"alg": "SHA-256", "content": "12" * 32}]
    wheel = {"type": "distribution", "url": "wheels/abc.whl", "hashes": [{"alg": "SHA-256", "content": "34" * 32}]}
    assert by["abc"]["externalReferences"] == [wheel]


def test_every_reference_of_the_document_leads_to_a_component() -> None:
    found = document()
    refs = {found["metadata"]["component"]["bom-ref"], *(c["bom-ref"] for c in found["components"])}
    assert len(refs) == 1 + len(OTHERS)
    assert {d["ref"] for d in found["dependencies"]} == refs
    assert {r for d in found["dependencies"] for r in d.get("dependsOn", [])} <= refs
    rich = next(d for d in found["dependencies"] if d["ref"].startswith("pkg:pypi/rich"))
    assert rich["dependsOn"] == ["pkg:pypi/zed@1"], "a package that is not there is not named"


def test_what_no_package_brought_is_a_file_without_package_url_or_scope() -> None:
    hand = Component("rich/evil.py", "", Licence(), "unlisted", files=Files(0, 0, 0, "ab", 1))
    (found,) = (c for c in document([*OTHERS, hand])["components"] if c["name"] == "rich/evil.py")
    properties = [{"name": "floorctl:files:unlisted", "value": "1"}, {"name": "floorctl:files:sha256", "value": "ab"}]
    assert found == {
        "type": "file", "bom-ref": "file:rich/evil.py", "name": "rich/evil.py", "properties": properties,
    }  # fmt: skip


def test_a_damaged_package_is_called_so_and_its_url_holds_no_sign_of_its_own() -> None:
    odd = Component("torn", "1!2 #x", Licence(), "excluded", damaged=True)
    (found,) = (c for c in document([odd])["components"])
    assert found["purl"] == "pkg:pypi/torn@1%212%20%23x"
    assert found["properties"] == [{"name": "floorctl:damaged", "value": "true"}]


# ---- the table


def test_the_table_says_in_japanese_what_each_is_for_and_how_its_files_are() -> None:
    assert row(OTHERS[0]) == ("rich", "15.0.0+local", "MIT", "直接使う部品", "3件のうち 1件が違う", "Text")
    assert files_said(Files(3, 0, 0, "")) == "3件 一致"
    assert files_said(Files(3, 1, 1, "")) == "3件のうち 1件が違う、1件がない"
    assert files_said(None) == "一覧なし"
    assert files_said(Files(3, 0, 0, ""), damaged=True) == "入れたときの情報が壊れている"
    assert files_said(Files(0, 0, 0, "", 2)) == "一覧にないもの 2件"


def test_a_spreadsheet_reads_the_table_and_no_cell_is_a_formula() -> None:
    lines = table_csv([OWN, *OTHERS]).decode("utf-8-sig").split("\r\n")
    assert lines[0].split(",") == list(HEADINGS)
    assert [line.split(",")[0] for line in lines[1:]] == ["floorctl-console", "SQLite", "rich", "zed", "abc", ""]
    assert ",'=Own words," in lines[5]
    hand = Component("hand.py", "", Licence(), "unlisted", files=Files(0, 0, 0, "", 1))
    versions = [line.split(",")[1] for line in table_csv([OWN, *OTHERS, hand]).decode("utf-8-sig").split("\r\n")[1:-1]]
    assert versions == ["1.0版", "3.40.1版", "15.0.0+local版", "1版", "2版", "不明"], "no date, no number"
    assert list(USES) == ["own", "runtime", "direct", "indirect", "optional", "excluded", "unlisted"]
