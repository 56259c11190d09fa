"""What is wrong with a call, in the user's language: click knows the fault, the catalogue has the sentence."""

from __future__ import annotations

import click

from geo_review.wording import say


def usage_sentence(error: click.UsageError) -> str:
    """Return what is wrong, and where help is."""
    command = error.ctx.command_path if error.ctx else "geo-review"
    problem = say("cli.usage", problem=_problem(error))
    return f"{problem}\n{say('cli.usage_help', command=command)}"


def _problem(error: click.UsageError) -> str:
    if isinstance(error, click.NoSuchOption):
        return say("cli.usage_no_such_option", name=error.option_name)
    if isinstance(error, click.NoSuchCommand):
        return say("cli.usage_no_such_command", name=error.command_name)
    if isinstance(error, click.MissingParameter):
        return say("cli.usage_missing", name=_name(error))
    if isinstance(error, click.BadParameter):
        return say("cli.usage_bad_value", name=_name(error), detail=error.message)
    return error.format_message()


def _name(error: click.BadParameter) -> str:
    """The option or argument as it is typed."""
    if error.param is None:
        return str(error.param_hint or "")
    return error.param.opts[-1] if error.param.param_type_name == "option" else error.param.make_metavar(error.ctx)  # type: ignore[arg-type]
