"""How commands behave, whatever they do: their exit codes, and options that take lists."""

from __future__ import annotations

from typing import Any

import click

from communique.errors import CommuniqueError
from communique.legibility import legible_name


class Commands(click.Group):
    """A group whose commands end with the exit code of what went wrong, and one line for each problem."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run a command."""
        try:
            return super().invoke(ctx)
        except CommuniqueError as error:
            for line in str(error).splitlines():
                click.echo(legible_name(line), err=True)
            ctx.exit(error.exit_code)


class TakesLists(click.Command):
    """A command whose option `--shapes` takes all that follows up to the next option, as in `--shapes a.ttl b.ttl`."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Repeat the option before each of its values."""
        found: list[str] = []
        option = ""
        for arg in args:
            is_value = not arg.startswith("-")
            found += [option, arg] if is_value and option and found[-1] != option else [arg]
            option = option if is_value else arg if arg in ("-s", "--shapes") else ""
        return super().parse_args(ctx, found)
