"""What is once written is never changed or taken away, not even by plain SQL."""

import pytest
from django.db import DatabaseError, connection, transaction

from consigned.measure.identity import PartyId
from consigned_service.operations import (
    advices,
    custody,
    exceptions,
    invoices,
    payments,
    receipts,
    rules,
)
from consigned_service.operations.invoices import SupplierInvoice
from consigned_service.records import models
from consigned_service.records.ledger import ENTRY
from consigned_service.records.settlement import read_advices
from tests.service.lawful import broken_laws
from tests.service.shop import (
    BY,
    NOW,
    bring_back,
    count_the_shelf,
    give_back,
    open_shop,
    organization_id,
    sell,
)
from tests.support.databases import Database

DERIVED = {"ledger", "balance", "running_total", "owned_cost", "billing_calendar", "numbering"}
"""Tables that change: counters, and what is worked out again from the others."""

OPEN = {"reservation"}
"""A promise that is picked from, and no part of the ledger."""

KEPT = {
    model._meta.db_table: model
    for model in vars(models).values()
    if isinstance(model, type)
    and issubclass(model, models.Posting.__mro__[-2])
    and model.__module__.rpartition(".")[2] in ("ledger", "settlement")
    and not model._meta.abstract
    and model._meta.db_table not in DERIVED | OPEN
}


REFUSED = r"a row of \w+ is never changed or deleted|referenced in a foreign key"


def fill_every_table() -> None:
    open_shop("S1", shelf=40)
    count_the_shelf("S1")
    sell("S1", "till", range(30))  # more than there is
    receipts.record_receipts(
        organization=organization_id("S1"), by=BY, at=NOW,
        lines=[receipts.ReceiptLine("R9", "1", "2026-03-06", agreement="A-acme", item="BOLT",
                                    quantity="50")],
    )  # fmt: skip
    exceptions.resubmit(organization=organization_id("S1"), by=BY, at=NOW)
    rules.register_rules(lines=[rules.RuleLine("R-1", "northwind", "keep", to_place="DOCK")])
    custody.transfer_goods(
        organization=organization_id("S1"), by=BY, at=NOW,
        lines=[custody.TransferLine("t1", "BOLT", "1", "STORE", "DOCK", "2026-03-06")],
    ).or_raise()  # fmt: skip
    bring_back("S1", "b1", "2")
    consignee = PartyId(models.Party.objects.get(code="northwind").pk)
    last = NOW.date().replace(day=8)
    advices.run_advices(consignee=consignee, on=last, by=BY, at=NOW)
    advice = models.Advice.objects.order_by("number").first()
    told = read_advices([advice.number])[advice.number]
    bill = SupplierInvoice("I-1", advice.number, last, "USD", told.lines)
    later = NOW.replace(day=8)
    invoices.record_invoices(
        consignor=advice.consignor_id, invoices=[bill], by=BY, at=later
    ).or_raise()
    payments.run_payments(
        consignee=consignee, on=last.replace(month=5), by=BY, at=NOW.replace(month=5)
    )
    give_back("S1", "g1", "2")
    assert broken_laws() == []


def in_one_transaction(said: str) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(said)


def content(model: type) -> list[tuple[object, ...]]:
    return sorted(model.objects.values_list(), key=str)


def test_no_row_is_changed_or_deleted(database: Database) -> None:
    fill_every_table()
    acts = [
        "UPDATE {table} SET {column} = {column}",
        "UPDATE {table} SET {other} = NULL",
        "DELETE FROM {table}",
        "DELETE FROM {table} WHERE {column} = (SELECT MAX({column}) FROM {table})",
    ]
    if database.vendor == "postgresql":
        acts += [
            "TRUNCATE {table}",
            "TRUNCATE {table} CASCADE",
            "MERGE INTO {table} USING (SELECT 1) one ON true WHEN MATCHED THEN DELETE",
        ]
    else:
        acts += [
            "INSERT OR REPLACE INTO {table} SELECT * FROM {table}",
            "UPDATE OR REPLACE {table} SET {column} = {column}",
        ]
    assert len(KEPT) >= 20
    for table, model in KEPT.items():
        before = content(model)
        assert before, f"nothing in {table} to try it on"
        columns = [field.column for field in model._meta.concrete_fields if field.column]
        for act in acts:
            said = act.format(table=table, column=columns[0], other=columns[-1])
            with pytest.raises(DatabaseError, match=REFUSED):
                in_one_transaction(said)
            assert content(model) == before, said
    assert broken_laws() == []


def test_nothing_goes_below_nothing_by_hand_either(database: Database) -> None:
    """The balances may be written, but the database keeps them from going below nothing; and no
    entry takes nothing."""
    open_shop("S1")
    columns = ", ".join(ENTRY)
    taking = "INSERT INTO title_entry ({}) SELECT {} FROM title_entry WHERE number = 1"
    for said in (
        "UPDATE balance SET quantity = -1 WHERE NOT is_outer",
        *(
            taking.format(columns, columns.replace("number", "999").replace("quantity", quantity))
            for quantity in ("0", "-5")
        ),
    ):
        with pytest.raises(DatabaseError):
            in_one_transaction(said)
    assert broken_laws() == []
