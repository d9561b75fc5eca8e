"""The reference of the command line as a page of the manual, taken from the commands themselves."""

from __future__ import annotations

import inspect
import re
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from collections.abc import Iterator

TITLE = "# Commands"
ABOUT = "Every command with its options, as `--help` tells them. This page is made from the program."
UNWRAPPED = "\b"
"""Stands, on a line of its own, before a paragraph whose lines are kept (click, "Preventing Rewrapping")."""
EXAMPLE = "Example: "


def reference(group: click.Group, *, name: str) -> str:
    """Return the page in Markdown; `name` is what the program is called."""
    with click.Context(group, info_name=name, **group.context_settings) as ctx:
        parts = [TITLE, ABOUT, *_paragraphs(group)]
        for each in group.list_commands(ctx):
            command = group.get_command(ctx, each)
            if command is not None and not command.hidden:
                parts += _section(command, click.Context(command, info_name=each, parent=ctx))
    return "\n\n".join(parts) + "\n"


def _section(command: click.Command, ctx: click.Context) -> Iterator[str]:
    yield f"## {ctx.info_name}"
    yield f"`{ctx.command_path} {' '.join(command.collect_usage_pieces(ctx))}`"
    yield from _paragraphs(command)
    rows = [record for param in command.get_params(ctx) if (record := param.get_help_record(ctx))]
    lines = [f"| {_cell(f'`{names}`')} | {_cell(words)} |" for names, words in rows if words]
    yield "\n".join(["| option | what it does |", "|---|---|", *lines])


def _paragraphs(command: click.Command) -> Iterator[str]:
    """Give the paragraphs of the help of a command, its example as code."""
    for paragraph in re.split(r"\n\s*\n", inspect.cleandoc(command.help or "")):
        text = " ".join(line for line in paragraph.splitlines() if line != UNWRAPPED)
        yield f"For example: `{text.removeprefix(EXAMPLE)}`" if text.startswith(EXAMPLE) else text


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")
