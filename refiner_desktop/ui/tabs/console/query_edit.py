"""The line in which a person asks an answer a question in JMESPath."""

from __future__ import annotations

from refiner_desktop.ui.styling import code_font
from refiner_desktop.ui.widgets.marked_edit import MarkedEdit


class QueryEdit(MarkedEdit):
    """In letters of one width, as expressions are read."""

    def __init__(self) -> None:
        super().__init__("JMESPath, such as items[].email or length(items)")
        self.setObjectName("console.filter")
        self.setAccessibleName("Filter the answer with JMESPath")
        self.setFont(code_font())
