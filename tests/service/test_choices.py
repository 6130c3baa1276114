"""What a column may hold, the database itself says: a word that is none of its enum's is refused,
whoever writes it."""

from datetime import UTC, datetime, time

import pytest
from django.apps import apps
from django.db import IntegrityError
from django.db.models import CharField, Model

from consigned_service.operations.master_data import users
from consigned_service.records import models
from consigned_service.records.models.choices import ChoiceField
from tests.service.tampering import take_the_guards_away
from tests.service.test_audit_existence import altered
from tests.service.test_money_faults import every_way_to_settle
from tests.support.databases import Database

FREE = frozenset(
    {
        # what people call things by, and the numbers that they give
        "code", "name", "number", "reference", "document", "invoice", "lot", "serial", "gln",
        "gtin", "supplier_item", "item", "work_order", "customer", "reservation", "voids",
        "customs_document", "tax_code",
        # standards with many words: ISO 4217, ISO 3166, the zones of the world, units of measure
        "currency", "functional_currency", "origin", "time_zone", "unit",
        # what people say in their own words
        "because", "held_because", "consent", "sentence", "liability",
        # who did it, and for whom
        "recorded_by", "closed_by", "cancelled_by", "changed_by", "decided_by", "counted_by",
        "agreed_by", "held_by", "told_to", "advice_address", "bill_to", "payables_unit",
        # what was written, as it was written
        "said", "occurred_at", "was", "became", "before", "after", "field",
        # lists and terms that are written as one text
        "owner_sequence", "closing_days", "price_sources", "loss_responsibility", "price_terms",
        "invoice_tolerance", "tax",
        # codes of places and agreements elsewhere
        "from_place", "to_place", "sourced_from", "sourced_from_place",
        # letters, runs and processes: what they are called, hold and came to
        "key", "message_id", "recipient", "subject", "attachment_name", "leased_by", "queued_by",
        "last_error", "result", "error", "approved_by", "version", "weekdays",
        # digests
        "digest", "seal", "fingerprint",
        # what a browser gave of itself
        "session_key", "address", "device", "claimed_name", "session",
    }
)  # fmt: skip
"""Columns that hold any text."""

OTHERS = {
    "account_mapping.account": "work orders name accounts of their own",
    "work_order_issue.account": "work orders name accounts of their own",
    "journal.debit": "work orders name accounts of their own",
    "journal.credit": "work orders name accounts of their own",
    "exchange_rate.kind": "each party calls its kinds of rates as it likes",
    "charge_rate.kind": "each party calls its kinds of rates as it likes",
    "organization.exchange_rate_type": "each party calls its kinds of rates as it likes",
    "idempotency_key.source": "each feed gives its own name",
    "consumption.source": "each feed gives its own name",
    "consumption.voids_source": "each feed gives its own name",
    "import.kind": "the operations name their kinds, on a floor above",
    "posting.cause": "each act names its own, on a floor above",
    "open_exception.reason": "the code of the refusal, of which every rule has its own",
    "running_total.price_source": "a price change adds its reference",
}
"""Columns of words that are of no fixed set, and why."""


def columns() -> list[tuple[type[Model], CharField]]:
    return [
        (model, field)
        for model in apps.get_app_config("records").get_models()
        for field in model._meta.concrete_fields
        if isinstance(field, CharField)
    ]


CHOSEN = [(model, field) for model, field in columns() if isinstance(field, ChoiceField)]


def test_every_column_of_text_is_free_or_has_a_check() -> None:
    plain = {
        f"{model._meta.db_table}.{field.column}"
        for model, field in columns()
        if not isinstance(field, ChoiceField) and field.name not in FREE
    }
    assert plain == OTHERS.keys()


def test_no_value_of_a_column_is_longer_than_it() -> None:
    for model, field in CHOSEN:
        assert field.values
        assert max(map(len, field.values)) <= (field.max_length or 0), (model, field)


def a_row_of_every_table_with_choices() -> None:
    """What `every_way_to_settle` writes, and a row of what it writes nothing to."""
    every_way_to_settle()
    item = models.Item.objects.order_by("pk")[0]
    organization = models.Organization.objects.order_by("pk")[0]
    models.ItemSetting.objects.create(item=item, organization=organization)
    models.ItemChange.objects.create(
        item=item, what="approval", before="no", after="yes", recorded_by="ann",
        recorded_at=datetime(2026, 3, 2, tzinfo=UTC),
    )  # fmt: skip
    party = models.Party.objects.order_by("pk")[0]
    models.Appointment.objects.create(party=party, role="distributor")
    users.add_user(name="ann", party=party.code, password="x")
    models.SignIn.objects.create(
        at=datetime(2026, 3, 2, tzinfo=UTC), outcome="failed", claimed_name="x"
    )
    users.issue_key(name="ann", key_name="till", at=datetime(2026, 3, 2, tzinfo=UTC))
    at = datetime(2026, 3, 2, tzinfo=UTC)
    models.Message.objects.create(
        key="m", party=party, message_id="m", recipient="a@b", subject="s", body="b", queued_at=at,
        queued_by="ann", due_at=at,
    )  # fmt: skip
    models.Schedule.objects.create(party=party, act="aging", starts_at=time(4))
    models.Run.objects.create(party=party, act="aging", slot_day=at.date(), due_at=at)


def test_a_word_that_is_no_choice_is_refused(database: Database) -> None:
    a_row_of_every_table_with_choices()
    take_the_guards_away()
    for model, field in CHOSEN:
        table, column = model._meta.db_table, str(field.column)
        assert model._default_manager.exists(), table
        wrong = altered(database, f"UPDATE \"{table}\" SET {column} = 'nonsense'")
        with pytest.raises(IntegrityError, match=r"(?i)check constraint"), wrong:
            pass
