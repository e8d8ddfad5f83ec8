"""Read what each shell asks of the cursor's place, and answer it: a line an item, its parts separated by tabs.

The scripts in ``shell_scripts`` hand over the words before the cursor and the one at it, separated by a control character
that no word has; bash its line, which it cuts at = and : itself. ``_FLOORCTL_COMPLETE`` names the shell.
"""

from __future__ import annotations

import os
import re
import sys
from pathlib import Path
from typing import Any

import click
from click.shell_completion import CompletionItem, ShellComplete, split_arg_string

VARIABLE = "_FLOORCTL_COMPLETE"
SHELLS = {"bash": "floorctl.bash", "zsh": "floorctl.zsh", "fish": "floorctl.fish", "powershell": "floorctl.ps1"}
_BETWEEN = "\x1f"


def script(shell: str) -> str:
    """Return the script that a shell loads."""
    return (Path(__file__).parent / "shell_scripts" / SHELLS[shell]).read_text("utf-8")


class _Asked(ShellComplete):
    """A shell that hands over its words."""

    def get_completion_args(self) -> tuple[list[str], str]:
        *words, incomplete = os.environ.get("_FLOORCTL_WORDS", "").split(_BETWEEN)
        return words[1:], incomplete

    def get_completions(self, args: list[str], incomplete: str) -> list[CompletionItem[Any]]:
        """Return what may stand at the cursor, each as a whole word: of ``--volume=su`` click gives ``surge`` alone."""
        items = super().get_completions(args, incomplete)
        option = re.match("--[a-z-]+=", incomplete)
        for item in items if option else []:
            if item.type not in ("file", "dir") and not item.value.startswith("--"):
                item.value = f"{option[0]}{item.value}"  # type: ignore[index]
        return items

    def format_completion(self, item: CompletionItem[Any]) -> str:
        said = " ".join((item.help or "").split())
        return f"{item.type}\t{item.value}\t{said}"


class _Bash(_Asked):
    """Bash: its line, and the characters at which it begins another word."""

    def get_completion_args(self) -> tuple[list[str], str]:
        line = os.environ.get("_FLOORCTL_LINE", "")
        words = split_arg_string(line)
        incomplete = words.pop() if words and not line[-1:].isspace() else ""
        self._kept = 1 + max(
            (incomplete.rfind(c) for c in ":=" if c in os.environ.get("_FLOORCTL_BREAKS", "")), default=-1
        )
        return words[1:], incomplete

    def format_completion(self, item: CompletionItem[Any]) -> str:
        return f"{item.type}\t{item.value[self._kept :]}"


def answer(cli: click.Command, prog_name: str) -> None:
    """Print what may stand at the cursor, if a shell asks for that, and exit; nothing else is printed, whatever happens."""
    shell, _, _ = os.environ.get(VARIABLE, "").partition("_")
    kind = _Bash if shell == "bash" else _Asked
    try:
        said = kind(cli, {}, prog_name, VARIABLE).complete()
        sys.stdout.buffer.write(f"{said}\n".encode())
        sys.stdout.buffer.flush()
    except Exception:
        sys.exit(0)
    sys.exit(0)
