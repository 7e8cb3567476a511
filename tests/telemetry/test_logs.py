"""Logs: one line per record, the same names everywhere, and nothing secret."""

import io
import json
import logging
from collections.abc import Iterator

import pytest

from erp_telemetry import configure
from erp_telemetry.logs import LineFormatter
from erp_telemetry.masking import masked, masked_value


@pytest.fixture
def stream() -> Iterator[io.StringIO]:
    """Configure logging for one test, and put back what was there."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    root.handlers = []
    written = io.StringIO()
    configure("info", written)
    yield written
    logging.captureWarnings(capture=False)
    root.handlers, root.level = handlers, level
    logging.getLogger().setLevel(level)


def lines(stream: io.StringIO) -> list[dict]:
    return [json.loads(line) for line in stream.getvalue().splitlines()]


def test_a_record_is_one_line_with_the_names_of_the_house(stream: io.StringIO) -> None:
    said = {"event": "http.request", "request_id": "r-1", "status": 200, "duration_ms": 1.5}
    logging.getLogger("erp.http").info("GET %s\n%d", "/v1/é", 200, extra=said)
    (line,) = lines(stream)

    assert line.pop("time").endswith("Z")
    assert line == said | {"level": "info", "message": "GET /v1/é\n200", "logger": "erp.http"}
    assert list(json.loads(stream.getvalue()))[:3] == ["time", "level", "event"]


def test_what_is_below_the_level_is_not_written(stream: io.StringIO) -> None:
    logging.getLogger("erp").debug("unheard")
    assert stream.getvalue() == ""


def test_a_traceback_is_in_the_same_line(stream: io.StringIO) -> None:
    try:
        int("password=hunter2")
    except ValueError:
        logging.getLogger("erp").exception("oh")
    (line,) = lines(stream)

    assert (line["level"], line["event"]) == ("error", "log")
    assert "password=***" in line["exception"]


def test_half_a_character_is_no_reason_to_lose_a_line() -> None:
    record = logging.makeLogRecord({"msg": "\ud800", "levelname": "INFO"})
    assert json.loads(LineFormatter().format(record))["message"] == "?"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Authorization: Bearer abc.def-1", "Authorization: *** ***"),
        ("got Bearer abc", "got Bearer ***"),
        ("eyJhbGciOi.eyJzdWIi.c2ln", "***"),
        ("postgresql://erp:s3cret@db/erp", "postgresql://erp:***@db/erp"),
        ('{"password": "a b", "x": 1}', '{"password": ***, "x": 1}'),
        ("refresh_token=abc&x=1", "refresh_token=***&x=1"),
        ("ana.souza@example.com", "a***@example.com"),
        ("CPF 111.444.777-35 e 11144477735", "CPF *** e ***"),
        ("CNPJ 11.222.333/0001-81, 11222333000181", "CNPJ ***, ***"),
        ("CNPJ 12.ABC.345/01DE-35", "CNPJ ***"),
        ("IBAN DE89 3704 0044 0532 0130 00.", "IBAN ***."),
        ("IBAN DE89370400440532013000", "IBAN ***"),
        ("card 4111 1111 1111 1111", "card ***"),
        ("card 4111111111111112", "card 4111111111111112"),
        ("order AB12 3456 7890 1234", "order AB12 3456 7890 1234"),
        ("0191f3a0-1111-7111-8111-111444777351", "0191f3a0-1111-7111-8111-111444777351"),
        ("id 0191f3a0-1111-7111-8111-111444777351", "id 0191f3a0-1111-7111-8111-111444777351"),
        ("4bf92f3577b34da6a3ce929d0e0e4736", "4bf92f3577b34da6a3ce929d0e0e4736"),
        ("2026-11-23T17:45:00Z 12.5 ms", "2026-11-23T17:45:00Z 12.5 ms"),
        ("nothing of the kind", "nothing of the kind"),
    ],
)
def test_secrets_and_personal_numbers_are_masked(text: str, shown: str) -> None:
    assert masked(text) == shown


def test_a_field_that_is_secret_by_name_is_masked_whatever_it_holds() -> None:
    assert masked_value("refresh_token", 7) == "***"
    assert masked_value("password", "") == ""
    assert masked_value("seen", {"api_key": "x", "by": ["a@b.example", 1]}) == {
        "api_key": "***",
        "by": ["a***@b.example", 1],
    }
    assert masked_value("error", ValueError("secret=7")) == "secret=***"


def test_a_value_too_long_for_a_log_is_cut() -> None:
    assert masked("x" * 30_000).endswith("x... (30000 characters)")


def test_records_go_to_one_place_only(stream: io.StringIO) -> None:
    second = io.StringIO()
    configure(logging.WARNING, second)
    logging.getLogger("erp").warning("heard once")

    assert stream.getvalue() == ""
    assert [line["message"] for line in lines(second)] == ["heard once"]


def test_an_unknown_level_is_refused() -> None:
    root = logging.getLogger()
    handlers = root.handlers[:]
    with pytest.raises(ValueError, match="LOUD"):
        configure("loud", io.StringIO())
    assert root.handlers == handlers
