"""Marks texts at the top of a module for `pyside6-lupdate`; whoever shows them gives them to `language.tr`. No Qt."""


def later(text: str) -> str:
    """The text itself; marked as one to be translated."""
    return text
