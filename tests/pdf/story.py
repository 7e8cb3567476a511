"""A company whose papers show all that papers can show, told over HTTP."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from io import BytesIO
from typing import Any, Final

from PIL import Image, ImageDraw

Ask = Callable[[str, str, object], Any]  # method, path, body; what was answered

BUYER: Final = {
    "kind": "company",
    "name": "Indústria Müller & Søn S.A.",
    "roles": ["customer"],
    "tax_ids": [{"country": "BR", "kind": "cnpj", "number": "11.222.333/0001-81"}],
    "emails": ["compras@mueller.example"],
    "addresses": [
        {
            "kind": "billing",
            "street": "Rua das Flores",
            "number": "123",
            "complement": "Bloco B",
            "district": "Centro",
            "city": "Curitiba",
            "state": "PR",
            "postal_code": "80010-000",
            "country": "BR",
        },
        {
            "kind": "shipping",
            "street": "Rodovia BR-277, km 100",
            "city": "Ponta Grossa",
            "state": "PR",
            "postal_code": "84000-000",
            "country": "BR",
        },
    ],
}
GOODS: Final = (
    ("CAFE-1KG", "Café torrado em grãos, seleção especial, 1 kg", "48.90"),
    ("MEL-500", "Mel silvestre orgânico, pote de 500 g", "32.50"),
    ("ERVA-1KG", "Erva-mate moída grossa, 1 kg", "21.75"),
)


def a_logo() -> bytes:
    """Draw a picture for the head of a paper."""
    picture = Image.new("RGBA", (560, 160), (0, 0, 0, 0))
    pen = ImageDraw.Draw(picture)
    pen.rounded_rectangle((0, 0, 150, 150), 28, fill=(31, 92, 70))
    pen.ellipse((38, 38, 112, 112), fill=(240, 178, 62))
    pen.rectangle((185, 34, 540, 74), fill=(31, 92, 70))
    pen.rectangle((185, 92, 430, 118), fill=(134, 172, 155))
    out = BytesIO()
    picture.save(out, "PNG", optimize=True)
    return out.getvalue()


@dataclass(frozen=True, slots=True, kw_only=True)
class Company:
    """What its papers are made of."""

    ask: Ask
    buyer: str
    lines: list[dict[str, Any]]

    def post(self, path: str, **body: Any) -> Any:
        return self.ask("POST", path, body)

    def quote(self) -> str:
        made = self.post(
            "/v1/quotes",
            party_id=self.buyer,
            lines=self.lines,
            valid_until="2099-12-31",
            note="Preços válidos para retirada em até 30 dias.\nFrete por conta do comprador.",
        )
        self.post(f"/v1/quotes/{made['id']}/send")
        return f"/v1/quotes/{made['id']}"

    def order(self, *lines: dict[str, Any]) -> str:
        made = self.post(
            "/v1/orders",
            party_id=self.buyer,
            lines=list(lines) or self.lines,
            reference="PO-4711/B",
            discount_percent="5",
        )
        self.post(f"/v1/orders/{made['id']}/confirm")
        return str(made["id"])

    def shipment(self, order: str, warehouse: str) -> str:
        made = self.post(
            "/v1/shipments",
            order_id=order,
            warehouse_id=warehouse,
            carrier="Transportes Rápido Ltda",
            tracking_number="BR123456789",
        )
        self.post(f"/v1/shipments/{made['id']}/validate")
        return f"/v1/shipments/{made['id']}"

    def invoice(self, **said: Any) -> str:
        made = self.post("/v1/invoices", **said)
        self.post(f"/v1/invoices/{made['id']}/validate")
        return f"/v1/invoices/{made['id']}"


def a_company(ask: Ask) -> tuple[Company, str]:
    """Open a company with goods in a warehouse; return it, and the warehouse."""
    ask(
        "PATCH",
        "/v1/company",
        {
            "name": "Empório São José Ltda",
            "tax_ids": ["12.345.678/0001-95"],
            "address": "Avenida Paulista 1000, 4º andar\n01310-100 São Paulo - SP",
        },
    )
    ask(
        "PATCH",
        "/v1/letterhead",
        {
            "accent": "#1f5c46",
            "phone": "+55 11 4002-8922",
            "email": "vendas@saojose.example",
            "website": "www.saojose.example",
            "footer": "Empório São José Ltda · CNPJ 12.345.678/0001-95 · Capital R$ 100.000,00",
            "city": "São Paulo",
            "pix_key": "123e4567-e12b-12d1-a456-426655440000",
        },
    )
    terms = [{"percent": "50", "days": 30}, {"percent": "50", "days": 60}]
    term = ask("POST", "/v1/payment-terms", {"name": "30/60 dias", "instalments": terms})
    buyer = ask("POST", "/v1/parties", BUYER | {"payment_term_id": term["id"]})
    taxes = [{"name": "ICMS", "rate": "18"}, {"name": "PIS", "rate": "1.65"}]
    tax = ask("POST", "/v1/tax-classes", {"name": "Alimentos", "components": taxes})
    place = ask("POST", "/v1/warehouses", {"code": "SP", "name": "São Paulo"})
    lines: list[dict[str, Any]] = [{"kind": "heading", "description": "Mercearia"}]
    for at, (sku, name, price) in enumerate(GOODS, start=1):
        goods = {"sku": sku, "name": name, "kind": "goods", "tax_class_id": tax["id"]}
        money = {"amount": price, "currency": "BRL"}
        product = ask("POST", "/v1/products", goods | {"sale_price": money})
        stock = {"product_id": product["id"], "warehouse_id": place["id"], "quantity": "5000"}
        ask("POST", "/v1/stock/receipts", stock | {"unit_cost": money})
        line = {"product_id": product["id"], "warehouse_id": place["id"], "quantity": str(at * 40)}
        lines.append(line | ({"discount_percent": "5"} if at == 1 else {}))
    lines += [
        {"kind": "subtotal"},
        {"kind": "heading", "description": "Serviços"},
        {
            "description": "Entrega agendada, com descarga no local e conferência da mercadoria",
            "quantity": "1",
            "unit_price": {"amount": "350.00", "currency": "BRL"},
            "tax_class_id": tax["id"],
        },
        {"kind": "note", "description": "Descarga das 8 às 17 horas, em dias úteis."},
    ]
    return Company(ask=ask, buyer=buyer["id"], lines=lines), place["id"]


def papers(ask: Ask) -> dict[str, str]:
    """Return where the papers of a company are had, by what they are called."""
    company, warehouse = a_company(ask)
    quote = company.quote()
    order = company.order()
    shipment = company.shipment(order, warehouse)
    invoice = company.invoice(order_id=order)
    note = company.post(f"{invoice}/credit-notes", reason="Embalagem danificada no transporte")
    company.post(f"/v1/invoices/{note['id']}/validate")
    money = {"amount": "5000.00", "currency": "BRL"}
    company.post(
        "/v1/payments",
        party_id=company.buyer,
        direction="in",
        amount=money,
        date=company.ask("GET", invoice, None)["date"],
        method="pix",
        reference="E2E-0042",
    )
    draft = company.post("/v1/quotes", party_id=company.buyer, lines=company.lines)
    return {
        "quote": f"{quote}/pdf",
        "order": f"/v1/orders/{order}/pdf",
        "shipment": f"{shipment}/pdf",
        "invoice": f"{invoice}/pdf",
        "credit-note": f"/v1/invoices/{note['id']}/pdf",
        "draft": f"/v1/quotes/{draft['id']}/pdf",
        "statement": f"/v1/parties/{company.buyer}/statement.pdf",
    }
