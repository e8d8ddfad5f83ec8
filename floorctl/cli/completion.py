"""Command ``completion``: the script with which a shell completes floorctl's commands, options and values."""

from __future__ import annotations

import sys

import click

from floorctl.cli.base import command
from floorctl.cli.option_types import OneOf


@command()
@click.argument("shell", type=OneOf(["bash", "zsh", "fish", "powershell"]), metavar="bash|zsh|fish|powershell")
def completion(shell: str) -> None:
    """Tab キーの補完を使うための、シェルの設定を出す

    bash: source <(floorctl completion bash)　zsh: 同じ（compinit の後）　fish: floorctl completion fish | source
    PowerShell: floorctl completion powershell | Out-String | Invoke-Expression　（docs/shell.md）
    """
    from floorctl.cli.completion_shells import script

    sys.stdout.buffer.write(
        script(shell).encode()
    )  # a shell reads it: always plain ASCII, whatever a pipe is asked for
