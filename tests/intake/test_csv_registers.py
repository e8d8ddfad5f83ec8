"""Training, pledges and device permits: CSV in and out, who lacks what, what the opening checklist says."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from floorctl.cli.main import cli
from floorctl.common.errors import Refused
from floorctl.intake.csv_registers import read_devices, read_pledges, read_training
from floorctl.models.board.checklist import checklist
from floorctl.models.register.eligibility import missing
from tests.story import MONDAY, Desk, kumagaya

ITEMS = kumagaya().training


class Office:
    """The office's PC: a file of its own, and the command line."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.desk = Desk(folder / "f.db", kumagaya(), at="08:00")
        for staff, role in (("S00", "general_manager"), ("S01", "site_manager"), ("S02", "worker")):
            self.desk.does("staff.registered", staff=staff, role=role, shift_from="08:15", shift_to="17:15")

    def runs(self, *args: str) -> Result:
        options = ["--db", str(self.folder / "f.db"), "--now", "2026-09-14T09:00"]
        result = CliRunner().invoke(cli, [*options, "register", *args])
        self.desk.session.refresh()
        return result

    def imports(self, which: str, text: str | bytes) -> Any:
        path = self.folder / "in.csv"
        path.write_bytes(text.encode() if isinstance(text, str) else text)
        return self.runs("import", which, str(path), "--json")

    def facts(self) -> int:
        return self.desk.session.head().seq


@pytest.fixture
def office(tmp_path: Path) -> Office:
    return Office(tmp_path)


def test_training_in_every_way_of_writing() -> None:
    text = "職員コード,研修項目,実施日\r\nS01,1,R8.7.1\r\nS01,②,2026/7/2\r\nS02,card_system,令和8年7月3日\r\nS02,人権・多様性の尊重,2026-07-03\r\n"
    for raw in (text.encode(), text.encode("utf-8-sig"), text.replace("②", "2").encode("cp932")):
        found = [tuple(x.fields[k] for k in ("staff", "item", "done_on")) for x in read_training(raw, ITEMS)]
        assert found == [
            ("S01", "manners", date(2026, 7, 1)),
            ("S01", "privacy", date(2026, 7, 2)),
            ("S02", "card_system", date(2026, 7, 3)),
            ("S02", "human_rights", date(2026, 7, 3)),
        ]
    assert {x.code for x in ITEMS} == {
        read_training(f"staff,item,done_on\nS1,{x.name},2026-07-01".encode(), ITEMS)[0].fields["item"] for x in ITEMS
    }


@pytest.mark.parametrize(
    ("read", "text", "words"),
    [
        (read_training, "staff,item,done_on\nS1,1,2026-07-01\nS1,xx9,2026-07-01", "3行目 知らない研修"),
        (read_training, "staff,item,done_on\nS1,1,2026-07-01\nS1,manners,2026-07-01", "3行目 2行目にあります"),
        (read_training, "staff,item,done_on\nS1,1,", "2行目 空です"),
        (read_training, "staff,item\nS1,1", "実施日」の列がありません"),
        (read_training, "staff,item,done_on,memo\nS1,1,2026-07-01,x", "知らない見出し"),
        (read_pledges, "staff,pledge_on\nS1,R8.13.1", "2行目 暦にない日付"),
        (read_pledges, "staff,pledge_on\nS1,\ns1,2026-06-01", "3行目 2行目にあります"),
        (read_devices, "device,purpose,permitted_on\nPC 1,盤面,2026-06-01", "2行目 機器の名の形"),
        (read_devices, "device,purpose,permitted_on,ends_on\nPC,盤面,2026-06-01,2026-05-01", "2行目 期限が許可日より前"),
        (read_devices, "device,purpose,permitted_on\nPC,090-1234-5678,2026-06-01", "2行目 個人情報"),
    ],
)  # fmt: skip
def test_a_bad_line_is_named_and_not_repeated(read: Any, text: str, words: str) -> None:
    with pytest.raises(Refused) as caught:
        read(text.encode(), *([ITEMS] if read is read_training else []))
    for word in words.split():
        assert word in caught.value.sentence
    for cell in ("xx9", "PC 1", "5678", "13.1"):
        assert cell not in caught.value.sentence


def test_training_import_is_whole_and_idempotent(office: Office) -> None:
    before = office.facts()
    bad = office.imports("training", "staff,item,done_on\nS01,1,2026-07-01\nS01,2,2026-12-01")
    assert isinstance(bad.exception, Refused) and "3行目" in bad.exception.sentence
    assert office.facts() == before, "one bad line refuses the whole"
    text = "staff,item,done_on\nS01,1,2026-07-01\nS01,2,2026-07-01\nX9,1,2026-07-01"
    first = office.imports("training", text)
    assert '{"recorded": 3, "unchanged": 0}' in first.output and "名簿にない職員コードが 1人分" in first.output
    assert '{"recorded": 0, "unchanged": 3}' in office.imports("training", text).output
    assert office.facts() == before + 3


def test_a_pledge_changes_nothing_else_of_a_person(office: Office) -> None:
    office.imports("pledges", "コード,誓約書提出日\nS01,R8.6.15\nS02,")
    people = office.desk.session.register().people
    assert people["S01"].pledge_on == date(2026, 6, 15) and people["S02"].pledge_on is None
    assert (people["S01"].role, people["S01"].shift_from) == ("site_manager", "08:15")
    bad = office.imports("pledges", "staff,pledge_on\nS02,2026-06-15\nX9,2026-06-15")
    assert isinstance(bad.exception, Refused)
    assert "3行目" in bad.exception.sentence and "roster import" in bad.exception.sentence
    assert office.desk.session.register().people["S02"].pledge_on is None


@pytest.mark.parametrize("which", ["training", "pledges", "devices"])
def test_what_is_exported_comes_back_unchanged(office: Office, which: str) -> None:
    office.imports("training", "staff,item,done_on\nS02,2,2026-07-02\nS02,1,2026-07-01\nS01,9,2026-07-01")
    office.imports("pledges", "staff,pledge_on\nS01,2026-06-15")
    office.desk.does("device.permitted", device="PC-1", purpose="＝盤面 ＰＣ", permitted_on=date(2026, 6, 20))
    office.desk.does("device.permitted", device="-x", purpose="=1+1", permitted_on=date(2026, 6, 20))
    out = office.folder / "out.csv"
    assert office.runs("export", which, "--out", str(out)).exit_code == 0
    data = out.read_bytes()
    assert data.startswith(b"\xef\xbb\xbf") and data.count(b"\r\n") == data.count(b"\n")
    for line in data.decode("utf-8-sig").splitlines():
        assert not any(cell[:1] in ("=", "+", "-", "@", "＝") for cell in line.split(",")), line
    assert office.runs("export", which).stdout_bytes == data, "the same bytes, here and there"
    before = office.facts()
    again = office.runs("import", which, str(out), "--json")
    assert again.exit_code == 0 and '"recorded": 0' in again.output and office.facts() == before


def test_the_order_of_an_export(office: Office) -> None:
    office.imports(
        "training", "staff,item,done_on\nS02,9,2026-07-02\nS02,1,2026-07-03\nS01,2,2026-07-01\nS02,1,2026-07-01"
    )
    assert office.runs("export", "training").output.splitlines()[1:] == [
        "S01,privacy,2026-07-01",
        "S02,manners,2026-07-01",
        "S02,manners,2026-07-03",
        "S02,importance,2026-07-02",
    ]


def test_who_lacks_what(office: Office) -> None:
    lines = [f"S01,{n},2026-07-01" for n in range(1, 10)] + ["S02,1,2026-07-01"]
    office.imports("training", "\n".join(["staff,item,done_on", *lines]))
    office.imports("pledges", "staff,pledge_on\nS00,2026-06-15\nS01,2026-06-15")
    found = {x.person.code: x for x in missing(office.desk.session.register(), kumagaya(), MONDAY)}
    assert found["S00"].eligibility == () and len(found["S00"].training) == 9, "統括責任者 stands at no terminal"
    assert (found["S01"].training, found["S01"].eligibility) == ((), ("authority", "vein"))
    assert (len(found["S02"].training), found["S02"].eligibility) == (8, ("pledge", "authority", "vein"))
    shown = office.runs("missing", "--json")
    assert '"staff": "S02", "role": "worker"' in shown.output
    assert "誓約書・操作者権限・静脈登録" in office.runs("missing").output
    since = {"authority_on": date(2026, 6, 1), "vein_on": date(2026, 6, 1), "pledge_on": date(2026, 6, 1)}
    office.desk.at("10:00").does("staff.registered", staff="S01", role="site_manager", **since)
    assert "S01" not in {x.person.code for x in missing(office.desk.session.register(), kumagaya(), MONDAY)}


def test_the_opening_checklist_warns_without_a_permit(office: Office) -> None:
    def item() -> tuple[bool, str]:
        found = checklist(office.desk.floor, office.desk.session.register(), "opening", office.desk.clock())
        x = next(x for x in found if x.item.code == "device_permit")
        return x.done, x.note

    assert item() == (False, "許可の登録なし（floorctl register import devices）")
    office.desk.does("checklist.checked", item="device_permit")
    assert item() == (False, "確認済。許可の登録なし（floorctl register import devices）")
    assert "許可の登録なし" in office.desk.session.warnings[0]
    office.imports("devices", "device,purpose,permitted_on,ends_on\nPC-1,盤面,2026-06-20,2026-09-13")
    assert "期限切れ" in item()[1]
    office.imports(
        "devices", "device,purpose,permitted_on,ends_on\nPC-1,盤面,2026-06-20,"
    )  # no date is erased by an empty cell
    assert "期限切れ" in item()[1]
    office.imports("devices", "device,purpose,permitted_on,ends_on\nPC-1,盤面,2026-06-20,なし")
    assert item() == (True, "許可 1件")


def test_an_empty_file_has_empty_registers(tmp_path: Path) -> None:
    db = tmp_path / "none.db"
    for args in (["export", "training"], ["export", "devices"], ["missing"]):
        assert CliRunner().invoke(cli, ["--db", str(db), "register", *args]).exit_code == 0
    assert not db.exists()
