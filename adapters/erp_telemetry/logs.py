"""JSON lines: one record, one line, with the same names everywhere, and nothing secret in it."""

from __future__ import annotations

import logging
from datetime import UTC, datetime
from typing import Any, Final, TextIO

from pythonjsonlogger.json import JsonEncoder, JsonFormatter

from erp_telemetry.masking import masked, masked_value

_FIRST: Final = ("level", "event", "message", "logger", "request_id", "trace_id")  # after the time
# What every LogRecord has: the rest is what *extra* added.
_RESERVED: Final = frozenset(
    {*vars(logging.makeLogRecord({})), "message", "asctime", "exc_text", "stack_info", "time"}
)


class LineFormatter(JsonFormatter):
    """Writes a record as one line of JSON; ``extra={"event": ...}`` names it for programs."""

    def __init__(self) -> None:
        super().__init__(reserved_attrs=[*_RESERVED])
        self._encoder = JsonEncoder(ensure_ascii=False)

    def format(self, record: logging.LogRecord) -> str:
        """Write the line of *record*."""
        if record.exc_info or record.exc_text or record.stack_info or type(record.msg) is not str:
            return super().format(record)
        # The library would look at each record in general; nearly all of them are of this kind.
        found = {name: value for name, value in vars(record).items() if name not in _RESERVED}
        log_data: dict[str, Any] = {}
        self._fill(log_data, record, found)
        return self.jsonify_log_record(_filled(log_data))

    def add_fields(
        self,
        log_data: dict[str, Any],
        record: logging.LogRecord,
        message_dict: dict[str, Any],
    ) -> None:
        """Fill *log_data* from the record: our own names first, and then what *extra* held."""
        found: dict[str, Any] = {}
        super().add_fields(found, record, message_dict)
        self._fill(log_data, record, found)

    def _fill(
        self, log_data: dict[str, Any], record: logging.LogRecord, found: dict[str, Any]
    ) -> None:
        found["level"] = record.levelname.lower()
        found["event"] = found.get("event") or "log"
        found["message"] = record.getMessage()
        found["logger"] = record.name
        moment = datetime.fromtimestamp(record.created, UTC).replace(tzinfo=None)
        log_data["time"] = f"{moment.isoformat(timespec='milliseconds')}Z"
        for name in _FIRST:
            if name in found:
                log_data[name] = masked_value(name, found.pop(name))
        for name in sorted(found):
            log_data[name] = masked_value(name, found[name])

    def process_log_record(self, log_data: dict[str, Any]) -> dict[str, Any]:
        """Give tracebacks one name, mask them too, and leave out what is empty."""
        trace = log_data.pop("exc_info", None)
        if trace:
            log_data["exception"] = masked(str(trace))
        return _filled(log_data)

    def jsonify_log_record(self, log_data: dict[str, Any]) -> str:
        """Write the line; half a surrogate pair becomes a question mark."""
        return self._encoder.encode(log_data).encode(errors="replace").decode()


def _filled(log_data: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in log_data.items() if value not in ("", None)}


def configure(level: str | int, stream: TextIO) -> None:
    """Send the records of the whole process to *stream*, as JSON lines, and nowhere else.

    Raises:
        ValueError: there is no such level.
    """
    handler = logging.StreamHandler(stream)
    handler.setFormatter(LineFormatter())
    root = logging.getLogger()
    root.setLevel(level.upper() if isinstance(level, str) else level)
    for old in list(root.handlers):
        root.removeHandler(old)
        old.close()
    root.addHandler(handler)
    logging.captureWarnings(capture=True)
    # No line tells of them, and to find them out for each costs as much as a part of the line.
    logging.logThreads = logging.logProcesses = logging.logMultiprocessing = False
