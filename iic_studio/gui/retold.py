"""Sentences of the core in the language of the window: what was corrected, how training is doing, what a job does.

The core knows no Qt and says them in English, on the command line too. Here stand the same sentences with places for their values; one
that is recognised is said again in the language in force, one that is not stays as it is. A test holds the two together.
"""

import functools
import re

from iic_studio.gui.language import ENGLISH, code, count_images, later, tr

_EDITS = (
    *(later("Name the run {0} “{1}”"), later("Named the run {0} “{1}”")),
    *(later("Take the name from the run {0}"), later("Took the name from the run {0}")),
    *(later("Name {0} “{1}”"), later("Named {0} “{1}”"), later("Take the name from {0}"), later("Took the name from {0}")),
    *(later("Colour {0}"), later("Coloured {0}"), later("Write a note about {0}"), later("Wrote a note about {0}")),
    *(later("Merge {0} into {1}"), later("Merged {0} into {1}"), later("Split {0} into {1}")),
    *(later("Accept the new run for {0} of {1} clusters"), later("Accepted the new run for {0} of {1} clusters")),
    *(later("Accept the new run"), later("Accepted the new run"), later("Refuse the new run"), later("Refused the new run")),
    *(later("Accept the run {0} for {1} of {2} clusters"), later("Accepted the run {0} for {1} of {2} clusters")),
    *(later("Accept the run {0}"), later("Accepted the run {0}")),
    *(later("Accept {0} as {1}"), later("Accepted {0} as {1}")),
    *(later("Give {0} back to the model"), later("Gave {0} back to the model")),
    *(later("Exclude {0}"), later("Excluded {0}"), later("Restore {0}"), later("Restored {0}")),
    *(later("Mark {0} as not sure"), later("Marked {0} as not sure"), later("Unmark {0}"), later("Unmarked {0}")),
    *(later("Move {0} to {1}"), later("Moved {0} to {1}")),
)
_LABELS = (
    *(later("Define {0} classes"), later("Defined {0} classes"), later("Define {0}"), later("Defined {0}")),
    *(later("Let label files add no class"), later("Let label files add classes")),
    *(later("Give {0} another key"), later("Gave {0} another key"), later("Give {0} another colour"), later("Gave {0} another colour")),
    *(later("Drop {0} and 1 label"), later("Dropped {0} and 1 label")),
    *(later("Drop {0} and {1} labels"), later("Dropped {0} and {1} labels")),
    *(later("Label {0} as not sure"), later("Labelled {0} as not sure"), later("Label {0} as skipped"), later("Labelled {0} as skipped")),
    *(later("Label {0} as {1}"), later("Labelled {0} as {1}"), later("Unlabel {0}"), later("Unlabelled {0}")),
    *(later("Read labels of {0}"), later("Read the truth of {0}")),
    *(later("Drop the truth of {0}"), later("Dropped the truth of {0}")),
    *(later("Map named clusters to their names"), later("Mapped named clusters to their names")),
    *(later("Map fine cluster {0} to {1}"), later("Mapped fine cluster {0} to {1}")),
    *(later("Map {0} to {1}"), later("Mapped {0} to {1}")),
    *(later("Let the labels map fine cluster {0}"), later("Let the labels map {0}")),
    *(later("Choose the map {0}"), later("Chose the map {0}")),
)
_DIAGNOSES = (
    later("Collapsed: nearly all pictures fall into one cluster."),
    later("Try another seed, or a preset with milder changes between the two views; look whether the pictures differ at all."),
    later("Warming up: no groups yet."),
    later("Nothing beyond chance: two views of one picture share no more than views of different pictures do."),
    later("Look whether the pictures have anything in common that a crop would keep; try a preset with milder changes."),
    later("Nothing beyond chance: each sub-head cuts the pictures in a way of its own, so no groups ask to be found."),
    later("Use fewer clusters or more pictures, and do not read meaning into these groups."),
    later("Too many clusters: {0} of {1} are in use."),
    later("Train with {0} clusters."),
    later("Plateau: the groups hardly change any more, at {0}% of what {1} clusters could tell."),
    later("More time alone will change little; look at the groups."),
    later("Learning: the two views of a picture share {0}% of what {1} clusters could tell, {2} clusters are in use."),
    later("Not finished: the time was too short to see the groups settle."),
    later("Train longer."),
    later("Not finished: the groups were still getting clearer when the time was up."),
    later("Settled: the groups had stopped getting clearer when training ended."),
)
_PLACE = re.compile(r"\\\{\d\\\}")
_IMAGES, _PIXELS = re.compile(r"([\d,]+) pictures?"), re.compile(r"([\d,]+) pixels?")


@functools.lru_cache(maxsize=1)
def _patterns() -> tuple[tuple[str, re.Pattern[str]], ...]:
    found = (*_EDITS, *_LABELS, *_DIAGNOSES)
    return tuple((text, re.compile(_PLACE.sub("(.+?)", re.escape(text)), re.DOTALL)) for text in found)


def retold(sentence: str) -> str:
    """A sentence of the core in the language in force."""
    if code() == ENGLISH:
        return sentence
    for text, pattern in _patterns():
        if (match := pattern.fullmatch(sentence)) is not None:
            return tr(text, *map(_value, match.groups()))
    return sentence


def _value(text: str) -> str:
    """A value inside a sentence: a number of pictures or pixels is said anew, a name stays."""
    pixels = _PIXELS.fullmatch(text)
    if pixels is not None:
        number = int(pixels[1].replace(",", ""))
        return tr("1 pixel") if number == 1 else tr("{0:,} pixels", number)
    count = _IMAGES.fullmatch(text)
    return count_images(int(count[1].replace(",", ""))) if count else text
