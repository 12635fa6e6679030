"""What the desktop, citations and the changelog say about the program agrees with the program."""

import configparser
import re
import xml.etree.ElementTree as ET
from pathlib import Path

import typer.main

from iic_studio import __version__
from iic_studio.cli import app

ROOT = Path(__file__).resolve().parents[2]
NAME = "org.iicstudio.IicStudio"


def desktop_entry() -> configparser.ConfigParser:
    entry = configparser.ConfigParser(interpolation=None)
    entry.optionxform = str  # type: ignore[assignment, method-assign]
    entry.read(ROOT / "packaging" / f"{NAME}.desktop", encoding="utf-8")
    return entry


def test_desktop_entry_starts_commands_that_exist() -> None:
    entry = desktop_entry()
    command = typer.main.get_command(app)
    for section in entry.sections():
        program, *arguments = entry[section]["Exec"].split()
        assert program == "iic-studio"
        assert set(arguments[:1]) <= set(command.commands)  # type: ignore[attr-defined]


def test_desktop_entry_metainfo_and_icon_belong_together() -> None:
    component = ET.parse(ROOT / "packaging" / f"{NAME}.metainfo.xml").getroot()
    assert component.findtext("id") == NAME
    assert component.findtext("launchable") == f"{NAME}.desktop"
    assert component.findtext("icon") == desktop_entry()["Desktop Entry"]["Icon"] == NAME
    assert component.findtext("name") == desktop_entry()["Desktop Entry"]["Name"]
    icon = ET.parse(ROOT / "resources" / "icon.svg").getroot()
    assert icon.get("viewBox") == "0 0 256 256"


def test_version_is_the_same_everywhere() -> None:
    assert re.search(rf"^version: {re.escape(__version__)}$", (ROOT / "CITATION.cff").read_text(encoding="utf-8"), re.MULTILINE)
    changelog = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    assert re.findall(r"^## \[(.+?)\]", changelog, re.MULTILINE)[0] == __version__
