"""The kinds of things that change in a session: it announces them, and each page decides whether that concerns it."""

import enum


class Change(enum.Flag):
    """Kinds of things that change. `LABELS` is what people say of classes, `CLASSES` what is made of it."""

    PROJECT = enum.auto()
    IMAGES = enum.auto()
    CLUSTERS = enum.auto()
    NAMES = enum.auto()
    SHOWN = enum.auto()
    SELECTION = enum.auto()
    CURVES = enum.auto()
    JOINTS = enum.auto()
    JOB = enum.auto()
    FILTER = enum.auto()
    LABELS = enum.auto()
    CLASSES = enum.auto()
