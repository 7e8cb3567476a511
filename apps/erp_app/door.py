"""The door before the listening socket: shut while those who are inside are still being served."""

from __future__ import annotations

import ctypes
import socket
import struct
import sys
from contextlib import suppress
from typing import Final

_ATTACH_FILTER: Final = 26  # SO_ATTACH_FILTER of Linux, which Python's socket has no name for
_FLAGS_AT: Final = 13  # in a TCP header (RFC 9293, section 3.1)
_SYN, _ACK = 0x02, 0x10

# In the kernel's language for packet filters (bpf_insn: code, jump if true, if false, value): load
# the flags, keep these two, and drop the segment where there is SYN alone.
_TURN_AWAY: Final = (
    (0x30, 0, 0, _FLAGS_AT),
    (0x54, 0, 0, _SYN | _ACK),
    (0x15, 0, 1, _SYN),
    (0x06, 0, 0, 0),
    (0x06, 0, 0, 0xFFFFFFFF),
)


def shut(listener: socket.socket) -> None:
    """Let nobody begin to connect any more; whoever has begun still arrives.

    Else the kernel would take in somebody between our last look and the closing of the socket, and
    reset him. Turned away, he asks again after a second (RFC 6298) and is refused. Where there is
    no such filter, or it is forbidden, the door stays open: all goes on as without it.
    """
    if sys.platform != "linux":
        return
    words = b"".join(struct.pack("HBBI", *each) for each in _TURN_AWAY)
    program = ctypes.create_string_buffer(words)
    told = struct.pack("@HP", len(_TURN_AWAY), ctypes.addressof(program))
    with suppress(OSError):
        listener.setsockopt(socket.SOL_SOCKET, _ATTACH_FILTER, told)
