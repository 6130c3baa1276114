"""Telling the same again changes nothing; telling something else under the same name is refused."""

from collections.abc import Mapping, Sequence
from typing import Annotated, NamedTuple

import pytest
from django.db import connection

from consigned.measure.refusal import Refusal
from consigned_service.operations.consumption import issues as consumption
from consigned_service.operations.core import fields
from consigned_service.operations.core.idempotency import fingerprint
from consigned_service.operations.core.lines import written
from consigned_service.operations.core.outcome import Result
from consigned_service.operations.core.upsert import RecordedBy
from consigned_service.operations.master_data import items, parties
from consigned_service.operations.registry import OPERATIONS
from consigned_service.records import models
from tests.service import test_bounds
from tests.service.lawful import broken_laws
from tests.service.test_bounds import ACTS, DOOR, SALE, Act, act, answer
from tests.support.databases import Database

shop = test_bounds.shop

OTHERWISE = {
    "parties": None,  # only a name, and that may be corrected
    "sites": None,
    "organizations": {"currency": "EUR"},
    "places": {"zone": "stockroom"},
    "items": {"unit": "KG"},
    "agreements": {"currency": "EUR"},
    "prices": {"price": "1.26"},
    "orders": {"quantity": "6"},
    "ship notices": {"quantity": "6"},
    "receipts": {"quantity": "6"},
    "receipts of an order": {"quantity": "2"},
    "order closings": {"closed_on": "2026-03-05"},
    "inspections": {"quantity": "2"},
    "receipt holds": {"happened_on": "2026-03-05"},
    "initial stock": {"quantity": "6"},
    "standard costs": {"cost": "1.26"},
    "putaways": {"quantity": "2"},
    "transfers": {"quantity": "2"},
    "consumption": {"quantity": "2"},
    "counts": {"counted": "99980"},
    "count reasons": {"quantity": "2"},
    "dispositions": {"quantity": "2"},
}


def everything() -> dict[str, list[tuple[object, ...]]]:
    """Every row of every table of the service."""
    return {
        model._meta.db_table: sorted(model.objects.values_list(), key=str)
        for model in vars(models).values()
        if isinstance(model, type)
        and hasattr(model, "_meta")
        and not model._meta.abstract
        and model._meta.db_table in connection.introspection.table_names()
    }


def rename_everything() -> None:
    """Give parties and items other names, and items another unit beside their own."""
    parties.register_parties(
        lines=[
            written(parties.PartyLine, one.code, "renamed") for one in models.Party.objects.all()
        ],
        told_by=RecordedBy(**DOOR),
    ).or_raise()
    items.register_items(
        lines=[
            written(items.ItemLine, one.code, "renamed", one.unit, units="SACK=7")
            for one in models.Item.objects.all()
        ],
        told_by=RecordedBy(**DOOR),
    ).or_raise()
    assert set(models.Item.objects.values_list("name", flat=True)) == {"renamed"}


def counts(told: Result) -> tuple[int, int, list[int]]:
    return told.new, told.repeated, [refused.index for refused in told.refused]


def expect(
    act: Act, lines: Sequence[Mapping[str, str]], new: int, repeated: int, refused: list[int]
) -> None:
    told = answer(act, lines)
    assert counts(told) == (new, repeated, refused), told


@pytest.mark.parametrize("name", ACTS)
@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_each_act_told_again(shop: Database, name: str) -> None:
    act = ACTS[name]
    expect(act, [act.line], 1, 0, [])
    before = everything()
    expect(act, [act.line], 0, 1, [])
    expect(act, [act.line, act.line], 0, 2, [])
    assert everything() == before
    if changed := OTHERWISE[name]:
        expect(act, [act.line | changed], 0, 0, [0])
        expect(act, [act.line, act.line | changed], 0, 1, [1])
        assert everything() == before
    assert broken_laws() == []


@pytest.mark.parametrize("name", ACTS)
@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_each_act_told_twice_in_one_batch(shop: Database, name: str) -> None:
    """The first of the same holds; one that says otherwise is refused beside it."""
    act = ACTS[name]
    if changed := OTHERWISE[name]:
        expect(act, [act.line, act.line, act.line | changed], 1, 1, [2])
    else:
        expect(act, [act.line, act.line], 1, 1, [])
    assert broken_laws() == []


REFERENCES = {
    "receipts": ("receipt", "line"),
    "initial stock": ("programme", "line"),
    **dict.fromkeys(
        ("inspections", "receipt holds", "standard costs", "putaways", "transfers",
         "consumption", "dispositions"),
        ("reference",),
    ),
}  # fmt: skip
"""The acts that know a line by a reference, and how it is called."""


@pytest.mark.parametrize("name", REFERENCES)
@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_every_field_counts_and_no_display_text(shop: Database, name: str) -> None:
    """Whatever else a line says under the same reference is something else; what the masters are
    called by then is nothing to it."""
    act = ACTS[name]
    expect(act, [act.line], 1, 0, [])
    for field in OPERATIONS[act.kind].fields:
        said = act.line[field.name]
        if field.name in REFERENCES[name]:
            continue
        for otherwise in {"", f"{said}1"} - {said}:
            told = [act.line | {field.name: otherwise}]
            if not otherwise and said == field.default:
                expect(act, told, 0, 1, [])
            else:
                expect(act, told, 0, 0, [0])
    rename_everything()
    expect(act, [act.line], 0, 1, [])
    assert broken_laws() == []


def said(**otherwise: str) -> consumption.Reported:
    return written(consumption.Reported, **(SALE.line | otherwise))


def test_figures_count_by_their_value_and_empty_fields_not_at_all() -> None:
    line = said(quantity="10", lot="")
    assert fingerprint(line) == fingerprint(said(quantity="10.00", lot=" "))
    assert fingerprint(line) == fingerprint(said(quantity="10", reference="another"))
    assert fingerprint(line) != fingerprint(said(quantity="10.01"))
    assert fingerprint(line) != fingerprint(said(quantity="10", lot="0"))


class WithOneMore(NamedTuple):
    """A line of consumption as a later version has it: one more column, which may be empty."""

    reference: Annotated[str, fields.REFERENCE]
    item: Annotated[str, fields.ITEM]
    quantity: Annotated[str, fields.QUANTITY]
    occurred_at: Annotated[str, fields.DAY]
    later: Annotated[str, fields.LOT] = ""


def test_a_column_that_comes_to_be_later_changes_nothing() -> None:
    said = ("T", "BOLT", "1", "2026-03-06")
    assert fingerprint(written(consumption.Reported, *said)) == fingerprint(
        written(WithOneMore, *said)
    )


def test_a_line_told_again_is_not_judged_anew(shop: Database) -> None:
    """All of a layer was bought; told again it is repeated, though nothing is left to buy."""
    buy = act("aging-transfers", "B", "2026-03-06", "R0", "1")
    expect(buy, [buy.line], 1, 0, [])
    expect(buy, [buy.line], 0, 1, [])
    expect(buy, [buy.line | {"quantity": "1"}], 0, 0, [0])
    expect(buy, [buy.line | {"reference": "B2"}], 0, 0, [0])
    assert broken_laws() == []


def test_all_acts_told_again_on_both_databases(shop: Database) -> None:
    for each in ACTS.values():
        expect(each, [each.line], 1, 0, [])
    before = everything()
    for each in ACTS.values():
        expect(each, [each.line], 0, 1, [])
    assert everything() == before


def test_a_feed_may_be_called_as_it_likes(shop: Database) -> None:
    """Its references are its own, whatever acts of ours use the same words."""
    receipt = ACTS["receipts"]
    expect(receipt, [receipt.line], 1, 0, [])
    move = ACTS["transfers"]
    expect(move, [move.line], 1, 0, [])
    for source, reference in (("receipt", "R-1/1"), ("transfer", "M"), ("putaway", "W")):
        told = answer(SALE, [SALE.line | {"reference": reference}], source)
        assert counts(told) == (1, 0, []), source
    expect(receipt, [receipt.line], 0, 1, [])
    expect(move, [move.line], 0, 1, [])
    expect(ACTS["putaways"], [ACTS["putaways"].line], 1, 0, [])
    assert broken_laws() == []


def test_a_feed_has_a_name_that_can_be_kept(shop: Database) -> None:
    for source in ("", "x" * 41, "a\x00b", "\ud800"):
        with pytest.raises(Refusal):
            answer(SALE, [SALE.line], source).or_raise()
