"""What the list of saved requests says when it shows none."""

from refiner_desktop.services.requests.draft import RequestDraft
from refiner_desktop.services.requests.saved_tree import SavedFolder, SavedRequest
from refiner_desktop.ui.tabs.console.saved_panel import NONE_FOUND, NONE_YET, READING, SavedPanel


def test_it_says_why_it_is_empty_whatever_is_searched_for(qtbot):
    panel = SavedPanel()
    qtbot.addWidget(panel)
    said, again = panel._empty, panel._again
    assert said.text() == READING
    panel._search.setText("zzz")
    assert said.text() == READING
    panel.show_tree(SavedFolder("", ""), "requests")
    assert said.text() == NONE_YET
    request = SavedRequest("a.toml", "a", RequestDraft(path="a"))
    panel.show_tree(SavedFolder("", "", requests=(request,)), "requests")
    assert said.text() == NONE_FOUND
    assert again.isHidden()
    panel.say_failed("The folder may not be opened.")
    assert said.text() == "The folder may not be opened."
    panel._search.setText("")
    assert said.text() == "The folder may not be opened."
    assert not again.isHidden()
    with qtbot.waitSignal(panel.read_wanted):
        again.click()
    panel.show_tree(SavedFolder("", "", requests=(request,)), "requests")
    assert said.isHidden()
    assert again.isHidden()
