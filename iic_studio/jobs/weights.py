"""Fetching an encoder's weights, after a yes."""

import time
from collections.abc import Iterator

from iic_studio.events import Event, ProgressMade
from iic_studio.jobs.running import JobBody, Outcome, run_job
from iic_studio.training.download import Source, download, missing_source

_TELL_INTERVAL_S = 0.1

__all__ = ["Source", "fetch_weights", "missing_source"]


def fetch_weights(source: Source) -> Iterator[Event]:
    """Fetch weights; whoever starts this has asked the person. The summary names the file."""

    def body() -> JobBody:
        began, told = time.monotonic(), 0.0
        for done, total in download(source):
            if time.monotonic() - told > _TELL_INTERVAL_S or done == total:
                told = time.monotonic()
                rate = done / max(told - began, 1e-9)
                left = (total - done) / rate if rate else None
                yield ProgressMade(stage="download", done=done, total=total, unit="bytes", rate_per_s=rate, eta_s=left)
        return Outcome(summary={"weights": str(source.path)})

    return run_job("weights", body())
