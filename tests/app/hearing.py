"""What someone who hears the window, or goes through it with Tab, meets."""

from itertools import pairwise

from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QAccessible
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractItemView, QApplication, QComboBox, QLabel, QWidget

MOST_STEPS = 120

_Role = QAccessible.Role
_CONTROLS = {
    _Role.Button, _Role.ButtonDropDown, _Role.ButtonMenu, _Role.CheckBox, _Role.ComboBox,
    _Role.Dialog, _Role.EditableText, _Role.Link, _Role.List, _Role.MenuBar, _Role.MenuItem,
    _Role.PageTab, _Role.ProgressBar, _Role.RadioButton, _Role.Slider, _Role.SpinBox, _Role.Table,
    _Role.Tree,
}  # fmt: skip
_CELLS = {_Role.List, _Role.Table, _Role.Tree}
"""Their rows are models' business; a million of them would be walked."""


def walk(interface):
    """Yield everything that is to be heard below an interface, and itself."""
    if interface is None or not interface.isValid() or interface.state().invisible:
        return
    yield interface
    if interface.role() not in _CELLS:
        for place in range(interface.childCount()):
            yield from walk(interface.child(place))


def nameless(widget):
    """Return every control inside a widget that has no name, and what takes the focus without."""
    return [
        _told(each.object())
        for each in walk(QAccessible.queryAccessibleInterface(widget))
        if not _name(each) and (_is_control(each) or takes_tab(each.object()))
    ]


def _name(interface):
    """Return what a control is called. The name of a list is what is chosen in it on Linux."""
    widget = interface.object()
    if not isinstance(widget, QComboBox):
        return interface.text(QAccessible.Text.Name)
    labels = (each for each in widget.window().findChildren(QLabel) if each.buddy() is widget)
    return next((each.text() for each in labels), widget.accessibleDescription())


def _is_control(interface):
    parent = interface.parent()
    part = parent is not None and parent.role() in (_Role.ScrollBar, _Role.Splitter)
    return interface.role() in _CONTROLS and not part


def takes_tab(widget):
    return (
        isinstance(widget, QWidget)
        and widget.isVisible()
        and widget.isEnabled()
        and bool(widget.focusPolicy() & Qt.FocusPolicy.TabFocus)
    )


def _told(item):
    around, step = [], item.parent() if item is not None else None
    while step is not None:
        around.append(type(step).__name__)
        step = step.parent()
    name = item.objectName() if item is not None else ""
    return f"{type(item).__name__} {name} in {' < '.join(around[:3])}"


def stop(widget):
    """Return by what a stop of the Tab key is known; an editor of a cell lives but a moment."""
    name = widget.objectName() or widget.accessibleName() or type(widget).__name__
    return name, _place(widget).topLeft().toTuple()


def round_trip(window):
    """Press Tab until the focus is where it began; return the stops with their places.

    Raises `AssertionError` where it never comes back.
    """
    first = QApplication.focusWidget()
    assert first is not None
    begin, stops = stop(first), [(stop(first), _place(first))]
    for _ in range(MOST_STEPS):
        QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Tab)
        now = QApplication.focusWidget()
        assert now is not None, f"{stops[-1]} loses the focus"
        if stop(now) == begin:
            return stops
        assert stop(now) != stops[-1][0], f"{stops[-1]} keeps the focus"
        stops.append((stop(now), _place(now)))
    raise AssertionError(f"Tab never comes back to {begin}: {[each for each, _ in stops[-8:]]}")


def against_the_eye(stops):
    """Return each step that goes up in its column, or to the left in its row."""
    steps = pairwise(stops)
    return [
        f"{before[0]} → {after[0]}"
        for before, after in steps
        if _goes_back(before[1], after[1]) and not before[1].contains(after[1])
    ]


def _goes_back(before, after):
    above = after.bottom() <= before.top()
    column = after.left() < before.right() and before.left() < after.right()
    left = after.right() <= before.left()
    row = abs(after.center().y() - before.center().y()) < min(after.height(), before.height()) / 2
    return (above and column) or (left and row)


def _place(widget):
    table = widget.parentWidget().parentWidget() if widget.parentWidget() else None
    if isinstance(table, QAbstractItemView):  # an editor of a cell
        widget = table
    return QRect(widget.mapTo(widget.window(), QPoint(0, 0)), widget.size())
