"""Errors and warnings as the window tells them: what the core says for both front ends, without options and commands of the terminal, and
in the language of the window."""

import re

from iic_studio.gui.mistakes import retold_mistake

# First what needs words of its own, longest first; then any option that is left.
_SAID = (
    (": `iic-studio train PROJECT`, or Train in the window", ""),
    ("Go on with `iic-studio resume PROJECT`", "Press Resume training"),
    ("go on with `iic-studio resume PROJECT`", "press Resume training"),
    (": `iic-studio label PROJECT --labels PIXELS.csv`", ""),
    (" with `iic-studio train PROJECT`", ""),
    (" with `iic-studio train`", ""),
    (": `iic-studio map PROJECT --afresh`", ""),
    ("`iic-studio doctor`", "“Is everything in order?” in the help menu"),
    ("Run `iic-studio assign` to make them again", "Train again to make them anew"),
    (", or run `iic-studio cluster FOLDER`", ""),
    ("; or use `iic-studio segment`", ""),
    (", or choose another place with --project", ""),
    (", or choose a project folder on another disk with --project", ""),
    (" in the window, or train and take the new run with `iic-studio edits PROJECT --accept`", ", or train and take the new run"),
    ("Make one: `iic-studio segment FOLDER --masks DIR`", "Choose pixels, then train"),
    ("Ask for masks (--masks DIR), or train a run on whole images", "Train a run on whole images"),
    ("Name a new or an empty folder after --masks", "Choose a new or an empty folder"),
    ("Choose another folder for --masks", "Choose another folder"),
    ("Choose another place for --masks", "Choose another place"),
    ("Leave out --fine-tune", "Use the map of clusters instead"),
    ("Train some: add --runs 5", "Ask for more runs"),
    ("name it with --weights FILE, or have it fetched with --download", "choose it in the settings, or fetch it there"),
    ("Name a file with --weights FILE, or have it fetched with --download", "Choose a file in the settings, or fetch it there"),
    ("Name it with --weights FILE", "Choose the file in the settings"),
    ("Choose another place with --project", "It has to lie where it can be written"),
    ("Use --device auto", "Choose another device"),
    ("--overclusters must not be below --clusters", "There must not be fewer overclusters than clusters"),
    ("Use --clusters", "Set Clusters to"),
    ("Use --overclusters", "Set Overclusters to"),
)
_OPTION = re.compile(r"`[^`]*`|(?<!\w)--([a-z]+(?:-[a-z]+)*)")


def told(message: str, hint: str = "") -> str:
    """A message and its hint for people who look at a window."""
    return " ".join(retold_mistake(in_window(one)) for one in (message.strip(), hint.strip()) if one)


def in_window(text: str) -> str:
    """A sentence without options and commands of the terminal."""
    for words, instead in _SAID:
        text = text.replace(words, instead)
    return _OPTION.sub(lambda found: found[1].replace("-", " ") if found[1] else found[0], text)
