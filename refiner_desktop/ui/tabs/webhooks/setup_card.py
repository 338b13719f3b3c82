"""What to fill in where a webhook is made in Refiner, ready to be pasted."""

from __future__ import annotations

from PySide6.QtWidgets import QFormLayout, QFrame, QVBoxLayout

from refiner_desktop.ui.styling import caption, label
from refiner_desktop.ui.tabs.webhooks.copy_field import CopyField
from refiner_desktop.ui.tabs.webhooks.delivery_words import sent_as, triggers
from refiner_desktop.ui.tabs.webhooks.hook_panel import HookView
from refiner_desktop.ui.theme import SPACE

WHERE = "In Refiner: Integrations > Webhooks > Create Webhook. These are its four fields:"
SEVERAL = "A webhook of Refiner's has one trigger: make one for each, all with this URL and token."
UNREACHABLE = (
    "This URL exists on your computer only, Refiner cannot reach it. With a tunnel, or with your "
    "public address above, the right one stands here."
)
NO_TOKEN = "This hook has no token: leave the field in Refiner empty, or give the hook one."
NEW_TOKEN = (
    "The token is kept for this session only: after a restart there is another, which Refiner has "
    "to be given."
)
NO_HOOK = "Add a hook first: it is what Refiner delivers to."


class SetupCard(QFrame):
    """Name, trigger event, destination URL and secret auth token of one hook.

    API reference, section 7.1.
    """

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("role", "card")
        self._title = label("Setting it up in Refiner", "heading", elide=True)
        self._name = CopyField("webhooks.setup.name", "Name")
        self._trigger = CopyField("webhooks.setup.trigger", "Trigger event")
        self._url = CopyField("webhooks.setup.url", "Destination URL")
        self._token = CopyField("webhooks.setup.token", "Secret auth token", secret=True)
        self._fields = (self._name, self._trigger, self._url, self._token)
        self._sent_as = label(role="muted", elide=True)
        self._hint = label(role="warning", wrap=True)
        self._hint.setObjectName("webhooks.setup.hint")
        form = QFormLayout()
        form.setHorizontalSpacing(SPACE * 2)
        form.setVerticalSpacing(SPACE)
        for field in self._fields:
            form.addRow(caption(field.edit.accessibleName(), field), field)
        form.addRow("", self._sent_as)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(SPACE * 2, SPACE * 2, SPACE * 2, SPACE * 2)
        layout.setSpacing(SPACE)
        layout.addWidget(self._title)
        layout.addWidget(label(WHERE, "muted", wrap=True))
        layout.addLayout(form)
        layout.addWidget(self._hint)

    def show_hook(self, view: HookView | None) -> None:
        """Show what belongs to a hook."""
        if view is None:
            self._hint.setText(NO_HOOK)
            self._hint.show()
            self._sent_as.hide()
            for field in self._fields:
                field.set_text("")
            return
        hook = view.hook
        self._title.setText(f"Setting up “{hook.name}” in Refiner")
        self._name.set_text(hook.name)
        self._trigger.set_text(triggers(hook))
        self._url.set_text(view.public_url or view.url)
        self._token.set_text(hook.token.reveal())
        self._sent_as.setText(f"{sent_as(hook)}. Refiner does so by itself; other senders have to.")
        self._sent_as.setVisible(bool(hook.token))
        hints = (
            "" if view.public_url else UNREACHABLE,
            SEVERAL if "," in triggers(hook) else "",
            "" if hook.token else NO_TOKEN,
            NEW_TOKEN if hook.token and not view.lasting else "",
        )
        self._hint.setText("\n".join(filter(None, hints)))
        self._hint.setVisible(any(hints))

    def focus(self) -> None:
        """Bring the keyboard to the first field."""
        self._name.setFocus()
