"""How right the classes of pixels are, in words. No widgets."""

import numpy as np

from iic_studio.curation.pixel_classes import PixelClassified
from iic_studio.gui.class_tables import part
from iic_studio.gui.language import tr


def count_pixels(count: int) -> str:
    """ "1 labelled pixel", "12 labelled pixels"."""
    return tr("1 labelled pixel") if count == 1 else tr("{0:,} labelled pixels", count)


def pixel_accuracy_words(made: PixelClassified | None, *, is_trained: bool = True, num_labels: int = 0) -> str:
    """How right the classes are, with the interval and the labels behind it.

    Args:
        is_trained: whether there are clusters to be mapped.
        num_labels: that there are, used or not.
    """
    if not is_trained and num_labels:
        return tr("Labels are kept. When something was trained, they turn clusters into classes.")
    if made is None or not len(made.labels):
        return tr("No labels yet: choose a class by its key and click into the picture.")
    if made.num_images < 2:
        return tr("How right the classes are is not known yet: all labels are in one picture. Label pixels of others.")
    share, count = made.estimate.accuracy, len(made.labels)
    words = tr("{0:,} of {1} get their class from labels in other pictures.", made.num_right, count_pixels(count))
    if np.isnan(share.value):
        return (
            words + " " + tr("How right all pixels are is not known yet: pixels that you pick are no fair sample. Press N for drawn ones.")
        )
    return (
        words
        + " "
        + tr(
            "About {0} of all pixels get the right class; between {1} and {2} with 95 % certainty, by cross-validation on {3}.",
            part(share.value),
            part(share.low),
            part(share.high),
            count_pixels(share.num_labels),
        )
    )


def pixel_assumed_words(made: PixelClassified | None) -> str:
    """What the estimate takes for granted, and which labels it could not use; empty for nothing."""
    if made is None:
        return ""
    words = []
    if made.is_assumed:
        words.append(tr("This takes the labels read from files for a random sample of the pixels."))
    if made.lost:
        words.append(tr("Labels that could not be used, because their picture is gone or smaller now: {0:,}.", made.lost))
    return " ".join(words)
