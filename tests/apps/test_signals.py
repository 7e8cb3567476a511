"""A signal is never lost, whichever thread the system hands it to, and however late it comes."""

from tests.apps.programs import scripted

# The thread that waits does not notice by itself: another one is given the signal.
SCRIPT = """
import signal, threading, time
from erp_app.signals import StopSignals

with StopSignals() as stop:
    def signalled():
        time.sleep(0.2)
        signal.pthread_kill(threading.get_ident(), signal.SIGTERM)
        time.sleep(5)
    threading.Thread(target=signalled, daemon=True).start()
    begun = time.monotonic()
    stop.wait(20)
    print(stop.received, time.monotonic() - begun < 10)
assert signal.set_wakeup_fd(-1) == -1
"""


def test_a_signal_that_another_thread_is_given_wakes_whoever_waits() -> None:
    assert scripted(SCRIPT) == "True True"
