"""The question before an encoder's weights are fetched; every command that trains asks it. Beside `cli`."""

import functools
import sys
from typing import TYPE_CHECKING

import typer

from iic_studio import options
from iic_studio.config import TrainSettings
from iic_studio.terminal import choose_output, follow
from iic_studio.words import file_size

if TYPE_CHECKING:
    from iic_studio.jobs.weights import Source


def see_to_weights(settings: TrainSettings, may_download: bool) -> None:
    """Fetch an encoder's weights if they are not here: told to by the flag, or after a yes to a question that names size and source.

    Without either nothing is fetched; the job then says where the file belongs.

    Raises:
        StudioError: the encoder cannot be used at all.
        typer.Exit: they did not come.
    """
    if not settings.is_pretrained or settings.weights is not None:
        return
    from iic_studio import jobs

    source = jobs.missing_source(settings.encoder)
    if source is None:
        return
    if not may_download and sys.stdin.isatty() and sys.stderr.isatty():
        may_download = typer.confirm(f"{download_question(source)} Fetch it now?", default=False, err=True)
    if may_download:
        ending = follow(jobs.fetch_weights(source), choose_output(as_json=False, quiet=False))
        if ending.exit_code:
            raise typer.Exit(ending.exit_code)


def download_question(source: "Source") -> str:
    """What a person has to know before they say yes."""
    return (
        f"The weights of {source.name} are not on this machine. They are about {file_size(source.num_bytes)}, come from {source.url}, and "
        f"would lie in {source.path.parent}."
    )


with_training_options = functools.partial(options.with_training_options, prepare=see_to_weights)
