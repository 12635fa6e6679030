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
    ("Choose another place with --project", "It has to lie where it can be written"),
    ("Use --device auto", "Choose another device"),
    ("--overclusters must not be below --clusters", "There must not be fewer overclusters than clusters"),
    ("Use --clusters", "Set Clusters to"),
    ("Use --overclusters", "Set Overclusters to"),
)
_OPTION = re.compile(r"`[^`]*`|--([a-z]+(?:-[a-z]+)*)")


def told(message: str, hint: str = "") -> str:
    """A message and its hint for people who look at a window."""
    return " ".join(retold_mistake(in_window(one)) for one in (message.strip(), hint.strip()) if one)


def in_window(text: str) -> str:
    """A sentence without options and commands of the terminal."""
    for words, instead in _SAID:
        text = text.replace(words, instead)
    return _OPTION.sub(lambda found: found[1].replace("-", " ") if found[1] else found[0], text)
