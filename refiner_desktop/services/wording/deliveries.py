"""The listener, its hooks, and what becomes of deliveries."""

from __future__ import annotations

from refiner_desktop.services.deliveries.dispatch import DeliveryGone
from refiner_desktop.services.deliveries.forwards import NotForwarded
from refiner_desktop.services.deliveries.hook_tokens import TokensNotKept, TokensRenewed
from refiner_desktop.services.deliveries.hooks import HookInvalid
from refiner_desktop.services.deliveries.listener_life import NotListening, TokenDemanded
from refiner_desktop.services.deliveries.receivers import WrongReceiver
from refiner_desktop.services.deliveries.replays import NoRequest
from refiner_desktop.services.deliveries.tunnels import TunnelNotStarted
from refiner_desktop.services.wording import Wording
from refiner_desktop.serving import PortForbidden, PortInUse
from refiner_desktop.webhooks.admission import WrongHost

DELIVERIES: Wording = {
    PortInUse: (
        "Another program listens on this port already.",
        "Choose another port, or 0 to let the system pick one.",
    ),
    PortForbidden: (
        "This system does not let you listen on that port.",
        "Choose a port above 1023.",
    ),
    TokensNotKept: (
        "The keyring did not return or keep the webhook tokens.",
        "The listener runs with new ones for this session: paste them into Refiner, or unlock the "
        "keyring and start the listener again.",
    ),
    TokensRenewed: (
        "The hooks have new tokens: nothing has kept the old ones.",
        "Paste the new tokens into Refiner (“Set up in Refiner”). Until then, its deliveries are "
        "kept as refused and answered 401.",
    ),
    NotListening: (
        "The listener is off.",
        "Press Start first.",
    ),
    TokenDemanded: (
        "A hook without a token would be open to others.",
        "Give it a token, or listen on 127.0.0.1.",
    ),
    HookInvalid: (
        "The hook can't be as it is.",
        "The details say which field is wrong.",
    ),
    WrongHost: (
        "This is not the name of a host.",
        "Write names like hooks.example.org, without https:// and port.",
    ),
    TunnelNotStarted: (
        "The tunnel program could not be started.",
        "The details say why; try it in a terminal.",
    ),
    DeliveryGone: (
        "This delivery was deleted meanwhile.",
        "Choose another one.",
    ),
    NoRequest: (
        "This was no request, so it can't be sent again.",
        "Its first bytes are under Payload.",
    ),
    NotForwarded: (
        "This delivery is passed on to nowhere.",
        "Give its hook an address to pass deliveries on to.",
    ),
    WrongReceiver: (
        "Deliveries can't be sent to this address.",
        "Write one like http://localhost:3000/webhooks; the details say what is wrong.",
    ),
}
