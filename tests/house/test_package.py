"""The package: its data is found in a checkout and in a wheel, and a wheel holds all that floorctl needs."""

from __future__ import annotations

import importlib.util
import json
import os
import re
import subprocess
import sys
import tarfile
import tomllib
import zipfile
from email.parser import HeaderParser
from pathlib import Path

import pytest

from floorctl import __version__
from floorctl.intake.demand_table import demand_table
from floorctl.intake.site_file import data_dir, load_site
from tests.lowest import lowest

ROOT = Path(__file__).parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
DATA = sorted(
    p.relative_to(ROOT / "data").as_posix()
    for p in (ROOT / "data").rglob("*")
    if p.is_file() and "__pycache__" not in p.parts
)


# ---- in a checkout


def test_in_a_checkout_the_data_lies_beside_the_package() -> None:
    assert data_dir() == ROOT / "data"
    assert {"kumagaya.toml", "demand.csv", "scenarios/outage.toml"} <= set(DATA)
    assert load_site().code == "kumagaya"
    assert len(demand_table()) >= 24


def test_what_the_project_names_is_there() -> None:
    project, hatch = PROJECT["project"], PROJECT["tool"]["hatch"]["build"]["targets"]
    named = [project["readme"], *project["license-files"], *hatch["sdist"]["include"]]
    named += hatch["wheel"]["packages"] + list(hatch["wheel"]["force-include"])
    assert [name for name in named if not (ROOT / name).exists()] == []


def test_the_version_is_said_once() -> None:
    assert PROJECT["project"]["version"] == __version__


def test_the_dependencies_are_bounded_and_locked() -> None:
    """Present major versions with bounds (issue 2, 1); exact pins for development beside them."""
    lock = {
        line.partition("==")[0].strip().lower().replace("_", "-"): line.partition("==")[2].split(";")[0].strip()
        for line in (ROOT / "requirements.lock").read_text(encoding="utf-8").splitlines()
        if "==" in line
    }
    wanted = PROJECT["project"]["dependencies"]
    assert any(d.startswith("click") for d in wanted)
    for dependency in [*wanted, *PROJECT["project"]["optional-dependencies"]["dev"]]:
        name = dependency.partition(">=")[0]
        assert ">=" in dependency, dependency
        assert "<" in dependency or name.startswith(("tzdata", "types-")), dependency
        assert name.lower() in lock or "sys_platform" in dependency, f"{name} is not in requirements.lock"


def test_the_distribution_cannot_be_mistaken_for_the_one_of_that_name_on_the_index() -> None:
    """The import and the command are called floorctl; ``pip install floorctl`` brings somebody else's program."""
    project = PROJECT["project"]
    assert project["name"] != "floorctl"
    assert "Private :: Do Not Upload" in project["classifiers"]
    assert project["scripts"].keys() == {"floorctl"}


BARE = re.compile(
    r"""\b(?:(?:pip3?|pipx|uv|poetry|conda)[ ](?:pip[ ])?(?:install|run|add|download)\b[^\n`&;#]*?[ "']|uvx[ ])floorctl"""
    r"""(?=[\s"'`\[=<>~)]|$)""",
    re.MULTILINE,
)


def test_nobody_is_told_to_install_floorctl_by_its_bare_name() -> None:
    for told in (
        "pip install floorctl",
        'pip install -q "floorctl[parquet]"',
        "pipx install floorctl==1",
        "uvx floorctl",
    ):
        assert BARE.search(told), told
    assert not BARE.search(".venv/bin/pip install -q . && .venv/bin/floorctl demo")
    files = [p for folder in ("floorctl", "data", "docs") for p in (ROOT / folder).rglob("*") if p.is_file()]
    texts = {p: p.read_text(encoding="utf-8") for p in [*files, ROOT / "README.md"] if p.suffix not in (".png", ".pyc")}
    assert len(texts) > 200
    assert [(p.name, found[0]) for p, text in texts.items() if (found := BARE.search(text))] == []


def test_every_lower_bound_can_be_tried() -> None:
    assert len(lowest(PROJECT["project"])) == len(PROJECT["project"]["dependencies"])
    assert "click==8.4" in lowest(PROJECT["project"])
    with pytest.raises(ValueError, match="rich"):
        lowest({"dependencies": ["rich<16"]})


# ---- in a wheel


def run(*command: object, cwd: Path, **environment: str) -> str:
    done = subprocess.run(
        [sys.executable, *map(str, command)],
        cwd=cwd,
        env={**{k: v for k, v in os.environ.items() if not k.startswith("FLOORCTL_")}, **environment},
        capture_output=True, text=True, encoding="utf-8", check=False, timeout=60,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-2000:]
    return done.stdout


BUILD = "import sys; from hatchling import build; print(getattr(build, sys.argv[1])(sys.argv[2]))"


def build(kind: str, source: Path, folder: Path) -> Path:
    """Calls the build backend as pip would, without its network."""
    return folder / run("-c", BUILD, kind, folder, cwd=source).split()[-1]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    assert importlib.util.find_spec("hatchling"), "requirements.lock needs hatchling, tomlkit, trove-classifiers"
    return build("build_wheel", ROOT, tmp_path_factory.mktemp("wheel"))


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, installed into a folder of its own."""
    target = tmp_path_factory.mktemp("site-packages")
    pip = ["-m", "pip", "install", "--quiet", "--no-deps", "--no-index", "--disable-pip-version-check", "--no-compile"]
    run(*pip, "--target", target, wheel, cwd=target)
    return target


def contents(wheel: Path) -> set[str]:
    with zipfile.ZipFile(wheel) as archive:
        return set(archive.namelist())


def test_a_wheel_holds_every_module_and_all_data(wheel: Path) -> None:
    names = contents(wheel)
    package = [p for p in (ROOT / "floorctl").rglob("*") if p.is_file() and "__pycache__" not in p.parts]
    assert {p.relative_to(ROOT).as_posix() for p in package} <= names
    assert {f"floorctl/data/{name}" for name in DATA} <= names
    assert "floorctl/data/sources.md" in names  # the page that refusals point to
    outside = {n.split("/")[0] for n in names}
    assert outside == {"floorctl", f"floorctl_console-{__version__}.dist-info"}
    assert not [n for n in names if n.endswith((".pyc", ".db", ".jsonl")) or "tests/" in n]
    assert f"floorctl_console-{__version__}.dist-info/licenses/LICENSE" in names


def test_a_wheel_says_what_it_needs(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        folder = f"floorctl_console-{__version__}.dist-info"
        metadata = HeaderParser().parsestr(archive.read(f"{folder}/METADATA").decode())
        entry_points = archive.read(f"{folder}/entry_points.txt").decode()
    assert metadata["Requires-Python"] == ">=3.11"
    needed = {d.split("<")[0].split(">")[0] for d in metadata.get_all("Requires-Dist") or [] if "extra ==" not in d}
    assert {"textual", "rich", "sqlite-utils", "pydantic", "python-dateutil", "click", "platformdirs"} <= {
        n.lower() for n in needed
    }
    assert "floorctl = floorctl.__main__:main" in entry_points


INSIDE = """
import json, floorctl
from pathlib import Path
from floorctl.intake.demand_table import demand_table
from floorctl.intake.site_file import data_dir, load_site
print(json.dumps([str(Path(floorctl.__file__).parent), str(data_dir()), load_site().code, len(demand_table())]))
"""


def test_in_a_wheel_the_data_lies_inside_the_package(installed: Path, tmp_path: Path) -> None:
    package, data, code, months = json.loads(run("-c", INSIDE, cwd=tmp_path, PYTHONPATH=str(installed)))
    assert Path(package) == installed / "floorctl"
    assert Path(data) == installed / "floorctl" / "data"
    assert (code, months) == ("kumagaya", len(demand_table()))


def test_an_installed_floorctl_works_from_anywhere(installed: Path, tmp_path: Path) -> None:
    environment = {"PYTHONPATH": str(installed)}
    feed = run("-m", "floorctl", "simulate", "--date", "2026-09-14", "--seed", "1", cwd=tmp_path, **environment)
    assert feed.startswith('{"id":')
    (tmp_path / "day.jsonl").write_text(feed, encoding="utf-8")
    floorctl = ["-m", "floorctl", "--db", "f.db"]
    totals = json.loads(run(*floorctl, "ingest", "day.jsonl", "--json", cwd=tmp_path, **environment))
    assert totals == {"accepted": feed.count("\n"), "duplicate": 0, "refused": 0}
    board = json.loads(run(*floorctl, "--now", "2026-09-14T10:00", "status", "--json", cwd=tmp_path, **environment))
    assert board["open"]
    assert "power-cut" in run("-m", "floorctl", "rehearse", "--list", cwd=tmp_path, **environment)
    assert [p.name for p in installed.rglob("*.db")] == []


CONSUMER = """
from floorctl import __version__
from floorctl.documents.sbom.licences import Licence
said: int = __version__
spdx: int = Licence("MIT").spdx
"""


def test_the_types_of_an_installed_floorctl_are_seen_by_others(installed: Path, tmp_path: Path) -> None:
    """A type checker believes an installed package only if it says that it is typed (PEP 561)."""
    assert (installed / "floorctl" / "py.typed").read_bytes() == b""
    run("-m", "venv", "--without-pip", "own", cwd=tmp_path)
    python = next(p for p in (tmp_path / "own").glob("*/python*") if p.stem == "python")
    packages = next(p for p in (tmp_path / "own").rglob("site-packages") if p.is_dir())
    (packages / "floorctl").symlink_to(installed / "floorctl", target_is_directory=True)
    (tmp_path / "consumer.py").write_text(CONSUMER, encoding="utf-8")
    mypy = ["-m", "mypy", "--strict", "--cache-dir", os.devnull, "--python-executable", str(python), "consumer.py"]
    done = subprocess.run([sys.executable, *mypy], cwd=tmp_path, capture_output=True, encoding="utf-8", check=False)
    lines = done.stdout.splitlines()
    assert [line.partition(": error: ")[::2] for line in lines[:-1]] == [
        (f"consumer.py:{n}", 'Incompatible types in assignment (expression has type "str", variable has type "int")  [assignment]')
        for n in (4, 5)
    ]  # fmt: skip


def test_what_the_package_offers_for_import_is_stated() -> None:
    import floorctl

    assert floorctl.__all__ == ["__version__"]
    typed = "Typing :: Typed"
    assert typed in PROJECT["project"]["classifiers"]


def test_the_newest_version_of_the_changelog_is_the_one_of_the_project() -> None:
    """Newest first, each with its date; no version twice."""
    text = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    heads = re.findall(r"^## (\d+)\.(\d+)\.(\d+) - (\d{4}-\d{2}-\d{2})$", text, re.MULTILINE)
    assert len(heads) == text.count("\n## ") >= 9
    versions = [tuple(map(int, head[:3])) for head in heads]
    assert versions == sorted(set(versions), reverse=True)
    assert [head[3] for head in heads] == sorted((head[3] for head in heads), reverse=True)
    assert ".".join(map(str, versions[0])) == PROJECT["project"]["version"]


def test_the_style_sheet_of_the_console_is_found(installed: Path, tmp_path: Path) -> None:
    styles = [p.name for p in (ROOT / "floorctl").glob("*.tcss")]
    assert styles
    assert [p.name for p in (installed / "floorctl").glob("*.tcss")] == styles


def test_a_source_distribution_builds_the_same_wheel(wheel: Path, tmp_path: Path) -> None:
    archive = build("build_sdist", ROOT, tmp_path)
    with tarfile.open(archive) as tar:
        tar.extractall(tmp_path, filter="data")
    held = {p.name for p in (tmp_path / archive.name.removesuffix(".tar.gz")).iterdir()}
    assert {"requirements.lock", "tests", "docs"} <= held, "what the second command of the README and a wheelhouse need"
    again = tmp_path / "again"
    again.mkdir()
    rebuilt = build("build_wheel", tmp_path / archive.name.removesuffix(".tar.gz"), again)
    assert contents(rebuilt) == contents(wheel)
