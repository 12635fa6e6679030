"""Where things lie: shipped files (`resources/`, `models/`) and the user's own directories.

Shipped files are found beside the package in a source tree, inside it in an installed wheel or a frozen application. The user's
directories follow the platform's custom and can be moved with `IIC_STUDIO_DATA_DIR` and `IIC_STUDIO_CONFIG_DIR`.
"""

import hashlib
import os
import re
from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent
_APP = "iic-studio"


def shipped(*parts: str) -> Path:
    """Path of a shipped file, e.g. `shipped("models", "presets")`.

    Raises:
        FileNotFoundError: the installation is incomplete.
    """
    inside = _PACKAGE / "_shipped"
    # Not both: beside an installed package lie the folders of others.
    candidate = (inside if inside.is_dir() else _PACKAGE.parent).joinpath(*parts)
    if candidate.exists():
        return candidate
    raise FileNotFoundError(f"{'/'.join(parts)} is missing from this installation of IIC Studio")


def data_dir() -> Path:
    """Default home of projects; not created here."""
    chosen = os.environ.get("IIC_STUDIO_DATA_DIR")
    if chosen:
        return Path(chosen)
    import platformdirs

    return Path(platformdirs.user_data_dir(_APP, appauthor=False))


def config_dir() -> Path:
    """Home of window state and recent projects; not created here."""
    chosen = os.environ.get("IIC_STUDIO_CONFIG_DIR")
    if chosen:
        return Path(chosen)
    import platformdirs

    return Path(platformdirs.user_config_dir(_APP, appauthor=False))


def default_project_path(folder: Path) -> Path:
    """The project that belongs to a folder of images when no other is named: same folder, same project."""
    resolved = folder.resolve()
    digest = hashlib.sha256(os.fsencode(resolved)).hexdigest()[:8]
    # Cut, because names on a disk end at 255 bytes and a letter takes up to four.
    name = re.sub(r"[^\w.-]+", "_", resolved.name)[:48].strip("._") or "images"
    return data_dir() / "projects" / f"{name}-{digest}.iicproj"
