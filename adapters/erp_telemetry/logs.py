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

    def add_fields(
        self,
        log_data: dict[str, Any],
        record: logging.LogRecord,
        message_dict: dict[str, Any],
    ) -> None:
        """Fill *log_data* from the record: our own names first, and then what *extra* held."""
        found: dict[str, Any] = {}
        super().add_fields(found, record, message_dict)
        found |= {
            "level": record.levelname.lower(),
            "event": found.get("event") or "log",
            "message": record.getMessage(),
            "logger": record.name,
        }
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
        return {name: value for name, value in log_data.items() if value not in ("", None)}

    def jsonify_log_record(self, log_data: dict[str, Any]) -> str:
        """Write the line; half a surrogate pair becomes a question mark."""
        return self._encoder.encode(log_data).encode(errors="replace").decode()


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
