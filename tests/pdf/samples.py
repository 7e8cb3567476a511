"""Make the samples of docs/samples anew: ``python -m tests.pdf.samples``."""

from __future__ import annotations

import tempfile
from http.client import HTTPConnection
from pathlib import Path

from tests.acceptance.houses import House, open_house
from tests.architecture.house import ROOT
from tests.pdf.story import a_logo, papers

SAMPLES = {
    "quote": ("pt-BR", "a4"),
    "order": ("en", "letter"),
    "shipment": ("fr", "a4"),
    "invoice": ("pt-BR", "a4"),
    "credit-note": ("es", "a4"),
    "draft": ("en", "a4"),
    "statement": ("fr", "a4"),
}


def asking(house: House):
    """Return what asks a house, and takes no refusal."""

    def ask(method: str, path: str, body: object):
        status, said = house.ask(method, path, body)
        assert status < 300, (method, path, said)
        return said

    return ask


def put_logo(house: House) -> None:
    line = HTTPConnection("127.0.0.1", house.server.port, timeout=30)
    headers = {"Authorization": f"Bearer {house.token}", "Content-Type": "image/png"}
    line.request("PUT", "/v1/letterhead/logo", a_logo(), headers)
    answer = line.getresponse()
    assert answer.status == 200, answer.read()
    line.close()


def main() -> None:
    folder = ROOT / "docs" / "samples"
    folder.mkdir(exist_ok=True)
    with (
        tempfile.TemporaryDirectory() as scratch,
        open_house("sqlite", Path(scratch)) as house,
    ):
        put_logo(house)
        for name, path in papers(asking(house)).items():
            locale, paper = SAMPLES[name]
            content = house.get(f"{path}?locale={locale}&paper={paper}")
            (folder / f"{name}-{locale}-{paper}.pdf").write_bytes(content)


if __name__ == "__main__":
    main()
