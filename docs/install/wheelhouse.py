"""Makes a wheelhouse: everything that a PC without a network needs for floorctl. Run on a machine that has one.

    python docs/install/wheelhouse.py OUT

OUT is made anew: wheels of floorctl and of all that it needs (for Windows and Linux, each supported Python),
requirements.txt with their hashes, the list of the software (sbom.json, CycloneDX), the scripts that install them, and
SHA256SUMS over all of it. What is printed last is
the fingerprint of SHA256SUMS: it goes to the other machine on paper, or by telephone. Nothing of this is part of floorctl
itself, which never reaches a network.
"""

from __future__ import annotations

import sys

if sys.version_info < (3, 11):  # noqa: UP036 - before the imports that an older one does not have
    sys.exit(
        f"この Python（{sys.version.split()[0]}）では作れません。3.11 から 3.14 までの Python で、もう一度実行してください（Windows では py -3.12）。"
    )

import argparse
import hashlib
import json
import re
import shutil
import subprocess
import tempfile
import tomllib
import zipfile
from email.message import Message
from email.parser import HeaderParser
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
sys.path.insert(0, str(ROOT))  # the list of the software is floorctl's own; what makes it needs Python alone

from floorctl.documents.sbom.component import Component, name_of  # noqa: E402
from floorctl.documents.sbom.cyclonedx import cyclonedx  # noqa: E402
from floorctl.documents.sbom.licences import licence_of  # noqa: E402
from floorctl.documents.sbom.needs import reached  # noqa: E402

PLATFORMS = {
    "windows": ("win_amd64",),
    "linux": ("manylinux_2_28_x86_64", "manylinux_2_17_x86_64", "manylinux2014_x86_64"),
}
PYTHONS = ("3.11", "3.12", "3.13", "3.14")
SCRIPTS = ("install.py", "install.cmd", "install.sh")
SUMS = "SHA256SUMS"
# UTF-16 with its mark is what cmd.exe shows rightly in every code page; install.cmd itself is ASCII.
NO_PYTHON = (
    "no-python.txt",
    "Python がありません。Python {}（64ビット、市のソフトウェア一覧のもの）を入れてから、もう一度 install.cmd を実行してください。\r\n"
    "入っているはずなら、py -0 で調べ、py -3.12 install.py のように番号を付けて実行してください。\r\n",
)
# Every venv has pip; sqlite-utils names it, floorctl never runs it.
NOT_CARRIED = {"pip"}
OWN = "floorctl-console"


def locked(text: str) -> dict[str, tuple[str, bool]]:
    """By name of a package: its exact version in requirements.lock, and whether it is for Windows alone."""
    found = re.findall(r"^([\w.-]+)==([\w.+!-]+)(.*)$", text, flags=re.MULTILINE)
    return {name_of(name): (version, "win32" in marker) for name, version, marker in found}


def wanted(report: dict, lock: dict[str, tuple[str, bool]]) -> dict[str, str]:
    """Names and versions to carry: what pip has resolved for floorctl, and what Windows needs beside it.

    Raises SystemExit where requirements.lock does not hold what was resolved.
    """
    resolved = {name_of(i["metadata"]["name"]): i["metadata"]["version"] for i in report["install"]}
    kept = {name: version for name, version in resolved.items() if name not in NOT_CARRIED}
    other = {name: v for name, v in kept.items() if lock.get(name, (None,))[0] != v}
    if other:
        raise SystemExit(f"requirements.lock にない版です: {other}")
    return dict(sorted((kept | {name: v for name, (v, windows) in lock.items() if windows}).items()))


def requirements(wheels: Path) -> str:
    """A line for each package with the hash of every wheel of it, so that pip takes nothing else."""
    found: dict[tuple[str, str], list[str]] = {}
    for path in sorted(wheels.glob("*.whl")):
        name, version = path.name.split("-")[:2]
        found.setdefault((name_of(name), version), []).append(sha256(path))
    lines = [
        f"{name}=={version} \\\n    " + " \\\n    ".join(f"--hash=sha256:{h}" for h in hashes)
        for (name, version), hashes in sorted(found.items())
    ]
    return "\n".join(lines) + "\n"


def sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def software(wheels: Path) -> bytes:
    """The list of what is carried, for every platform and Python: one entry a package, with the hash of each wheel of it."""
    told: dict[str, Message] = {}
    hashes: dict[str, dict[str, str]] = {}
    for path in sorted(wheels.glob("*.whl")):
        with zipfile.ZipFile(path) as archive:
            name = next(n for n in archive.namelist() if re.fullmatch(r"[^/]+\.dist-info/METADATA", n))
            metadata = HeaderParser().parsestr(archive.read(name).decode())
        told.setdefault(name_of(metadata["Name"]), metadata)
        hashes.setdefault(name_of(metadata["Name"]), {})[f"wheels/{path.name}"] = sha256(path)
    needs = reached({name: m.get_all("Requires-Dist") or [] for name, m in told.items()}, OWN)
    others = [
        Component(
            name, told[name]["Version"], licence_of(told[name].get_all), "direct" if name in needs[OWN] else "indirect",
            told[name]["Summary"] or "", tuple(sorted(needs[name])), hashes=hashes[name],
        )
        for name in sorted(needs.keys() - {OWN})
    ]  # fmt: skip
    own = Component(
        OWN, told[OWN]["Version"], licence_of(told[OWN].get_all), "own", told[OWN]["Summary"] or "",
        tuple(sorted(needs[OWN])), archive=next(iter(hashes[OWN].values())),
    )  # fmt: skip
    return cyclonedx(own, others, "post-build")


def sums(house: Path) -> str:
    """A line for each file but the list itself, as ``sha256sum -c`` reads it."""
    files = sorted(p for p in house.rglob("*") if p.is_file() and p.name != SUMS)
    return "".join(f"{sha256(p)} *{p.relative_to(house).as_posix()}\n" for p in files)


def pip(*args: object) -> str:
    command = [sys.executable, "-m", "pip", *map(str, args)]
    done = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=False)
    if done.returncode:
        raise SystemExit(f"pip が失敗しました: {' '.join(command)}\n{done.stderr[-2000:]}")
    return done.stdout


def make(house: Path, platforms: dict[str, tuple[str, ...]], pythons: tuple[str, ...], source: Path = ROOT) -> str:
    """Fills a folder that does not exist yet; returns the fingerprint. Raises SystemExit."""
    with tempfile.TemporaryDirectory(dir=house.parent, prefix=f".{house.name}-") as scratch:
        work = Path(scratch) / "house"
        wheels = work / "wheels"
        wheels.mkdir(parents=True)
        project = tomllib.loads((source / "pyproject.toml").read_text(encoding="utf-8"))["project"]
        lock = source / "requirements.lock"
        report = Path(scratch) / "report.json"
        resolve = (
            "install",
            "--quiet",
            "--dry-run",
            "--ignore-installed",
            "--only-binary",
            ":all:",
            "--report",
            report,
        )
        pip(*resolve, "--constraint", lock, *project["dependencies"])
        carried = wanted(json.loads(report.read_text(encoding="utf-8")), locked(lock.read_text(encoding="utf-8")))
        pins = Path(scratch) / "pins.txt"
        pins.write_text("".join(f"{name}=={version}\n" for name, version in carried.items()), encoding="utf-8")
        for tags in platforms.values():
            for python in pythons:
                tagged = [x for tag in tags for x in ("--platform", tag)]
                pip(
                    *("download", "--quiet", "--no-deps", "--only-binary", ":all:", "--implementation", "cp"),
                    *("--python-version", python, *tagged, "--dest", wheels, "--requirement", pins),
                )
        pip("wheel", "--quiet", "--no-deps", "--wheel-dir", wheels, source)
        (work / "requirements.txt").write_text(requirements(wheels), encoding="utf-8", newline="\n")
        (work / "sbom.json").write_bytes(software(wheels))
        for name in SCRIPTS:
            shutil.copyfile(HERE / name, work / name)
        name, text = NO_PYTHON
        (work / name).write_bytes(text.format("・".join(pythons)).encode("utf-16"))
        shutil.copyfile(ROOT / "docs" / "install.md", work / "install.md")
        shutil.copyfile(ROOT / "LICENSE", work / "LICENSE")
        (work / "install.sh").chmod(0o755)
        (work / SUMS).write_text(sums(work), encoding="utf-8", newline="\n")
        work.rename(house)
    return sha256(house / SUMS)


def main(argv: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        description="ネットワークのないPCへ運ぶフォルダーを作る（インターネットにつながるPCで）"
    )
    parser.add_argument("out", type=Path, metavar="OUT", help="作るフォルダー（まだないもの）")
    parser.add_argument("--platform", choices=PLATFORMS, action="append", help="省くと Windows と Linux の両方")
    parser.add_argument("--python", action="append", metavar="3.12", help=f"省くと {' '.join(PYTHONS)} のすべて")
    asked = parser.parse_args(argv)
    house = asked.out.resolve()
    if house.exists() or not house.parent.is_dir():
        print(f"{house} は作れません。まだない名前を、あるフォルダーの中に指定してください。", file=sys.stderr)
        return 1
    mark = make(house, {p: PLATFORMS[p] for p in asked.platform or PLATFORMS}, tuple(asked.python or PYTHONS))
    files = [p for p in house.rglob("*") if p.is_file()]
    print(f"{house}: {len(files)}ファイル、{sum(p.stat().st_size for p in files) / 1e6:.1f} MB")
    print(f"照合値（紙に写して、入れるPCで照らす）: {mark}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
