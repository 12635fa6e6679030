"""What the help menu opens: about, and the doctor's findings as text to copy."""

import platform

import numpy as np
import torch
from PySide6.QtCore import Qt, qVersion
from PySide6.QtGui import QFontDatabase, QGuiApplication
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QPlainTextEdit, QWidget

from iic_studio import __version__
from iic_studio.doctor import collect
from iic_studio.gui.language import later, tr
from iic_studio.gui.side_thread import SideThread
from iic_studio.gui.start_page import Mark
from iic_studio.gui.widgets import Label, column, row

PRIVACY = later("No account, no telemetry, no network: your pictures and what is learned from them stay on this machine.")
_SOURCE = "Ji, Henriques, Vedaldi: Invariant Information Clustering for Unsupervised Image Classification and Segmentation. ICCV 2019."


def versions() -> str:
    """Program and libraries in one line."""
    parts = (("IIC Studio", __version__), ("Python", platform.python_version()), ("Qt", qVersion()), ("PyTorch", torch.__version__))
    return ", ".join(f"{name} {version}" for name, version in (*parts, ("NumPy", np.__version__)))


class AboutDialog(QDialog):
    """What the program is, and on what it stands."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("About IIC Studio"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        copy = buttons.addButton(tr("Copy versions"), QDialogButtonBox.ButtonRole.ActionRole)
        copy.clicked.connect(lambda: QGuiApplication.clipboard().setText(versions()))
        buttons.rejected.connect(self.reject)
        head = row(
            Mark(48), column(Label("IIC Studio", "title"), Label(tr("Version {0}, MIT licence", __version__), "muted"), spacing=0), None
        )
        words = (Label(tr(PRIVACY), wrap=True), Label(versions(), "muted", wrap=True), Label(_SOURCE, "muted", wrap=True))
        self.setLayout(column(head, *words, 8, buttons, margins=(24, 24, 24, 16), spacing=12))
        self.setMinimumWidth(480)


class DoctorDialog(QDialog):
    """What is installed and what is wrong; looked up in the window's thread for it, because it takes seconds. Closing does not wait."""

    def __init__(self, thread: SideThread, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("Is everything in order?"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.resize(680, 480)
        self.text = QPlainTextEdit(tr("Looking…"))
        self.text.setReadOnly(True)
        self.text.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        self.text.setAccessibleName(tr("Findings"))
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        self.copy = buttons.addButton(tr("Copy"), QDialogButtonBox.ButtonRole.ActionRole)
        self.copy.clicked.connect(lambda: QGuiApplication.clipboard().setText(self.text.toPlainText()))
        self.copy.setEnabled(False)
        buttons.rejected.connect(self.reject)
        self.setLayout(
            column(Label(tr("The same as `iic-studio doctor`."), "muted"), self.text, buttons, margins=(16, 16, 16, 16), spacing=12)
        )
        self.finished.connect(lambda: thread.drop("doctor"))
        thread.wish("doctor", findings, self._show)

    def _show(self, text: str) -> None:
        self.text.setPlainText(text)
        self.copy.setEnabled(True)


def findings() -> str:
    """The doctor's findings as text, the problems marked."""
    marks = {"ok": "ok     ", "warning": "warning", "problem": "PROBLEM"}
    lines = []
    for finding in collect():
        lines.append(f"{marks[finding.state]}  {finding.name}: {finding.value}")
        if finding.hint:
            lines.append(f"         {finding.hint}")
    return "\n".join(lines)
