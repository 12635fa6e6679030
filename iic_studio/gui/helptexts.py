"""Short texts of the window that are longer than a label; they lie in `resources/help/`."""

import functools
import tomllib

from iic_studio.paths import shipped


@functools.lru_cache(maxsize=1)
def meanings() -> dict[str, str]:
    """What each chart means."""
    texts: dict[str, str] = tomllib.loads(shipped("resources", "help", "charts.toml").read_text(encoding="utf-8"))
    return texts


@functools.lru_cache(maxsize=1)
def start_texts() -> dict[str, str]:
    """The sentences of the start page."""
    texts: dict[str, str] = tomllib.loads(shipped("resources", "help", "start.toml").read_text(encoding="utf-8"))
    return texts


@functools.lru_cache(maxsize=1)
def tour_texts() -> dict[str, str]:
    """The first steps."""
    texts: dict[str, str] = tomllib.loads(shipped("resources", "help", "tour.toml").read_text(encoding="utf-8"))
    return texts
