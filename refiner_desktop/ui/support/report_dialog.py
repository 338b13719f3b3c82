"""A crash report, to be read, copied, and found on the disk."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from refiner_desktop.services.support.crash_reports import CrashReport
from refiner_desktop.ui.styling import label
from refiner_desktop.ui.support.support_dialog import SupportDialog
from refiner_desktop.ui.widgets.text_view.text_pane import text_pane

SENTENCE = (
    "Pass it on to whoever helps you. API keys, tokens and e-mail addresses are blanked in it; "
    "nothing is sent by itself."
)


class ReportDialog(SupportDialog):
    """Shows the report as it is on the disk."""

    def __init__(self, parent: QWidget, report: CrashReport) -> None:
        super().__init__(parent, "Crash report", SENTENCE, report.path.parent)
        pane = text_pane("support.report", "Crash report")
        pane.view.set_text(report.text)
        self.content.addWidget(pane, 1)
        self.content.addWidget(label(str(report.path), "muted", elide=True))
        self.set_whole(report.text)
