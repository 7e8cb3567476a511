"""A door that is shut: who is inside is served, who comes is refused and never reset."""

import socket
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest

from erp_app.door import shut

linux = pytest.mark.skipif(sys.platform != "linux", reason="the filter is Linux's")


@linux
def test_who_has_connected_is_served_and_who_comes_is_refused() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener, ThreadPoolExecutor(1) as late:
        address = listener.getsockname()
        with socket.create_connection(address, timeout=5) as client:
            shut(listener)
            comes = late.submit(socket.create_connection, address, 10)
            with listener.accept()[0] as line:
                client.sendall(b"tea?")
                assert line.recv(4) == b"tea?"
                line.sendall(b"tea.")
                assert client.recv(4) == b"tea."
            assert not comes.done()
            listener.close()
            with pytest.raises(ConnectionRefusedError):
                comes.result(20)


def test_a_socket_that_takes_no_filter_is_left_as_it_is() -> None:
    line = socket.socket()
    line.close()
    shut(line)
