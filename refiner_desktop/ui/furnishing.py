"""The tabs that the first window does without: imported and made behind it, in short steps."""

from __future__ import annotations

import pkgutil
from collections.abc import Iterator
from importlib import import_module
from typing import TYPE_CHECKING

from refiner_desktop.services.workbench import Workbench

if TYPE_CHECKING:
    from refiner_desktop.ui.tabs.console_tab import ConsoleTab
    from refiner_desktop.ui.tabs.contacts_tab import ContactsTab
    from refiner_desktop.ui.tabs.users_tab import UsersTab
    from refiner_desktop.ui.tabs.webhooks_tab import WebhooksTab

PACKAGES = (
    "refiner_desktop.ui.models",
    "refiner_desktop.ui.widgets",
    "refiner_desktop.ui.widgets.text_view",
    "refiner_desktop.ui.widgets.grid",
    "refiner_desktop.ui.tabs.contacts",
    "refiner_desktop.ui.tabs.users",
    "refiner_desktop.ui.tabs.users.bulk",
    "refiner_desktop.ui.tabs.console",
    "refiner_desktop.ui.tabs.webhooks",
)
"""Whose modules define widgets. They are imported on the thread of the GUI, one after the other:
all of a tab at once would hold it up, and Qt's own classes bear no other thread."""


def imports() -> Iterator[None]:
    """Import a module a step."""
    for name in PACKAGES:
        package = import_module(name)
        for module in pkgutil.iter_modules(package.__path__, f"{name}."):
            if not module.ispkg:
                import_module(module.name)
                yield


def contacts_tab(workbench: Workbench) -> ContactsTab:
    """Make the tab *Contacts*."""
    from refiner_desktop.ui.tabs.contacts_tab import ContactsTab

    return ContactsTab(
        workbench.contacts,
        workbench.contact_actions,
        workbench.handover,
        workbench.contact_views,
        workbench.connection,
    )


def users_tab(workbench: Workbench) -> UsersTab:
    """Make the tab *Identify & Track*."""
    from refiner_desktop.ui.tabs.users.draft_page import UserForms
    from refiner_desktop.ui.tabs.users_tab import UsersTab

    return UsersTab(
        UserForms(workbench.tracking, workbench.sends, workbench.form_drafts),
        workbench.bulk,
        workbench.contacts,
        workbench.deliveries,
        workbench.arrivals,
        workbench.listener,
        workbench.connection,
    )


def console_tab(workbench: Workbench) -> ConsoleTab:
    """Make the tab *API Console*."""
    from refiner_desktop.ui.tabs.console_tab import ConsoleServices, ConsoleTab

    return ConsoleTab(ConsoleServices(workbench.console, workbench.requests, workbench.settings))


def webhooks_tab(workbench: Workbench) -> WebhooksTab:
    """Make the tab *Webhooks*."""
    from refiner_desktop.ui.tabs.webhooks.services import WebhookServices
    from refiner_desktop.ui.tabs.webhooks_tab import WebhooksTab

    return WebhooksTab(
        WebhookServices(
            workbench.deliveries,
            workbench.arrivals,
            workbench.listener,
            workbench.hooks,
            workbench.tunnels,
            workbench.dispatch,
            workbench.replays,
            workbench.forwards,
            workbench.samples,
            workbench.delivery_exports,
        )
    )
