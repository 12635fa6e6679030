"""What the core says when something went wrong, in the language of the window: its sentences with places for their values.

They stand here, in `setting_mistakes` and in `pixel_mistakes` as `telling.told` leaves them, without options of the command line. To add
one, write it into a group and translate it; `tests/gui/test_telling.py` names those that a window may meet and that are missing. A sentence
that is not known stays English.
"""

import functools
import re

from iic_studio.gui.language import ENGLISH, code, count_files, later, tr
from iic_studio.gui.pixel_mistakes import PIXELS
from iic_studio.gui.setting_mistakes import ENCODERS, PRESETS

_PROJECT = (
    later("The project is damaged ({0})."),
    later("Put back project.sqlite from the project's backups folder or from a copy of yours."),
    later("The disk is full while {0}."),
    later("Free some space and run it again: what was saved is kept."),
    later("Free some space and run it again: what was read is kept."),
    later("Free some space."),
    later("The image cache needs {0} and the disk has {1} free."),
    later("No permission while {0}: {1}."),
    later("No permission while {0}."),
    later("It has to lie where it can be written."),
    later("Copy it to where it can be written."),
    later("Ask for the permission to read it."),
    later("Choose another place for it."),
    later("No permission to write in {0}."),
    later("The project is busy while {0}."),
    later("Another program works on it: wait for it, or close it, and try again."),
    later("The disk does not answer while {0}: {1}."),
    later("See whether it is still there and has room: what was saved is kept."),
    later("{0} cannot be written: {1}."),
    later("The project {0} is in use by another IIC Studio."),
    later("Close it there first."),
    later("The file system of {0} cannot lock files."),
    later("The project was closed."),
    later("Open it again."),
    later("The project is open for reading only."),
    later("Close it in the other window or program first."),
    later("There is no project at {0}."),
    later("Name a folder that ends in .iicproj, or make one of a folder of images: `{0}`."),
    later("That of this folder of images is {0}."),
    later("Choose a folder that ends in .iicproj."),
    later("This SQLite file is not an IIC Studio project."),
    later("This project was made by a newer IIC Studio (project version {0}, this program knows {1})."),
    later("Update IIC Studio; the project was not changed."),
    later("This project was made by an older IIC Studio."),
    later("Open it once where it can be written."),
    later("The project at {0} belongs to {1}."),
    later("The project has no run {0}."),
    later("The project has no image {0}."),
    later("Run {0} has not finished, so there is no trained network yet."),
    later("Press Resume training, or train again."),
    later("Run {0} is a baseline ({1}): it has groups but no network."),
    later("Accept a trained run under Runs, or train and take the new run."),
    later("Run {0} has no clusters yet."),
    later("Choose another one, or let it go on."),
    later("Your clusters stand on the run {0}, so it cannot be deleted."),
    later("Use the clusters of another run first."),
    later("The project would lie inside the folder of images, where nothing is ever written."),
    later("{0} exists and is not empty."),
    later("A run that is under way cannot be deleted."),
    later("Stop it first."),
    later("The assignments of run {0} are damaged."),
    later("Train again to make them anew."),
    later("The map in {0} is damaged."),
    later("Make it again."),
    later("UMAP is not installed, so the map shows the two main directions (PCA)."),
    later("Install it with `pip install umap-learn`."),
    later("UMAP needs at least {0} images, so the map shows the two main directions (PCA)."),
    later("UMAP is installed but cannot be used: {0}."),
    later("Install it anew with `pip install --force-reinstall umap-learn`; the PCA map stays."),
    later("The process that arranges the map ended early (exit code {0})."),
    later("There may be too little memory; the PCA map stays."),
    later("The clusters were changed meanwhile."),
    later("Look at them, then try again."),
)
_PICTURES = (
    later("There is no folder {0}."),
    later("Check the name, or plug in the drive it lies on."),
    later("{0} is a file, not a folder."),
    later("Name the folder that holds your images."),
    later("The folder {0} cannot be listed: {1}."),
    later("Check its permissions."),
    later("Images in it are left out."),
    later("It is left out."),
    later("{0} could not be read."),
    later("Left out; the problems list says why."),
    later("This file {0}."),
    later("This file cannot be read: {0}."),
    later("{0} file names are not UTF-8; the CSV shows their odd bytes as \\xNN."),
    later("1 file name is not UTF-8; the CSV shows its odd bytes as \\xNN."),
    later("The images of this project are not in its cache."),
    later("Index the folder again."),
    later("This project has no readable images."),
    later("Put images into its folder, then look for new pictures."),
    later("{0} can no longer be read."),
    later("No image can be read any more."),
    later("None of the images can be read any more."),
    later("Look for new pictures, then train again."),
    later("Check that the folder is there, and index it again."),
    later("What the network sees in the pictures was not computed yet."),
    later("Look at the map once; that computes it."),
    later("The helper processes that read images cannot be started."),
    later("Run “Is everything in order?” in the help menu; there may be too little memory."),
)
_TRAINING = (
    later("This project has no interrupted run to go on with."),
    later("Start a new one."),
    later("Every picture is excluded, so there is nothing to learn from."),
    later("Put some of them back first."),
    later("Some of the pictures that the run saw are gone."),
    later("Train anew, then compare with that run."),
    later("It is not known which pictures the run {0} saw."),
    later("No other run has the settings of {0} and another seed."),
    later("Ask for more runs."),
    later("The new run is a proposal: your clusters stay as they are until it is accepted."),
    later("This machine has no usable {0} device."),
    later("Choose another device, and see “Is everything in order?” in the help menu."),
    later("There is no readable image to cluster."),
    later("Choose a folder that holds JPEG, PNG, WebP, TIFF or similar files."),
    later("There is only one readable image: nothing to compare it with."),
    later("Add more images to the folder."),
    later("{0} clusters cannot be made of {1} images."),
    later("{0} clusters cannot be made of {1} images, so {2} are sought."),
    later("Set Clusters to {0} or fewer."),
    later("method {0} does not work on an encoder's features."),
    later("{0} has no meaning for method {1}."),
    later("{0} has no meaning with encoder {1}."),
    later("Leave it out."),
    later("overclusters must lie between clusters and the number of images, {0}."),
    later("Leave it out to have it chosen."),
    later("{0} overclusters in {1} sub-heads are too many."),
    later("Set Overclusters to {0} or fewer."),
    later("There must not be fewer overclusters than clusters."),
    later("Set Overclusters to {0}."),
    later("{0} overclusters need at least as many pairs in each step, and a step has {1}."),
    later("Set Overclusters to {0} or a larger batch size."),
    later("There is no file {0}."),
    later("There is not enough memory to train."),
    later("Use a smaller image size or batch size, or close other programs."),
    later("All {0} images show the same picture: there is nothing to tell apart."),
    later("Choose a folder with different images."),
    later("The loss is no longer a number at step {0}; training cannot go on."),
    later("Train again with another seed or fewer changes between the views; the last checkpoint is kept."),
    later("The loss was no longer a number at step {0}; going on from the checkpoint of step {1}."),
    later("The learning rate is halved. If it happens again, the run ends."),
    later("Memory ran short: each step of {0} pairs is now computed in {1} parts, which takes longer."),
    later("A smaller batch size or image size trains faster."),
    later("There is no checkpoint at {0}."),
    later("Train first."),
    later("The checkpoint {0} is damaged: {1}."),
    later("Train again, or restore it from a backup."),
    later("Name another file."),
)
_GROUPS_AND_CLASSES = (
    later("Train again."),
    later("One cluster cannot be merged."),
    later("Select two or more."),
    later("The name {0}… has {1} characters, and at most {2} are kept."),
    later("Choose a shorter name."),
    later("A class needs a name."),
    later("Type one."),
    later("There is a class {0} already."),
    later("Choose another name."),
    later("Run {0} has no clusters."),
    later("Choose another run, or train again."),
    later("No new run waits to be accepted."),
    later("This run has no finer clusters."),
    later("Split by probabilities, or select pictures and move them to a new cluster."),
    later("The finer clusters do not divide this cluster."),
    later("Split by probabilities, or select pictures and move them."),
    later("This cluster has too few different pictures for {0} parts."),
    later("Ask for fewer parts."),
    later("No picture has a class yet."),
    later("Classes come from labels; clusters are found with “cluster:”."),
    later("No picture has a label yet."),
    later("Label some first."),
    later("Too few labels to learn from."),
    later("Label some pictures of at least two classes first; five of each are a good start."),
    later("The network of this run is frozen: others trained it."),
    later("Use the map of clusters instead."),
    later("This project has no pictures yet."),
    later("This project has no clusters yet."),
    later("Train it first."),
    later("None of the {0} rows could be used."),
    later("The only row could not be used."),
    later("Paths must be relative to the folder of pictures, as in the CSV of results."),
    later("{0} paths are not among the readable pictures, e.g. {1}."),
    later("1 path is not among the readable pictures: {0}."),
    later("Paths are relative to the folder of pictures."),
    later("{0} rows name other classes: {1}."),
    later("1 row names another class: {0}."),
    later("{0} paths have more than one label and got none, e.g. {1}: {2}."),
    later("1 path has more than one label and got none, {0}: {1}."),
    later("Give each path one label."),
    later("{0} rows say again what another row says."),
    later("1 row says again what another row says."),
    later("{0} has no column {1}."),
    later("Its first line must name {0}."),
    later("Name a CSV in UTF-8 with the columns {0}."),
    later("{0} cannot be read: {1}."),
    later("{0} is not text in UTF-8."),
    later("{0} has no rows below its first line."),
    later("It must be a CSV in UTF-8 with the columns {0}."),
    later("{0} has a weight that is no number: {1}."),
    later("{0} has a weight below 0."),
    later("Leave the column weight as it was."),
)
_RESULTS = (
    later("Nothing is asked for."),
    later("No picture is chosen."),
    later("Choose pictures that could be read, or export all."),
    later("Two formats have the same target."),
    later("Give each one a name of its own."),
    later("{0} would lie in the folder of another format."),
    later("Give each format a place of its own."),
    later("ONNX needs {0}."),
    later("Install them with: pip install 'iic-studio[onnx]'"),
    later("This run's network is not of this program's own, and ONNX holds only those."),
    later("Leave out onnx."),
    later("Training goes on, and its model is not of these clusters."),
    later("Export the model when training has ended."),
    later("{0} is a link, not a folder."),
    later("{0} is a file."),
    later("{0} is a folder."),
    later("Give the name of a file."),
    later("{0} would lie inside the folder of images, where nothing is ever written."),
    later("{0} is not empty."),
    later("{0} holds another export."),
    later("{0} holds other masks."),
    later("Name a new folder."),
    later("Name a new folder, so that nothing is mixed up or overwritten."),
    later("Name a new folder, or delete that one first."),
    later("There is a {0} in {1} that another program made."),
    later("Name a new folder for the model."),
    later("The copies need {0} and the disk has {1} free."),
    later("Choose links instead of copies, or another disk."),
    later("{0} cannot be made there, so files are copied."),
    later("None of the images on the map is left."),
    later("Make the map again."),
)
_SEARCHES = (
    later("“{0}” does not fit here."),
    later("Type {0}."),
    later("There is no field “{0}”."),
    later("Fields are {0}. Text with a colon goes in quotation marks."),
    later("“is:{0}” is not known."),
    later("It can be {0} or {1}."),
)
_REASONS = (
    later("is not an ordinary file"),
    later("is larger than {0} GB"),
    later("is larger than {0} megapixels"),
    later("is gone"),
    later("cannot be opened: permission denied"),
    later("cannot be listed: {0}"),
    later("cannot be looked at: {0}"),
    later("cannot be read: {0}"),
    later("is a link that leads nowhere"),
    later("is empty"),
    later("is not an image, although it is named {0}"),
    later("is not an image"),
    later("is damaged or cut off near its beginning"),
    later("is cut off: the end of the file is missing"),
    later("is damaged and cannot be decoded ({0})"),
    later("made its decoder crash"),
    later("needs more memory than there is"),
    later("is too large for an overlay or COCO"),
    later("needs the extra for {0}: pip install '{1}'"),
    later("has no pixels"),
    later("was not read: the window closes"),
    later("has {0} channel, not {1}"),
    later("has {0} channels, not {1}"),
    later("holds colours by a palette, or numbers that are no brightness"),
    later("is compressed in a way that cannot be read piece by piece"),
)
_DOINGS = (
    later("opening the project"),
    later("making the project"),
    later("reading the project"),
    later("saving to the project"),
    later("reading the images"),
    later("reading the assignments"),
    later("saving the assignments"),
    later("reading the classes"),
    later("saving the classes"),
    later("reading the clusters"),
    later("reading the finer clusters"),
    later("reading the network"),
    later("arranging the map"),
    later("reading the map"),
    later("saving the map"),
    later("keeping what the encoder sees"),
    later("working"),
    later("writing to {0}"),
    later("writing {0}"),
)
_PLACE = re.compile(r"\\\{\d\\\}")
_IN_PLACES = (*_DOINGS, *_REASONS)
_FILES = re.compile(r"([\d,]+) files?")
_WHOLE = (*_PROJECT, *_PICTURES, *_TRAINING, *PRESETS, *ENCODERS, *_GROUPS_AND_CLASSES, *PIXELS, *_RESULTS, *_SEARCHES, *_REASONS)


@functools.lru_cache(maxsize=4)
def _patterns(texts: tuple[str, ...]) -> tuple[tuple[str, re.Pattern[str]], ...]:
    """Those with the most words of their own first: what fits them may also fit one with fewer."""
    in_order = sorted(texts, key=lambda text: -len(_PLACE.sub("", re.escape(text))))
    return tuple((text, re.compile(_PLACE.sub("(.+?)", re.escape(text)), re.DOTALL)) for text in in_order)


def retold_mistake(words: str) -> str:
    """What the core says of a mistake, or of a file that cannot be read, in the language in force."""
    if code() == ENGLISH:
        return words
    said = _said(words, _WHOLE)
    return said if said != words else _of_file(words)


def is_known(words: str) -> bool:
    """Whether there are words for it in every language."""
    return any(pattern.fullmatch(words) for _, pattern in _patterns(_WHOLE))


def _said(words: str, texts: tuple[str, ...]) -> str:
    for text, pattern in _patterns(texts):
        if (match := pattern.fullmatch(words)) is not None:
            return tr(text, *map(_value, match.groups()))
    return words


def _of_file(words: str) -> str:
    """A sentence that is the name of a file and why it cannot be read."""
    if words.endswith("."):
        for place in re.finditer(" ", words):
            reason = words[place.end() : -1]
            if (said := _said(reason, _REASONS)) != reason:
                return f"{words[: place.start()]} {said}."
    return words


def _value(text: str) -> str:
    """A value inside a sentence: what was being done, why a file cannot be read and a number of files are said anew, a name stays."""
    count = _FILES.fullmatch(text)
    return count_files(int(count[1].replace(",", ""))) if count else _said(text, _IN_PLACES)
