"""The lines of an invoice, as they are compared with what customers hold.

Distributors and Cisco each have columns of their own; these three are in all of them.
No `ingest` reads such a file: an invoice says what is charged, not what is held.
"""

from __future__ import annotations

from typing import Final

from partnerhub.domain.layouts.columns import CellType, Column, Layout

INVOICE_LINES: Final = Layout(
    key="invoice-lines",
    name="Invoice Lines",
    french="Lignes de facture",
    columns=(
        Column(
            key="subscription_id",
            heading="Subscription ID",
            french="ID de l'abonnement",
            aliases=("Subscription", "Subscription Number", "Abonnement"),
            required=True,
            meaning="The subscription that is charged.",
        ),
        Column(
            key="license",
            heading="License",
            french="Licence",
            aliases=("License type", "Product", "Product name", "Produit"),
            blank="The line is of the whole subscription.",
            meaning="The license that is charged.",
        ),
        Column(
            key="quantity",
            heading="Quantity",
            french="Quantité",
            cell=CellType.CHANGE,
            aliases=("Qty", "Licenses", "Seats", "Total licenses"),
            required=True,
            meaning="How many licenses are charged; below 0 on a credit.",
        ),
    ),
)
