"""What a virtual printer does and answers when it is told or asked something. It prints nothing.

Source: Epson ESC/POS reference, ESC @, ESC p, GS a, GS r, GS I, GS ( D, GS ( H, DLE EOT, DLE ENQ, DLE DC4.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, Protocol

from comptoir.core.profile import Confirm
from comptoir.devices.virtual_model import Condition, Model, changed
from comptoir.languages.escpos.paper import Pulse
from comptoir.languages.escpos.tokens import Token

_CLEAR_BUFFERS: Final = b"\x10\x14\x08\x01\x03\x14\x01\x06\x02\x08"
_POWER_OFF: Final = b"\x10\x14\x02\x01\x08"
#: functions of DLE DC4 that GS ( D can switch off
_PULSE: Final = 0x01
_SWITCH_OFF: Final = 0x02
_TELL: Final = 0x07


class Machine(Protocol):
    """What the commands need of the printer."""

    model: Model

    @property
    def faults(self) -> frozenset[str]: ...

    @property
    def condition(self) -> Condition: ...

    def say(self, answer: bytes) -> None: ...

    def pulse(self, pulse: Pulse) -> None: ...

    def clear(self) -> None:
        """Forget what is not printed yet; what was asked in it is not answered."""
        ...

    def switch_off(self) -> None: ...


class Commands:
    """The settings of a printer that was just switched on."""

    def __init__(self, machine: Machine) -> None:
        self._machine = machine
        self._offline_response = False
        self._process_id = b""
        self._selected = True
        self._initialize()

    def _initialize(self, token: Token | None = None) -> None:
        """ESC @."""
        self._automatic = 0
        self._told = b""
        self._obeys = {_PULSE, _SWITCH_OFF}

    # -- when their turn comes ----------------------------------------------------------------------------------------

    def obey(self, token: Token) -> None:
        """What ESC = selects another device for is not the printer's."""
        if token.code == b"\x1b=":
            self._selected = bool(token.body[0] & 1)
        command = _IN_TURN.get(token.code)
        if command is not None and token.known and self._selected:
            command(self, token)

    def printed(self) -> None:
        """All before is on paper. Of several process ids only the last is told, as Epson says."""
        if self._process_id:
            self._machine.say(b'7"' + self._process_id + b"\0")
            self._process_id = b""

    def _drive(self, token: Token) -> None:
        """ESC p."""
        pin, on, off = token.body
        self._machine.pulse(Pulse(5 if pin & 1 else 2, on * 2, max(on, off) * 2))

    def _ask_in_turn(self, token: Token) -> None:
        """GS r."""
        if self._confirms("in-order"):
            self._machine.say(self._machine.condition.in_turn(token.body[0]))

    def _ask_name(self, token: Token) -> None:
        """GS I."""
        self._machine.say(self._machine.model.name(token.body[0]))

    def _watch(self, token: Token) -> None:
        """GS a."""
        if self._machine.model.automatic:
            self._automatic, self._told = token.body[0], b""
            self.tell()

    def _block(self, token: Token) -> None:
        """GS ( H and GS ( D."""
        kind, block = token.body[:1], token.body[3:]
        if kind == b"H" and block[:2] == b"00" and len(block) == 6:
            if self._confirms("process-id"):
                self._process_id = block[2:]
        elif kind == b"H" and block[:2] == b"10" and len(block) == 3:
            self._offline_response = block[2] % 0x30 != 0
        elif kind == b"D" and block[:1] == b"\x14":
            for function, on in zip(block[1::2], block[2::2], strict=False):
                (self._obeys.add if on & 1 else self._obeys.discard)(function)

    def _confirms(self, confirm: Confirm) -> bool:
        return confirm in self._machine.model.confirms and "unsure" not in self._machine.faults

    # -- by itself ----------------------------------------------------------------------------------------------------

    def tell(self) -> None:
        """The automatic status, where something changed that it was asked to tell."""
        now = self._machine.condition.automatic()
        if self._automatic and (not self._told or changed(self._automatic, self._told, now)):
            self._machine.say(now)
            self._told = now

    def stopped(self) -> None:
        """GS ( H fn 49: it has just gone offline. The list of causes is left empty."""
        if self._offline_response:
            self._machine.say(b"7#\0")

    # -- at once ------------------------------------------------------------------------------------------------------

    def obey_now(self, request: bytes) -> None:
        """DLE EOT, DLE ENQ 2, DLE DC4."""
        if request[1] == 0x04:
            if self._machine.model.status:
                self._machine.say(self._machine.condition.real_time(request[2]))
        elif request[1] == 0x14:
            self._control(request)
        elif request[2] == 2 and self._machine.condition.cutter:
            self._machine.clear()

    def _control(self, request: bytes) -> None:
        """DLE DC4."""
        function, machine = request[2], self._machine
        if function == _PULSE and function in self._obeys and not machine.condition.cutter:
            pin, tenths = request[3:5]
            if pin <= 1 and 1 <= tenths <= 8:
                machine.pulse(Pulse(5 if pin else 2, tenths * 100, tenths * 100))
        elif request == _POWER_OFF and function in self._obeys:
            machine.switch_off()
            machine.say(b";0\0")
        elif function == _TELL and request[3] == 1 and machine.model.automatic:
            machine.say(machine.condition.automatic())
        elif function == _TELL and request[3] == 4 and machine.condition.offline:
            machine.say(b"7#\0")
        elif request == _CLEAR_BUFFERS:
            machine.clear()
            machine.say(b"7%\0")


_IN_TURN: Final[dict[bytes, Callable[[Commands, Token], None]]] = {
    b"\x1b@": Commands._initialize,
    b"\x1bp": Commands._drive,
    b"\x1dr": Commands._ask_in_turn,
    b"\x1dI": Commands._ask_name,
    b"\x1da": Commands._watch,
    b"\x1d(": Commands._block,
}
