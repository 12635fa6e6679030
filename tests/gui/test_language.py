"""The window in German: a complete catalogue, nothing left in English that has a German word, and the core's sentences said again."""

import ast
import gc
import re
import tomllib
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QCoreApplication, QObject
from PySide6.QtGui import QAction
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QComboBox,
    QGraphicsScene,
    QGroupBox,
    QLabel,
    QLineEdit,
    QMenu,
    QTabBar,
    QTableView,
    QTextEdit,
    QWidget,
)
from pytestqt.qtbot import QtBot

from iic_studio.config import load_preset, preset_names
from iic_studio.curation import curate, edits, label_edits, told
from iic_studio.curation.labels import NOT_SURE, SKIPPED, ClassFacts, ImageClass, Labels
from iic_studio.curation.state import Curation
from iic_studio.events import DiagnosisChanged
from iic_studio.gui import retold as retold_module
from iic_studio.gui.helptexts import preset_text
from iic_studio.gui.language import LANGUAGES, amount, count_images, tr, use_language, wanted
from iic_studio.gui.main_window import MainWindow
from iic_studio.gui.method_words import method_name
from iic_studio.gui.proposal_dialog import ProposalDialog
from iic_studio.gui.retold import retold
from iic_studio.gui.runner import State
from iic_studio.gui.session import Shown
from iic_studio.gui.workspace import TABS
from iic_studio.paths import shipped
from iic_studio.training import diagnosis
from iic_studio.words import METHODS, STAGES
from tests.curation.conftest import said
from tests.gui.windows import close_and_wait, open_window

gc.collect()
gc.freeze()

GUI = Path(__file__).parents[2] / "iic_studio" / "gui"
PLACE = re.compile(r"\{[^}]*\}|%n")


def catalogue() -> dict[str, str]:
    """English text -> German."""
    tree = ET.parse(shipped("resources", "translations", "iic_studio_de.ts"))
    return {one.findtext("source", ""): one.findtext("translation", "") for one in tree.iter("message")}


def marked_texts() -> set[str]:
    """Every text of the code that is given to `tr` or `later` as it stands."""
    found = set()
    for path in (*GUI.glob("*.py"), GUI.parent / "words.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in ("tr", "later") and node.args:
                first = node.args[0]
                if isinstance(first, ast.Constant):
                    found.add(str(first.value))
    return found


@pytest.fixture
def german(qapp: QApplication) -> Iterator[None]:
    use_language("de")
    yield
    use_language("en")


def test_every_text_of_the_code_has_a_german_one() -> None:
    german = catalogue()
    assert marked_texts() - set(german) == set(), "run pyside6-lupdate, see the README"
    assert set(german) - marked_texts() == set()
    assert [text for text, translated in german.items() if not translated.strip()] == []


def test_no_value_is_taken_for_a_comment() -> None:
    """For lupdate a string after the text tells texts apart; so no value may begin with one."""
    tree = ET.parse(shipped("resources", "translations", "iic_studio_de.ts"))
    assert [one.findtext("source") for one in tree.iter("message") if one.findtext("comment")] == []


def test_places_for_values_are_the_same() -> None:
    wrong = {
        text: translated for text, translated in catalogue().items() if sorted(PLACE.findall(text)) != sorted(PLACE.findall(translated))
    }
    assert wrong == {}


def test_spaces_at_the_ends_and_lines_are_kept() -> None:
    def shape(text: str) -> tuple[bool, bool, int]:
        return text[:1] == " ", text[-1:] == " ", text.count("\n")

    assert {text for text, translated in catalogue().items() if shape(text) != shape(translated)} == set()


def test_the_compiled_catalogue_is_the_one_that_can_be_read(german: None) -> None:
    """Made by lrelease from the other; forgotten, it would say old words."""
    assert {text for text, translated in catalogue().items() if QCoreApplication.translate("", text) != translated} == set()


def test_longer_texts_are_there_in_german_too() -> None:
    for path in shipped("resources", "help").glob("*.toml"):
        german = path.parent / "de" / path.name
        assert tomllib.loads(german.read_text(encoding="utf-8")).keys() == tomllib.loads(path.read_text(encoding="utf-8")).keys()


def test_the_presets_say_in_german_what_they_are_for(german: None) -> None:
    names = [path.stem for path in shipped("models", "presets").glob("*.toml")]
    assert len(names) > 5
    for name in names:
        preset = load_preset(name, "pixels" if name in preset_names("pixels") else "images")
        assert preset_text(preset) != preset.description, name
    of_a_person = replace(load_preset("photographs"), name="mine", description="Für Pilze")
    assert preset_text(of_a_person) == "Für Pilze"


def test_numbers_are_written_as_the_language_does(german: None) -> None:
    assert amount(1_797) == "1.797"
    assert amount(0.25, ".2f") == "0,25"
    assert tr("step {0:,}, {1:.1f} min", 12_000, 3.5) == "Schritt 12.000, 3,5 min"
    assert (count_images(1), count_images(2_000)) == ("1 Bild", "2.000 Bilder")
    assert tr("Like {0}", "a, b.png") == "Ähnlich wie a, b.png"
    use_language("en")
    assert (amount(1_797), count_images(1)) == ("1,797", "1 picture")


def test_the_language_is_that_of_the_system_or_the_chosen_one(monkeypatch: pytest.MonkeyPatch) -> None:
    class Spoken:
        @staticmethod
        def system() -> "Spoken":
            return Spoken()

        def uiLanguages(self) -> list[str]:
            return ["fr-FR", "fr", "de-AT", "de", "en"]

    monkeypatch.setattr("iic_studio.gui.language.QLocale", Spoken)
    assert (wanted("system"), wanted("en"), wanted("de"), wanted("nonsense")) == ("de", "en", "de", "de")


def test_the_sentences_of_corrections_are_said_in_german(german: None) -> None:
    curated = curate(said(np.arange(1, 41), 4), Curation(1, "run"), "run")
    images = np.array([1, 2, 3])
    inside = curated.images_in(0)
    done = [
        *(edits.rename(curated, 0, "Rosen"), edits.recolour(curated, 0, "#aa0000"), edits.annotate(curated, 0, "x")),
        *(edits.merge(curated, [0, 1]), edits.merge(curated, [0, 1, 2, 3]), edits.split(curated, 0, inside, np.arange(len(inside)) % 2)),
        *(edits.move(curated, images, 1), edits.accept(curated, images, 1), edits.release(curated, images)),
        *(edits.exclude(curated, images), edits.restore(curated, images[:1])),
        *(edits.mark_unsure(curated, images), edits.mark_unsure(curated, images, unsure=False)),
    ]
    assert retold(done[6].sentence) == "3 Bilder nach Cluster 1 verschieben"
    assert retold(told(done[10].sentence)) == "1 Bild wieder aufgenommen"
    for edit in done:
        assert retold(edit.sentence) != edit.sentence
        assert retold(told(edit.sentence)) != told(edit.sentence)
    assert retold("Something the core has never said") == "Something the core has never said"


def test_the_sentences_of_labels_are_said_in_german(german: None) -> None:
    empty = curate(said(np.arange(1, 41), 4), Curation(1, "run"), "run")
    roses = ClassFacts({0: ImageClass(0, "Rosen", "r")}, Labels(np.array([1, 2]), np.array([0, 0]), np.zeros(2, np.int64), np.ones(2)))
    curated = curate(said(np.arange(1, 41), 4), replace(Curation(1, "run"), known=roses), "run")
    images = np.array([1, 2, 3])
    done = [
        *(label_edits.define_classes(empty, ["Rosen", "Tulpen"]), label_edits.define_classes(empty, ["a", "b", "c", "d"])),
        *(label_edits.define_classes(empty, [], fixed=True), label_edits.define_classes(empty, [], fixed=False)),
        *(label_edits.change_class(curated, 0, name="Nelken"), label_edits.change_class(curated, 0, key="x")),
        *(label_edits.change_class(curated, 0, colour="#aa0000"), label_edits.drop_class(curated, 0)),
        *(label_edits.label(curated, images, 0), label_edits.label(curated, images, NOT_SURE), label_edits.label(curated, images, SKIPPED)),
        *(label_edits.unlabel(curated, images), label_edits.read_labels(curated, images, ["Rosen"] * 3)),
        *(label_edits.read_truth(curated, images, ["Rosen"] * 3), label_edits.drop_truth(curated)),
        *(label_edits.correct_map(curated, 0, 0), label_edits.correct_map(curated, 0, None)),
        *(label_edits.correct_overcluster(curated, 7, 0), label_edits.correct_overcluster(curated, 7, None)),
        label_edits.choose_map(curated, "auto"),
    ]
    assert retold(done[8].sentence) == "3 Bilder als Rosen beschriften"
    assert retold(told(done[7].sentence)) == "Rosen und 2 Beschriftungen verworfen"
    for edit in done:
        assert retold(edit.sentence) != edit.sentence
        assert retold(told(edit.sentence)) != told(edit.sentence)


def test_the_diagnoses_are_those_of_the_core(german: None) -> None:
    """Each text of the list stands in the code of the diagnosis, with its values."""
    code = "".join(Path(diagnosis.__file__).read_text(encoding="utf-8").split('"\n        f"'))
    fixed = [PLACE.split(text) for text in retold_module._DIAGNOSES]
    for parts in fixed:
        assert all(part.strip("% ") in code for part in parts), parts
    assert retold(diagnosis.COLLAPSED.message).startswith("Zusammengefallen")
    learning = DiagnosisChanged(
        message="Learning: the two views of a picture share 12% of what 10 clusters could tell, 8 clusters are in use.", state="learning"
    )
    assert "12 % dessen, was 10 Cluster" in retold(learning.message)


def test_what_a_job_does_is_said_in_german(german: None) -> None:
    assert tr(STAGES["index"]) == "Bilder werden gelesen"
    assert set(STAGES.values()) <= marked_texts()


def test_methods_are_called_in_german(german: None) -> None:
    assert method_name("deepcluster-classic") == "DeepCluster, wie 2018 vorgestellt"
    assert method_name("auto") != "Choose for me"
    assert method_name("of-another-version") == "of-another-version"
    said = {one for words in METHODS.values() for one in (words.title, words.does)} - {"IIC", "DeepCluster"}
    assert said <= marked_texts()


def test_another_run_is_accepted_in_german(german: None) -> None:
    assert retold("Accept the run 2026-01-02 10:00") == "Lauf 2026-01-02 10:00 annehmen"
    assert retold(told("Accept the run Best for 2 of 4 clusters")) == "Lauf Best für 2 von 4 Clustern angenommen"


# The window -----------------------------------------------------------------------------------------------------------------------------


def make_window(qtbot: QtBot, project: Path, place: Path) -> MainWindow:
    made = open_window(qtbot, place)
    made.open(project)
    qtbot.waitUntil(lambda: made.runner.state is State.IDLE and not made.session.is_reading, timeout=30_000)
    return made


def texts_of(widget: QWidget) -> set[str]:
    """All that a person can read on a widget and what belongs to it, as text or as a hint."""
    found: set[str] = set()
    foreign = _of_the_charts(widget)
    for one in (widget, *widget.findChildren(QWidget)):
        if one in foreign:
            continue
        found |= {one.toolTip(), one.accessibleName(), one.windowTitle()}
        if isinstance(one, QLabel | QAbstractButton):
            found.add(one.text())
        elif isinstance(one, QLineEdit):
            found.add(one.placeholderText())
        elif isinstance(one, QComboBox):
            found |= {one.itemText(place) for place in range(one.count())}
        elif isinstance(one, QTabBar):
            found |= {one.tabText(place) for place in range(one.count())} | {one.tabToolTip(place) for place in range(one.count())}
        elif isinstance(one, QMenu | QGroupBox):
            found.add(one.title())
        elif isinstance(one, QTableView) and one.model() is not None:
            model = one.model()
            found |= {str(model.headerData(place, one.horizontalHeader().orientation())) for place in range(model.columnCount())}
        elif isinstance(one, QTextEdit):
            found.add(one.toPlainText())
    for action in widget.findChildren(QAction):
        if action.parent() not in foreign:
            found |= {action.text(), action.toolTip()}
    plain = {re.sub(r"<[^>]*>", "", text) for text in found}
    return {text.strip() for text in plain if re.search(r"[A-Za-z]{3}", text)}


def _of_the_charts(widget: QWidget) -> set[QObject]:
    """Menus that pyqtgraph makes and that nobody can open here, with what is in them."""
    menus = [one for one in widget.findChildren(QMenu) if type(one).__module__.startswith("pyqtgraph") or one.title() == "Plot Options"]
    scenes = widget.findChildren(QGraphicsScene)
    return {*scenes, *(one for menu in menus for one in (menu, *menu.findChildren(QObject)))}


def everything(qtbot: QtBot, window: MainWindow) -> set[str]:
    """The texts of all pages, menus and dialogs that can be opened now."""
    found: set[str] = set()
    session, workspace = window.session, window.workspace
    for place in range(len(TABS)):
        workspace.show_tab(place)
        qtbot.wait(50)
    for shown in (Shown("problems"), Shown("uncertain"), Shown("excluded"), Shown("beside", 0, 1), Shown("cluster", 0)):
        session.show(shown)
        found |= texts_of(window)
    session.select(session.shown_rows[:2], int(session.shown_rows[0]))
    for name in ("settings", "export", "split", "check", "move", "note", "shortcuts", "palette", "about", "view"):
        window.actions_[name].trigger()
        qtbot.wait(20)
        for top in (one for one in window.findChildren(QWidget) if one.isWindow() and one.isVisible()):
            found |= texts_of(top)
            top.close()
        if window.commands._viewer is not None:
            window.commands.viewer.leave()
    return found | texts_of(window)


# What is the same in both languages: names, signs, and words of the core that stay English.
SAME = re.compile(
    r"IIC|Python|PyTorch|NumPy|CSV|JSON|ONNX|COCO|Hugging|UMAP|PCA|GPU|CPU|Cluster \d|Cluster$|img\d|copy\d|day \d|pictures|template"
    r"|Canon|NIKON|Paper \w+$|steps|clusters|seed|finished|Ji, Hen|\.png|\.jpg|^[\w-]+$|predict\.py|Ctrl\+|Alt\+|Shift\+"
    r"|could not be read|Coco stuff \d+$|Potsdam \d$"
)


def test_nothing_stays_english_that_has_a_german_word(qtbot: QtBot, finished_project: Path, tmp_path: Path) -> None:
    window = make_window(qtbot, finished_project, tmp_path / "english.ini")
    english = everything(qtbot, window)
    close_and_wait(qtbot, window)
    words = catalogue()
    try:
        use_language("de")
        window = make_window(qtbot, finished_project, tmp_path / "german.ini")
        german = everything(qtbot, window)
        assert window.actions_["train"].text() == "Trainieren"
        close_and_wait(qtbot, window)
    finally:
        use_language("en")
    assert len(english) > 300
    left = {text for text in german if text in words and words[text] != text}
    assert sorted(left - set(words.values())) == []
    assert sorted(text for text in english & german if words.get(text) != text and not SAME.search(text)) == []


def test_the_columns_of_a_review_are_explained_in_german(qtbot: QtBot, german: None, finished_project: Path, tmp_path: Path) -> None:
    window = make_window(qtbot, finished_project, tmp_path / "window.ini")
    assert window.session.project is not None
    window.editing.review_run(window.session.project.runs()[0].id)
    review = window.findChild(ProposalDialog)
    assert review is not None
    assert review.tree.headerItem().toolTip(1) == "Bilder darin jetzt"
    review.reject()


def test_the_choice_is_kept_and_said(qtbot: QtBot, studio: MainWindow) -> None:
    studio.actions_["language"].trigger()
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    assert [line.text() for line in menu.actions()] == ["As the system", *LANGUAGES.values()]
    assert [line.isChecked() for line in menu.actions()] == [True, False, False]
    menu.actions()[2].trigger()
    menu.close()
    assert studio.preferences.text("language") == "de"
    assert studio.notice.text.text() == "From the next start on the window speaks Deutsch."
