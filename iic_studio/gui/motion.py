"""Whether things may glide: not for people who asked their system for less motion."""

from PySide6.QtWidgets import QApplication, QStyle


def wants_motion() -> bool:
    """False when the system asks for reduced motion, as far as Qt tells: by its accessibility hints, or by the style's animation time."""
    hints = getattr(QApplication.styleHints(), "accessibility", None)
    preference = getattr(hints(), "motionPreference", None) if hints is not None else None
    if preference is not None and "Reduced" in str(preference()):
        return False
    return bool(QApplication.style().styleHint(QStyle.StyleHint.SH_Widget_Animation_Duration))
