"""How the commands together are told: each in a whole sentence, a wrong value in plain words, a wrong usage as JSON too. Beside `cli`."""

import re
from typing import Any

import typer
from typer.core import TyperGroup

from iic_studio.errors import EXIT_USAGE
from iic_studio.terminal import print_failure

# What pydantic says of a wrong value, and what it means.
_WORDS = (
    (r"^Value error, ", ""),
    (r"^Input should be a valid integer.*", "it must be a whole number."),
    (r"^Input should be a valid number.*", "it must be a number."),
    (r"^Input should be greater than or equal to (.*)$", r"it must be \1 or more."),
    (r"^Input should be less than or equal to (.*)$", r"it must be \1 or less."),
)
_NO_END = 1_000


class Commands(TyperGroup):
    """All commands of the program."""

    def format_commands(self, ctx: Any, formatter: Any) -> None:
        """The list of commands, none of their sentences cut short."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, command.get_short_help_str(_NO_END)) for name, command in self.commands.items()])

    def invoke(self, ctx: Any) -> Any:
        """Run a command; the context's object is what was typed.

        Raises:
            TyperException: it was called in a wrong way, said in plain words.
        """
        try:
            return super().invoke(ctx)
        except typer.TyperException as error:
            if isinstance(error, typer.BadParameter):
                error.message = plain_words(error.message)
            command = f"{ctx.invoked_subcommand} " if ctx.invoked_subcommand in self.commands else ""
            print_failure(ctx.obj or [], error.format_message(), f"See iic-studio {command}-h.", EXIT_USAGE)
            raise


def plain_words(message: str) -> str:
    """What is wrong with a value, without the words that pydantic has for it."""
    for pattern, words in _WORDS:
        message = re.sub(pattern, words, message)
    return message
