"""completion: the script that lets a shell complete commands, options and clients."""

from __future__ import annotations

import os
from enum import StrEnum
from pathlib import Path
from typing import Annotated

from recrm.app import App
from recrm.core.errors import UsageError
from recrm.core.i18n import N_
from recrm.core.params import Argument


class Shell(StrEnum):
    """Shells that completion knows."""

    BASH = "bash"
    ZSH = "zsh"
    FISH = "fish"
    POWERSHELL = "powershell"


def completion(
    app: App,
    shell: Annotated[
        Shell | None,
        Argument("[SHELL]", help="bash, zsh, fish or powershell; by default yours."),
    ] = None,
) -> None:
    """Print the script that completes commands, options and client names in your shell.

    Example: recrm completion bash >> ~/.bashrc
    """
    from typer._completion_shared import get_completion_script  # noqa: PLC2701  # nothing public makes it

    name = shell.value if shell else Path(os.environ.get("SHELL", "")).name
    if name not in set(Shell):
        raise UsageError(
            N_("It is not clear which shell you use."),
            N_("Name it: `recrm completion bash`, zsh, fish or powershell."),
        )
    script = get_completion_script(prog_name="recrm", complete_var="_RECRM_COMPLETE", shell=name)
    app.out.show(lambda: {"shell": name, "script": script}, lambda: app.out.say(script, as_it_is=True))
