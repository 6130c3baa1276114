"""The ledger keeps its own law: what is once written is never changed or taken away.

The rules already say so; this says it again where a stray script would break it. Left out are
the tables that are derived and checked by replay: counters, balances, running totals, own costs.
"""

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

KEPT = (
    "place",
    "advice_communication",
    "advice_cancellation",
    "cancelled_running_total",
    "posting",
    "position",
    "layer",
    "title_entry",
    "idempotency_key",
    "consumption",
    "charge",
    "charge_rate",
    "exchange_rate",
    "tax_rate",
    "agreement_tax",
    "goods_receipt",
    "journal",
    "open_exception",
    "exception_resolution",
    "extension",
    "work_order_issue",
    "cost_entry",
    "standard_cost",
    "production",
    "component_used",
    "component_returned",
    "count_sheet",
    "count_sheet_line",
    "stock_count",
    "count_difference",
    "count_settlement",
    "told_after_count",
    "rule_applied",
    "designation_change",
    "disposition",
    "goods_return",
    "reversal",
    "debit_request",
    "sale",
    "price_correction",
    "price_change",
    "advice",
    "advice_line",
    "invoice",
    "invoice_line",
    "invoice_decision",
    "settlement",
    "payment",
    "payment_line",
    "voucher",
    "voucher_line",
    "debit_memo",
    "debit_memo_line",
    "credit_note",
    "credit_note_line",
    "credit_note_decision",
    "credit_settlement",
    "payment_credit",
    "goods_receipt_line",
    "in_transit_layer",
    "inspection",
    "entry_reference",
    "goods_hold",
    "hold_end",
    "recall",
    "recall_end",
    "order_line_closing",
    "period_close",
    "purchase_invoice",
    "price_withdrawal",
    "master_change",
    "agreement_amendment",
    "renewal",
    "sign_in",
)

POSTGRES_FUNCTION = """
CREATE FUNCTION refuse_to_forget() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'a row of % is never changed or deleted', TG_TABLE_NAME;
END $$
"""


def guard(apps: object, editor: BaseDatabaseSchemaEditor) -> None:
    if editor.connection.vendor == "postgresql":
        editor.execute(POSTGRES_FUNCTION, params=None)
        for table in KEPT:
            editor.execute(
                f"CREATE TRIGGER {table}_stands BEFORE UPDATE OR DELETE ON {table} "
                "FOR EACH ROW EXECUTE FUNCTION refuse_to_forget()"
            )
            editor.execute(
                f"CREATE TRIGGER {table}_stays BEFORE TRUNCATE ON {table} "
                "FOR EACH STATEMENT EXECUTE FUNCTION refuse_to_forget()"
            )
            editor.execute(f"REVOKE UPDATE, DELETE, TRUNCATE ON {table} FROM PUBLIC")
    else:
        for table in KEPT:
            for act in ("UPDATE", "DELETE"):
                editor.execute(
                    f"CREATE TRIGGER {table}_stands_{act.lower()} BEFORE {act} ON {table} "
                    f"BEGIN SELECT RAISE(ABORT, 'a row of {table} is never changed or deleted'); "
                    "END"
                )


def unguard(apps: object, editor: BaseDatabaseSchemaEditor) -> None:
    for table in KEPT:
        if editor.connection.vendor == "postgresql":
            editor.execute(f"DROP TRIGGER {table}_stands ON {table}")
            editor.execute(f"DROP TRIGGER {table}_stays ON {table}")
        else:
            editor.execute(f"DROP TRIGGER {table}_stands_update")
            editor.execute(f"DROP TRIGGER {table}_stands_delete")
    if editor.connection.vendor == "postgresql":
        editor.execute("DROP FUNCTION refuse_to_forget()")


class Migration(migrations.Migration):
    dependencies = [("records", "0001_tables")]

    operations = [migrations.RunPython(guard, unguard)]
