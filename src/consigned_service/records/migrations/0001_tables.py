import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import consigned.settlement.delivery
import consigned.settlement.runs
import consigned_service.records.models.choices
from consigned_service.records.migrations._at_once import AtOnce


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        AtOnce(
            [
                migrations.CreateModel(
                    name="Advice",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        ("number", models.CharField(max_length=60, unique=True)),
                        ("happened_on", models.DateField(null=True)),
                        ("starts_on", models.DateField()),
                        ("closes_on", models.DateField()),
                        ("made_on", models.DateField()),
                        ("recorded_on", models.DateField()),
                        (
                            "summary_level",
                            consigned_service.records.models.choices.ChoiceField(
                                max_length=30,
                                values=(
                                    "organization-item-day",
                                    "organization-item",
                                    "organization",
                                    "all-organizations",
                                ),
                            ),
                        ),
                        (
                            "settlement_method",
                            consigned_service.records.models.choices.ChoiceField(
                                max_length=30,
                                values=(
                                    "supplier-invoice",
                                    "self-bill-automatic",
                                    "self-bill-staged",
                                    "report-only",
                                    "pay-on-use",
                                ),
                            ),
                        ),
                        ("currency", models.CharField(max_length=3)),
                        ("amount", models.BigIntegerField()),
                        ("bill_to", models.CharField(blank=True, default="", max_length=40)),
                        ("by_kind", models.BooleanField(default=False)),
                        ("shows_lots", models.BooleanField(default=True)),
                        ("tax_amount", models.BigIntegerField(default=0)),
                    ],
                    options={
                        "db_table": "advice",
                    },
                ),
                migrations.CreateModel(
                    name="Agreement",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        ("number", models.CharField(max_length=40, unique=True)),
                        ("currency", models.CharField(max_length=3)),
                        ("starts_on", models.DateField()),
                        ("ends_on", models.DateField(blank=True, null=True)),
                        (
                            "title_rule",
                            consigned_service.records.models.choices.ChoiceField(
                                max_length=20,
                                values=(
                                    "on-shipment",
                                    "on-ship-notice",
                                    "on-receipt",
                                    "on-putaway",
                                    "on-withdrawal",
                                    "on-floor-issue",
                                    "on-completion",
                                    "on-use",
                                    "never",
                                ),
                            ),
                        ),
                        (
                            "frequency",
                            consigned_service.records.models.choices.ChoiceField(
                                max_length=20,
                                values=(
                                    "daily",
                                    "weekly",
                                    "fortnightly",
                                    "twice-monthly",
                                    "monthly",
                                    "quarterly",
                                    "4-4-5",
                                    "fixed-dates",
                                ),
                            ),
                        ),
                        ("first_closing_on", models.DateField()),
                        ("closing_days", models.CharField(blank=True, default="", max_length=300)),
                        (
                            "cycle_by",
                            consigned_service.records.models.choices.ChoiceField(
                                default="recorded", max_length=10, values=("recorded", "happened")
                            ),
                        ),
                        ("advice_grace_days", models.PositiveSmallIntegerField(default=0)),
                        (
                            "summary_level",
                            consigned_service.records.models.choices.ChoiceField(
                                max_length=30,
                                values=(
                                    "organization-item-day",
                                    "organization-item",
                                    "organization",
                                    "all-organizations",
                                ),
                            ),
                        ),
                        (
                            "settlement_method",
                            consigned_service.records.models.choices.ChoiceField(
                                max_length=30,
                                values=(
                                    "supplier-invoice",
                                    "self-bill-automatic",
                                    "self-bill-staged",
                                    "report-only",
                                    "pay-on-use",
                                ),
                            ),
                        ),
                        ("price_sources", models.CharField(max_length=60)),
                        ("payment_days", models.PositiveSmallIntegerField(default=30)),
                        ("aging_days", models.PositiveSmallIntegerField(blank=True, null=True)),
                        (
                            "aging_onset",
                            consigned_service.records.models.choices.ChoiceField(
                                blank=True, max_length=10, values=("receipt", "shipment")
                            ),
                        ),
                        (
                            "aged_outcome",
                            consigned_service.records.models.choices.ChoiceField(
                                default="by-hand", max_length=12, values=("by-hand", "automatic")
                            ),
                        ),
                        ("display_days", models.PositiveSmallIntegerField(blank=True, null=True)),
                        ("return_by", models.DateField(blank=True, null=True)),
                        (
                            "end_of_term",
                            consigned_service.records.models.choices.ChoiceField(
                                blank=True,
                                default="",
                                max_length=12,
                                values=("return", "roll-over", "convert", "donate", "destroy"),
                            ),
                        ),
                        ("grace_days", models.PositiveSmallIntegerField(default=0)),
                        (
                            "rotation_percent",
                            models.PositiveSmallIntegerField(blank=True, null=True),
                        ),
                        (
                            "rotation_every_days",
                            models.PositiveSmallIntegerField(blank=True, null=True),
                        ),
                        ("includes_in_transit", models.BooleanField(default=False)),
                        ("title_after_inspection", models.BooleanField(default=False)),
                        (
                            "over_receipt_percent",
                            models.PositiveSmallIntegerField(blank=True, null=True),
                        ),
                        (
                            "under_receipt_percent",
                            models.PositiveSmallIntegerField(blank=True, null=True),
                        ),
                        ("sourced_from", models.CharField(blank=True, default="", max_length=40)),
                        (
                            "sourced_from_place",
                            models.CharField(blank=True, default="", max_length=40),
                        ),
                        (
                            "loss_responsibility",
                            models.CharField(blank=True, default="", max_length=200),
                        ),
                        ("liability", models.CharField(blank=True, default="", max_length=500)),
                        (
                            "usage_basis",
                            consigned_service.records.models.choices.ChoiceField(
                                default="reported", max_length=10, values=("reported", "counted")
                            ),
                        ),
                        (
                            "count_method",
                            consigned_service.records.models.choices.ChoiceField(
                                blank=True,
                                default="",
                                max_length=12,
                                values=("full", "cycle", "blind", "blind-cycle"),
                            ),
                        ),
                        (
                            "count_every_days",
                            models.PositiveSmallIntegerField(blank=True, null=True),
                        ),
                        (
                            "cycle_count_percent",
                            models.PositiveSmallIntegerField(blank=True, null=True),
                        ),
                        (
                            "shrinkage_warning_percent",
                            models.BigIntegerField(blank=True, null=True),
                        ),
                        ("price_terms", models.CharField(blank=True, default="", max_length=200)),
                        ("bill_to", models.CharField(blank=True, default="", max_length=40)),
                        (
                            "invoice_tolerance",
                            models.CharField(blank=True, default="", max_length=200),
                        ),
                        (
                            "advice_channel",
                            consigned_service.records.models.choices.ChoiceField(
                                blank=True,
                                default="",
                                max_length=8,
                                values=("portal", "print", "email", "fax"),
                            ),
                        ),
                        (
                            "advice_address",
                            models.CharField(blank=True, default="", max_length=200),
                        ),
                        ("taxed", models.BooleanField(default=False)),
                        (
                            "customer_returns",
                            consigned_service.records.models.choices.ChoiceField(
                                default="as-issued", max_length=10, values=("as-issued", "owned")
                            ),
                        ),
                    ],
                    options={
                        "db_table": "agreement",
                    },
                ),
                migrations.CreateModel(
                    name="CreditNote",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        ("number", models.CharField(max_length=60)),
                        ("credited_on", models.DateField()),
                        ("year", models.PositiveIntegerField()),
                        ("currency", models.CharField(max_length=3)),
                        ("amount", models.BigIntegerField()),
                        ("is_self_billed", models.BooleanField(default=False)),
                        ("tax_amount", models.BigIntegerField(default=0)),
                    ],
                    options={
                        "db_table": "credit_note",
                    },
                ),
                migrations.CreateModel(
                    name="Installation",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        ("held_because", models.CharField(blank=True, max_length=200)),
                        ("held_since", models.DateTimeField()),
                        ("held_by", models.CharField(max_length=150)),
                    ],
                    options={
                        "db_table": "installation",
                    },
                ),
                migrations.CreateModel(
                    name="Item",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        ("code", models.CharField(max_length=60, unique=True)),
                        ("name", models.CharField(max_length=200)),
                        ("unit", models.CharField(max_length=12)),
                        (
                            "ownership",
                            consigned_service.records.models.choices.ChoiceField(
                                default="consigned",
                                max_length=12,
                                values=("owned", "non-owned", "consigned"),
                            ),
                        ),
                        ("gtin", models.CharField(blank=True, max_length=14)),
                        (
                            "counted_by",
                            consigned_service.records.models.choices.ChoiceField(
                                default="piece",
                                max_length=12,
                                values=("piece", "container", "weight"),
                            ),
                        ),
                        (
                            "tracking",
                            consigned_service.records.models.choices.ChoiceField(
                                default="none", max_length=8, values=("none", "lot", "serial")
                            ),
                        ),
                        ("is_hazardous", models.BooleanField(default=False)),
                        ("is_approved", models.BooleanField(default=True)),
                    ],
                    options={
                        "db_table": "item",
                    },
                ),
                migrations.CreateModel(
                    name="Organization",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        ("code", models.CharField(max_length=40, unique=True)),
                        ("name", models.CharField(max_length=200)),
                        ("currency", models.CharField(max_length=3)),
                        (
                            "pick_order",
                            consigned_service.records.models.choices.ChoiceField(
                                default="own-first",
                                max_length=24,
                                values=(
                                    "own-first",
                                    "consigned-first",
                                    "oldest-first",
                                    "first-expiring-first",
                                    "named-owners",
                                ),
                            ),
                        ),
                        (
                            "owner_sequence",
                            models.CharField(blank=True, default="", max_length=500),
                        ),
                        ("one_consignor_per_item", models.BooleanField(default=False)),
                        ("allows_transfer_to_owned", models.BooleanField(default=True)),
                        (
                            "rule_precedence",
                            consigned_service.records.models.choices.ChoiceField(
                                default="specific-first",
                                max_length=16,
                                values=("specific-first", "broad-first"),
                            ),
                        ),
                        ("two_step_receiving", models.BooleanField(default=False)),
                        (
                            "exchange_rate_type",
                            models.CharField(blank=True, default="", max_length=20),
                        ),
                        (
                            "cost_method",
                            consigned_service.records.models.choices.ChoiceField(
                                default="fifo", max_length=8, values=("fifo", "average", "standard")
                            ),
                        ),
                        ("payables_unit", models.CharField(blank=True, default="", max_length=40)),
                        ("time_zone", models.CharField(blank=True, default="", max_length=40)),
                        ("closed_through", models.DateField(blank=True, null=True)),
                    ],
                    options={
                        "db_table": "organization",
                    },
                ),
                migrations.CreateModel(
                    name="OrderLine",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        ("line", models.PositiveIntegerField()),
                        ("quantity", models.BigIntegerField()),
                        (
                            "ownership",
                            consigned_service.records.models.choices.ChoiceField(
                                max_length=12, values=("owned", "non-owned", "consigned")
                            ),
                        ),
                        ("price", models.BigIntegerField(blank=True, null=True)),
                        ("per", models.BigIntegerField(default=1000000)),
                        ("currency", models.CharField(blank=True, max_length=3)),
                        ("needed_on", models.DateField(blank=True, null=True)),
                        ("maximum_quantity", models.BigIntegerField(blank=True, null=True)),
                        ("complete_at", models.BigIntegerField(blank=True, null=True)),
                        ("unit", models.CharField(blank=True, max_length=12)),
                        (
                            "item",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, to="records.item"
                            ),
                        ),
                    ],
                    options={
                        "db_table": "order_line",
                    },
                ),
                migrations.CreateModel(
                    name="Party",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        ("code", models.CharField(max_length=40, unique=True)),
                        ("name", models.CharField(max_length=200)),
                    ],
                    options={
                        "verbose_name_plural": "parties",
                        "db_table": "party",
                    },
                ),
                migrations.CreateModel(
                    name="Process",
                    fields=[
                        (
                            "name",
                            models.CharField(max_length=120, primary_key=True, serialize=False),
                        ),
                        ("version", models.CharField(max_length=40)),
                        ("started_at", models.DateTimeField()),
                        ("last_beat_at", models.DateTimeField()),
                    ],
                    options={
                        "db_table": "process",
                    },
                ),
                migrations.CreateModel(
                    name="AdviceCancellation",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        ("cancelled_on", models.DateField()),
                        ("cancelled_by", models.CharField(max_length=150)),
                        ("because", models.CharField(max_length=1000)),
                        (
                            "advice",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="cancellation",
                                to="records.advice",
                            ),
                        ),
                    ],
                    options={
                        "db_table": "advice_cancellation",
                    },
                ),
                migrations.CreateModel(
                    name="AdviceCommunication",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        (
                            "way",
                            consigned_service.records.models.choices.ChoiceField(
                                max_length=8, values=("portal", "print", "email", "fax")
                            ),
                        ),
                        ("told_to", models.CharField(max_length=200)),
                        ("told_at", models.DateTimeField()),
                        ("recorded_by", models.CharField(max_length=150)),
                        (
                            "advice",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="communication",
                                to="records.advice",
                            ),
                        ),
                    ],
                    options={
                        "db_table": "advice_communication",
                    },
                ),
                migrations.CreateModel(
                    name="AdviceLine",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        ("line", models.PositiveIntegerField()),
                        ("happened_on", models.DateField(null=True)),
                        ("quantity", models.BigIntegerField()),
                        ("price", models.BigIntegerField()),
                        ("per", models.BigIntegerField()),
                        ("amount", models.BigIntegerField()),
                        (
                            "kind",
                            consigned_service.records.models.choices.ChoiceField(
                                default="consumption",
                                max_length=20,
                                values=("consumption", "price-correction"),
                            ),
                        ),
                        (
                            "use_kind",
                            consigned_service.records.models.choices.ChoiceField(
                                blank=True,
                                default="",
                                max_length=20,
                                values=(
                                    "sale",
                                    "issue",
                                    "express-issue",
                                    "sample",
                                    "scrap",
                                    "adjustment",
                                    "count",
                                    "production",
                                    "backflush",
                                    "kit",
                                    "work-order",
                                    "transfer-to-owned",
                                ),
                            ),
                        ),
                        ("tax", models.CharField(blank=True, default="", max_length=60)),
                        ("tax_amount", models.BigIntegerField(default=0)),
                        (
                            "advice",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="lines",
                                to="records.advice",
                            ),
                        ),
                        (
                            "item",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                to="records.item",
                            ),
                        ),
                        (
                            "organization",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                to="records.organization",
                            ),
                        ),
                    ],
                    options={
                        "db_table": "advice_line",
                    },
                ),
                migrations.AddField(
                    model_name="advice",
                    name="agreement",
                    field=models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, to="records.agreement"
                    ),
                ),
                migrations.CreateModel(
                    name="CreditNoteLine",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        ("line", models.PositiveIntegerField()),
                        ("item", models.CharField(max_length=60)),
                        ("quantity", models.BigIntegerField()),
                        ("price", models.BigIntegerField()),
                        ("per", models.BigIntegerField(default=0)),
                        ("amount", models.BigIntegerField()),
                        ("tax_amount", models.BigIntegerField(default=0)),
                        (
                            "credit_note",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="lines",
                                to="records.creditnote",
                            ),
                        ),
                    ],
                    options={
                        "db_table": "credit_note_line",
                    },
                ),
                migrations.CreateModel(
                    name="DebitMemo",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        ("number", models.CharField(max_length=60, unique=True)),
                        (
                            "settlement_method",
                            consigned_service.records.models.choices.ChoiceField(
                                max_length=30,
                                values=(
                                    "supplier-invoice",
                                    "self-bill-automatic",
                                    "self-bill-staged",
                                    "report-only",
                                    "pay-on-use",
                                ),
                            ),
                        ),
                        ("made_on", models.DateField()),
                        ("currency", models.CharField(max_length=3)),
                        ("amount", models.BigIntegerField()),
                        ("tax_amount", models.BigIntegerField(default=0)),
                        (
                            "advice",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                to="records.advice",
                            ),
                        ),
                        (
                            "agreement",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="records.agreement",
                            ),
                        ),
                    ],
                    options={
                        "db_table": "debit_memo",
                    },
                ),
                migrations.AddField(
                    model_name="creditnote",
                    name="debit_memo",
                    field=models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="credit_notes",
                        to="records.debitmemo",
                    ),
                ),
                migrations.CreateModel(
                    name="ExchangeRate",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        ("kind", models.CharField(max_length=20)),
                        ("currency", models.CharField(max_length=3)),
                        ("functional_currency", models.CharField(max_length=3)),
                        ("valid_from", models.DateField()),
                        ("rate", models.BigIntegerField()),
                        ("told_at", models.DateTimeField()),
                    ],
                    options={
                        "db_table": "exchange_rate",
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("kind", "currency", "functional_currency", "valid_from"),
                                name="exchange_rate_is_one",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Import",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        ("kind", models.CharField(max_length=30)),
                        ("name", models.CharField(max_length=255)),
                        ("fingerprint", models.CharField(max_length=64)),
                        ("lines_done", models.BigIntegerField(default=0)),
                        ("lines_new", models.BigIntegerField(default=0)),
                        ("lines_changed", models.BigIntegerField(default=0)),
                        ("lines_repeated", models.BigIntegerField(default=0)),
                        ("lines_refused", models.BigIntegerField(default=0)),
                        ("lines_waiting", models.BigIntegerField(default=0)),
                        ("is_finished", models.BooleanField(default=False)),
                        ("started_at", models.DateTimeField(auto_now_add=True)),
                        ("updated_at", models.DateTimeField(auto_now=True)),
                    ],
                    options={
                        "db_table": "import",
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("kind", "fingerprint"), name="import_of_one_file"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Invoice",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        ("number", models.CharField(max_length=60)),
                        ("invoiced_on", models.DateField()),
                        ("year", models.PositiveIntegerField()),
                        ("due_on", models.DateField()),
                        ("currency", models.CharField(max_length=3)),
                        ("amount", models.BigIntegerField()),
                        ("is_self_billed", models.BooleanField(default=False)),
                        ("tax_amount", models.BigIntegerField(default=0)),
                        (
                            "advice",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="invoices",
                                to="records.advice",
                            ),
                        ),
                        (
                            "consignee",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="records.party",
                            ),
                        ),
                        (
                            "consignor",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="records.party",
                            ),
                        ),
                    ],
                    options={
                        "db_table": "invoice",
                    },
                ),
                migrations.AddField(
                    model_name="debitmemo",
                    name="invoice",
                    field=models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, to="records.invoice"
                    ),
                ),
                migrations.CreateModel(
                    name="InvoiceLine",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        ("line", models.PositiveIntegerField()),
                        ("item", models.CharField(max_length=60)),
                        ("quantity", models.BigIntegerField()),
                        ("price", models.BigIntegerField()),
                        ("per", models.BigIntegerField(default=0)),
                        ("amount", models.BigIntegerField()),
                        ("tax_amount", models.BigIntegerField(default=0)),
                        (
                            "invoice",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="lines",
                                to="records.invoice",
                            ),
                        ),
                    ],
                    options={
                        "db_table": "invoice_line",
                    },
                ),
                migrations.AddField(
                    model_name="advice",
                    name="item",
                    field=models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, to="records.item"
                    ),
                ),
                migrations.CreateModel(
                    name="Ledger",
                    fields=[
                        (
                            "organization",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.PROTECT,
                                primary_key=True,
                                serialize=False,
                                to="records.organization",
                            ),
                        ),
                        ("next_place", models.BigIntegerField(default=1)),
                        ("next_posting", models.BigIntegerField(default=1)),
                        ("next_entry", models.BigIntegerField(default=1)),
                        ("next_position", models.BigIntegerField(default=1)),
                        ("next_layer", models.BigIntegerField(default=1)),
                        ("next_receipt", models.BigIntegerField(default=1)),
                        ("next_arrival", models.BigIntegerField(default=1)),
                        ("next_inspection", models.BigIntegerField(default=1)),
                        ("next_hold", models.BigIntegerField(default=1)),
                        ("next_hold_end", models.BigIntegerField(default=1)),
                        ("next_recall", models.BigIntegerField(default=1)),
                        ("next_consumption", models.BigIntegerField(default=1)),
                        ("next_total", models.BigIntegerField(default=1)),
                        ("next_journal", models.BigIntegerField(default=1)),
                        ("next_exception", models.BigIntegerField(default=1)),
                        ("next_reservation", models.BigIntegerField(default=1)),
                        ("next_extension", models.BigIntegerField(default=1)),
                        ("next_renewal", models.BigIntegerField(default=1)),
                        ("next_price_correction", models.BigIntegerField(default=1)),
                        ("next_cost", models.BigIntegerField(default=1)),
                        ("next_standard_cost", models.BigIntegerField(default=1)),
                        ("next_production", models.BigIntegerField(default=1)),
                        ("next_component", models.BigIntegerField(default=1)),
                        ("next_component_use", models.BigIntegerField(default=1)),
                        ("next_component_return", models.BigIntegerField(default=1)),
                        ("next_sheet", models.BigIntegerField(default=1)),
                        ("next_sheet_line", models.BigIntegerField(default=1)),
                        ("next_count", models.BigIntegerField(default=1)),
                        ("next_difference", models.BigIntegerField(default=1)),
                        ("next_count_settlement", models.BigIntegerField(default=1)),
                        ("next_told_after", models.BigIntegerField(default=1)),
                        ("next_disposition", models.BigIntegerField(default=1)),
                        ("next_return", models.BigIntegerField(default=1)),
                        ("next_debit_request", models.BigIntegerField(default=1)),
                        ("next_period_close", models.BigIntegerField(default=1)),
                        ("next_purchase_invoice", models.BigIntegerField(default=1)),
                        (
                            "seal",
                            models.CharField(
                                default="0000000000000000000000000000000000000000000000000000000000000000",
                                max_length=64,
                            ),
                        ),
                        ("counted_through", models.DateField(null=True)),
                        ("renewed_through", models.DateField(null=True)),
                    ],
                    options={
                        "db_table": "ledger",
                    },
                ),
                migrations.CreateModel(
                    name="Key",
                    fields=[
                        (
                            "pk",
                            models.CompositePrimaryKey(
                                "organization_id",
                                "reference",
                                "source",
                                blank=True,
                                editable=False,
                                primary_key=True,
                                serialize=False,
                            ),
                        ),
                        ("reference", models.CharField(max_length=120)),
                        ("posting", models.BigIntegerField()),
                        ("source", models.CharField(max_length=40)),
                        ("document", models.BigIntegerField(null=True)),
                        ("fingerprint", models.BigIntegerField()),
                        (
                            "organization",
                            models.ForeignKey(
                                db_constraint=False,
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="records.organization",
                            ),
                        ),
                    ],
                    options={
                        "db_table": "idempotency_key",
                    },
                ),
                migrations.CreateModel(
                    name="ItemChange",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        (
                            "what",
                            consigned_service.records.models.choices.ChoiceField(
                                max_length=12, values=("designation", "approval", "consignor")
                            ),
                        ),
                        ("before", models.CharField(max_length=90)),
                        ("after", models.CharField(max_length=90)),
                        ("because", models.CharField(blank=True, max_length=200)),
                        ("recorded_by", models.CharField(max_length=150)),
                        ("recorded_at", models.DateTimeField()),
                        (
                            "item",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="records.item",
                            ),
                        ),
                        (
                            "organization",
                            models.ForeignKey(
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="records.organization",
                            ),
                        ),
                    ],
                    options={
                        "db_table": "designation_change",
                    },
                ),
                migrations.CreateModel(
                    name="EntryReference",
                    fields=[
                        (
                            "pk",
                            models.CompositePrimaryKey(
                                "organization_id",
                                "posting",
                                "line",
                                blank=True,
                                editable=False,
                                primary_key=True,
                                serialize=False,
                            ),
                        ),
                        ("line", models.BigIntegerField()),
                        ("posting", models.BigIntegerField()),
                        ("reference", models.CharField(max_length=120)),
                        (
                            "organization",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="records.organization",
                            ),
                        ),
                    ],
                    options={
                        "db_table": "entry_reference",
                    },
                ),
                migrations.CreateModel(
                    name="Disposition",
                    fields=[
                        (
                            "pk",
                            models.CompositePrimaryKey(
                                "organization_id",
                                "number",
                                blank=True,
                                editable=False,
                                primary_key=True,
                                serialize=False,
                            ),
                        ),
                        ("number", models.BigIntegerField()),
                        ("posting", models.BigIntegerField()),
                        ("reference", models.CharField(max_length=120)),
                        (
                            "outcome",
                            consigned_service.records.models.choices.ChoiceField(
                                max_length=10, values=("block", "scrap", "return", "keep")
                            ),
                        ),
                        (
                            "reason",
                            consigned_service.records.models.choices.ChoiceField(
                                max_length=16,
                                values=(
                                    "sold",
                                    "broken",
                                    "stolen",
                                    "customer-return",
                                    "sample",
                                    "miscount",
                                    "mis-shipped",
                                    "expired",
                                    "unknown",
                                ),
                            ),
                        ),
                        ("owner", models.BigIntegerField()),
                        ("agreement", models.BigIntegerField(null=True)),
                        ("place", models.BigIntegerField(null=True)),
                        ("quantity", models.BigIntegerField()),
                        ("share", models.BigIntegerField()),
                        ("consumption", models.BigIntegerField(null=True)),
                        ("happened_on", models.DateField()),
                        (
                            "item",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="records.item",
                            ),
                        ),
                        (
                            "organization",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="records.organization",
                            ),
                        ),
                    ],
                    options={
                        "db_table": "disposition",
                    },
                ),
                migrations.CreateModel(
                    name="ConsignedOrder",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        ("number", models.CharField(max_length=60)),
                        ("ordered_on", models.DateField()),
                        (
                            "agreement",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                to="records.agreement",
                            ),
                        ),
                        (
                            "organization",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                to="records.organization",
                            ),
                        ),
                        (
                            "consignor",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, to="records.party"
                            ),
                        ),
                    ],
                    options={
                        "db_table": "purchase_order",
                    },
                ),
                migrations.CreateModel(
                    name="ChargeRate",
                    fields=[
                        (
                            "pk",
                            models.CompositePrimaryKey(
                                "organization_id",
                                "entry",
                                blank=True,
                                editable=False,
                                primary_key=True,
                                serialize=False,
                            ),
                        ),
                        ("entry", models.BigIntegerField()),
                        ("posting", models.BigIntegerField()),
                        ("kind", models.CharField(max_length=20)),
                        ("currency", models.CharField(max_length=3)),
                        ("functional_currency", models.CharField(max_length=3)),
                        ("valid_from", models.DateField()),
                        ("rate", models.BigIntegerField()),
                        (
                            "organization",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="records.organization",
                            ),
                        ),
                    ],
                    options={
                        "db_table": "charge_rate",
                    },
                ),
                migrations.AddField(
                    model_name="advice",
                    name="organization",
                    field=models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        to="records.organization",
                    ),
                ),
                migrations.CreateModel(
                    name="LoadedGoods",
                    fields=[
                        (
                            "pk",
                            models.CompositePrimaryKey(
                                "organization_id",
                                "layer",
                                blank=True,
                                editable=False,
                                primary_key=True,
                                serialize=False,
                            ),
                        ),
                        ("layer", models.BigIntegerField()),
                        ("place", models.BigIntegerField()),
                        ("loaded_on", models.DateField()),
                        (
                            "organization",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="records.organization",
                            ),
                        ),
                    ],
                    options={
                        "db_table": "putaway_task",
                    },
                ),
                migrations.CreateModel(
                    name="MemoCredit",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        (
                            "credit_note",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="credit",
                                to="records.creditnote",
                            ),
                        ),
                        (
                            "debit_memo",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="credit",
                                to="records.debitmemo",
                            ),
                        ),
                    ],
                    options={
                        "db_table": "credit_settlement",
                    },
                ),
                migrations.CreateModel(
                    name="OrderLineClosing",
                    fields=[
                        (
                            "order_line",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.PROTECT,
                                primary_key=True,
                                serialize=False,
                                to="records.orderline",
                            ),
                        ),
                        ("closed_on", models.DateField()),
                        ("closed_by", models.CharField(max_length=150)),
                        ("because", models.CharField(blank=True, max_length=200)),
                    ],
                    options={
                        "db_table": "order_line_closing",
                    },
                ),
                migrations.AddField(
                    model_name="orderline",
                    name="order",
                    field=models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="lines",
                        to="records.consignedorder",
                    ),
                ),
                migrations.CreateModel(
                    name="OwnedCost",
                    fields=[
                        (
                            "pk",
                            models.CompositePrimaryKey(
                                "organization_id",
                                "layer",
                                blank=True,
                                editable=False,
                                primary_key=True,
                                serialize=False,
                            ),
                        ),
                        ("layer", models.BigIntegerField()),
                        ("quantity", models.BigIntegerField()),
                        ("cost", models.BigIntegerField()),
                        ("currency", models.CharField(max_length=3)),
                        ("changed_on", models.DateField()),
                        (
                            "item",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="records.item",
                            ),
                        ),
                        (
                            "organization",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="records.organization",
                            ),
                        ),
                    ],
                    options={
                        "db_table": "inventory_cost",
                    },
                ),
                migrations.CreateModel(
                    name="OwnAccount",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        ("account", models.CharField(max_length=32)),
                        ("number", models.CharField(max_length=20)),
                        ("name", models.CharField(blank=True, max_length=100)),
                        (
                            "party",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="records.party",
                            ),
                        ),
                    ],
                    options={
                        "db_table": "account_mapping",
                    },
                ),
                migrations.AddField(
                    model_name="organization",
                    name="party",
                    field=models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="organizations",
                        to="records.party",
                    ),
                ),
                migrations.CreateModel(
                    name="Numbering",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        (
                            "kind",
                            consigned_service.records.models.choices.ChoiceField(
                                max_length=20, values=("advice", "payment", "debit-memo")
                            ),
                        ),
                        ("next", models.BigIntegerField(default=1)),
                        (
                            "party",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, to="records.party"
                            ),
                        ),
                    ],
                    options={
                        "db_table": "numbering",
                    },
                ),
                migrations.CreateModel(
                    name="Message",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        ("key", models.CharField(max_length=120, unique=True)),
                        ("message_id", models.CharField(max_length=200)),
                        ("recipient", models.CharField(max_length=200)),
                        ("subject", models.CharField(max_length=200)),
                        ("body", models.TextField()),
                        ("attachment_name", models.CharField(blank=True, max_length=120)),
                        ("attachment", models.TextField(blank=True)),
                        ("queued_at", models.DateTimeField()),
                        ("queued_by", models.CharField(max_length=150)),
                        (
                            "state",
                            consigned_service.records.models.choices.ChoiceField(
                                default=consigned.settlement.delivery.Delivery["WAITING"],
                                max_length=10,
                                values=("waiting", "sent", "failed", "withdrawn"),
                            ),
                        ),
                        ("due_at", models.DateTimeField()),
                        ("leased_by", models.CharField(blank=True, max_length=120)),
                        ("leased_until", models.DateTimeField(blank=True, null=True)),
                        ("attempts", models.PositiveIntegerField(default=0)),
                        ("last_error", models.CharField(blank=True, max_length=500)),
                        ("sent_at", models.DateTimeField(blank=True, null=True)),
                        (
                            "advice",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                to="records.advice",
                            ),
                        ),
                        (
                            "party",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, to="records.party"
                            ),
                        ),
                    ],
                    options={
                        "db_table": "message",
                    },
                ),
                migrations.CreateModel(
                    name="Membership",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        (
                            "user",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="membership",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "party",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="members",
                                to="records.party",
                            ),
                        ),
                    ],
                    options={
                        "db_table": "membership",
                    },
                ),
                migrations.CreateModel(
                    name="MasterChange",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        (
                            "what",
                            consigned_service.records.models.choices.ChoiceField(
                                max_length=20,
                                values=(
                                    "party",
                                    "site",
                                    "organization",
                                    "item",
                                    "item-setting",
                                    "agreement",
                                    "price",
                                    "rule",
                                    "account",
                                    "bill",
                                ),
                            ),
                        ),
                        ("name", models.CharField(max_length=200)),
                        ("field", models.CharField(max_length=40)),
                        ("was", models.CharField(blank=True, max_length=500)),
                        ("became", models.CharField(blank=True, max_length=500)),
                        ("recorded_by", models.CharField(max_length=150)),
                        ("recorded_on", models.DateField()),
                        ("recorded_at", models.DateTimeField()),
                        (
                            "agreement",
                            models.ForeignKey(
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="records.agreement",
                            ),
                        ),
                        (
                            "item",
                            models.ForeignKey(
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="records.item",
                            ),
                        ),
                        (
                            "party",
                            models.ForeignKey(
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="records.party",
                            ),
                        ),
                    ],
                    options={
                        "db_table": "master_change",
                    },
                ),
                migrations.CreateModel(
                    name="Layer",
                    fields=[
                        (
                            "pk",
                            models.CompositePrimaryKey(
                                "organization_id",
                                "number",
                                blank=True,
                                editable=False,
                                primary_key=True,
                                serialize=False,
                            ),
                        ),
                        ("number", models.BigIntegerField()),
                        ("posting", models.BigIntegerField()),
                        ("received_on", models.DateField()),
                        (
                            "ownership",
                            consigned_service.records.models.choices.ChoiceField(
                                max_length=12, values=("owned", "non-owned", "consigned")
                            ),
                        ),
                        ("agreement", models.BigIntegerField(null=True)),
                        ("order_line", models.BigIntegerField(null=True)),
                        ("receipt", models.BigIntegerField(null=True)),
                        ("receipt_line", models.BigIntegerField(null=True)),
                        ("shipped_on", models.DateField(null=True)),
                        ("expires_on", models.DateField(null=True)),
                        ("lot", models.CharField(max_length=60, null=True)),
                        ("serial", models.CharField(max_length=60, null=True)),
                        ("price", models.BigIntegerField(null=True)),
                        ("currency", models.CharField(max_length=3, null=True)),
                        ("per", models.BigIntegerField(null=True)),
                        (
                            "customs_status",
                            consigned_service.records.models.choices.ChoiceField(
                                max_length=12, null=True, values=("free", "bonded", "free-zone")
                            ),
                        ),
                        ("customs_document", models.CharField(max_length=60, null=True)),
                        ("origin", models.CharField(max_length=2, null=True)),
                        ("from_organization", models.BigIntegerField(null=True)),
                        ("from_layer", models.BigIntegerField(null=True)),
                        ("quantity", models.BigIntegerField()),
                        (
                            "item",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="records.item",
                            ),
                        ),
                        (
                            "organization",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="records.organization",
                            ),
                        ),
                        (
                            "supplier",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="records.party",
                            ),
                        ),
                    ],
                    options={
                        "db_table": "layer",
                    },
                ),
                migrations.CreateModel(
                    name="GoodsReceipt",
                    fields=[
                        (
                            "pk",
                            models.CompositePrimaryKey(
                                "organization_id",
                                "number",
                                blank=True,
                                editable=False,
                                primary_key=True,
                                serialize=False,
                            ),
                        ),
                        ("number", models.BigIntegerField()),
                        ("posting", models.BigIntegerField()),
                        ("reference", models.CharField(max_length=120)),
                        ("ship_notice", models.BigIntegerField(null=True)),
                        ("received_on", models.DateField()),
                        (
                            "organization",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="records.organization",
                            ),
                        ),
                        (
                            "supplier",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="records.party",
                            ),
                        ),
                    ],
                    options={
                        "db_table": "goods_receipt",
                    },
                ),
                migrations.AddField(
                    model_name="debitmemo",
                    name="consignee",
                    field=models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="records.party",
                    ),
                ),
                migrations.AddField(
                    model_name="debitmemo",
                    name="consignor",
                    field=models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="records.party",
                    ),
                ),
                migrations.AddField(
                    model_name="creditnote",
                    name="consignee",
                    field=models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="records.party",
                    ),
                ),
                migrations.AddField(
                    model_name="creditnote",
                    name="consignor",
                    field=models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="records.party",
                    ),
                ),
                migrations.CreateModel(
                    name="ConsumptionRule",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        ("code", models.CharField(max_length=40, unique=True)),
                        (
                            "verdict",
                            consigned_service.records.models.choices.ChoiceField(
                                max_length=8, values=("consume", "keep")
                            ),
                        ),
                        (
                            "kind",
                            consigned_service.records.models.choices.ChoiceField(
                                blank=True,
                                max_length=32,
                                values=("putaway", "transfer", "transfer-between-organizations"),
                            ),
                        ),
                        ("from_place", models.CharField(blank=True, max_length=40)),
                        (
                            "from_zone",
                            consigned_service.records.models.choices.ChoiceField(
                                blank=True,
                                max_length=20,
                                values=(
                                    "in-transit",
                                    "dock",
                                    "inspection",
                                    "consigned-store",
                                    "stockroom",
                                    "shop-floor",
                                    "finished-goods",
                                    "quarantine",
                                    "supplier",
                                    "customer",
                                    "production",
                                    "loss",
                                    "elsewhere",
                                ),
                            ),
                        ),
                        ("to_place", models.CharField(blank=True, max_length=40)),
                        (
                            "to_zone",
                            consigned_service.records.models.choices.ChoiceField(
                                blank=True,
                                max_length=20,
                                values=(
                                    "in-transit",
                                    "dock",
                                    "inspection",
                                    "consigned-store",
                                    "stockroom",
                                    "shop-floor",
                                    "finished-goods",
                                    "quarantine",
                                    "supplier",
                                    "customer",
                                    "production",
                                    "loss",
                                    "elsewhere",
                                ),
                            ),
                        ),
                        ("is_active", models.BooleanField(default=True)),
                        (
                            "item",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="records.item",
                            ),
                        ),
                        (
                            "organization",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="records.organization",
                            ),
                        ),
                        (
                            "owner",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="records.party",
                            ),
                        ),
                        (
                            "party",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="records.party",
                            ),
                        ),
                    ],
                    options={
                        "db_table": "consumption_rule",
                    },
                ),
                migrations.CreateModel(
                    name="ComponentReturned",
                    fields=[
                        (
                            "pk",
                            models.CompositePrimaryKey(
                                "organization_id",
                                "number",
                                blank=True,
                                editable=False,
                                primary_key=True,
                                serialize=False,
                            ),
                        ),
                        ("number", models.BigIntegerField()),
                        ("posting", models.BigIntegerField()),
                        ("component", models.BigIntegerField()),
                        ("used", models.BigIntegerField(null=True)),
                        ("reference", models.CharField(max_length=120)),
                        ("quantity", models.BigIntegerField()),
                        ("cost", models.BigIntegerField()),
                        (
                            "because",
                            consigned_service.records.models.choices.ChoiceField(
                                blank=True,
                                max_length=40,
                                values=("advised", "owned-place", "turned-before"),
                            ),
                        ),
                        ("happened_on", models.DateField()),
                        (
                            "organization",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="records.organization",
                            ),
                        ),
                        (
                            "owner",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="records.party",
                            ),
                        ),
                    ],
                    options={
                        "db_table": "component_returned",
                    },
                ),
                migrations.CreateModel(
                    name="ComponentIssued",
                    fields=[
                        (
                            "pk",
                            models.CompositePrimaryKey(
                                "organization_id",
                                "number",
                                blank=True,
                                editable=False,
                                primary_key=True,
                                serialize=False,
                            ),
                        ),
                        ("number", models.BigIntegerField()),
                        ("posting", models.BigIntegerField()),
                        ("consumption", models.BigIntegerField()),
                        ("work_order", models.CharField(max_length=60)),
                        ("layer", models.BigIntegerField()),
                        ("quantity", models.BigIntegerField()),
                        ("cost", models.BigIntegerField()),
                        ("currency", models.CharField(max_length=3)),
                        ("transfer", models.BigIntegerField(null=True)),
                        ("quantity_left", models.BigIntegerField()),
                        ("cost_left", models.BigIntegerField()),
                        (
                            "item",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="records.item",
                            ),
                        ),
                        (
                            "organization",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="records.organization",
                            ),
                        ),
                        (
                            "owner",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="records.party",
                            ),
                        ),
                    ],
                    options={
                        "db_table": "component_issued",
                    },
                ),
                migrations.CreateModel(
                    name="Appointment",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        (
                            "role",
                            consigned_service.records.models.choices.ChoiceField(
                                max_length=30,
                                values=(
                                    "supplier",
                                    "oem",
                                    "contract-manufacturer",
                                    "service-provider",
                                    "buyer",
                                    "end-customer",
                                    "distributor",
                                    "reseller",
                                    "value-added-reseller",
                                    "retailer",
                                    "third-party-logistics",
                                    "fourth-party-logistics",
                                    "forwarder",
                                    "carrier",
                                    "inventory-manager",
                                    "third-party-warehouse",
                                    "customs",
                                    "marketplace",
                                    "consolidator",
                                    "broker",
                                    "floor-plan-financer",
                                ),
                            ),
                        ),
                        ("agreement", models.BigIntegerField(default=0)),
                        ("organization", models.BigIntegerField(default=0)),
                        (
                            "party",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="records.party",
                            ),
                        ),
                    ],
                    options={
                        "db_table": "appointment",
                    },
                ),
                migrations.AddField(
                    model_name="agreement",
                    name="consignee",
                    field=models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="records.party",
                    ),
                ),
                migrations.AddField(
                    model_name="agreement",
                    name="consignor",
                    field=models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="records.party",
                    ),
                ),
                migrations.AddField(
                    model_name="advice",
                    name="consignee",
                    field=models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="records.party",
                    ),
                ),
                migrations.AddField(
                    model_name="advice",
                    name="consignor",
                    field=models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="records.party",
                    ),
                ),
                migrations.CreateModel(
                    name="PassedOn",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        ("through_entry", models.BigIntegerField()),
                        (
                            "agreement",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, to="records.agreement"
                            ),
                        ),
                        (
                            "organization",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                to="records.organization",
                            ),
                        ),
                    ],
                    options={
                        "db_table": "back_to_back_progress",
                    },
                ),
                migrations.CreateModel(
                    name="Payment",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        ("number", models.CharField(max_length=60, unique=True)),
                        ("paid_on", models.DateField()),
                        ("currency", models.CharField(max_length=3)),
                        ("amount", models.BigIntegerField()),
                        (
                            "consignee",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="records.party",
                            ),
                        ),
                        (
                            "consignor",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="records.party",
                            ),
                        ),
                    ],
                    options={
                        "db_table": "payment",
                    },
                ),
                migrations.CreateModel(
                    name="PaymentCredit",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        ("amount", models.BigIntegerField()),
                        (
                            "credit_note",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="payment_credit",
                                to="records.creditnote",
                            ),
                        ),
                        (
                            "payment",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="credits",
                                to="records.payment",
                            ),
                        ),
                    ],
                    options={
                        "db_table": "payment_credit",
                    },
                ),
                migrations.CreateModel(
                    name="PaymentLine",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        ("amount", models.BigIntegerField()),
                        (
                            "invoice",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="payment_line",
                                to="records.invoice",
                            ),
                        ),
                        (
                            "payment",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="lines",
                                to="records.payment",
                            ),
                        ),
                    ],
                    options={
                        "db_table": "payment_line",
                    },
                ),
                migrations.CreateModel(
                    name="PeriodClose",
                    fields=[
                        (
                            "pk",
                            models.CompositePrimaryKey(
                                "organization_id",
                                "number",
                                blank=True,
                                editable=False,
                                primary_key=True,
                                serialize=False,
                            ),
                        ),
                        ("number", models.BigIntegerField()),
                        ("posting", models.BigIntegerField()),
                        ("closed_through", models.DateField()),
                        (
                            "organization",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="records.organization",
                            ),
                        ),
                    ],
                    options={
                        "db_table": "period_close",
                    },
                ),
                migrations.CreateModel(
                    name="Place",
                    fields=[
                        (
                            "pk",
                            models.CompositePrimaryKey(
                                "organization_id",
                                "number",
                                blank=True,
                                editable=False,
                                primary_key=True,
                                serialize=False,
                            ),
                        ),
                        ("number", models.BigIntegerField()),
                        ("posting", models.BigIntegerField()),
                        ("code", models.CharField(max_length=40)),
                        ("name", models.CharField(blank=True, max_length=200)),
                        (
                            "zone",
                            consigned_service.records.models.choices.ChoiceField(
                                max_length=20,
                                values=(
                                    "in-transit",
                                    "dock",
                                    "inspection",
                                    "consigned-store",
                                    "stockroom",
                                    "shop-floor",
                                    "finished-goods",
                                    "quarantine",
                                    "supplier",
                                    "customer",
                                    "production",
                                    "loss",
                                    "elsewhere",
                                ),
                            ),
                        ),
                        ("is_owned", models.BooleanField(default=False)),
                        ("is_nettable", models.BooleanField(default=True)),
                        (
                            "organization",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="records.organization",
                            ),
                        ),
                    ],
                    options={
                        "db_table": "place",
                    },
                ),
                migrations.CreateModel(
                    name="Position",
                    fields=[
                        (
                            "pk",
                            models.CompositePrimaryKey(
                                "organization_id",
                                "number",
                                blank=True,
                                editable=False,
                                primary_key=True,
                                serialize=False,
                            ),
                        ),
                        ("number", models.BigIntegerField()),
                        ("posting", models.BigIntegerField()),
                        ("place", models.BigIntegerField()),
                        (
                            "condition",
                            consigned_service.records.models.choices.ChoiceField(
                                max_length=12, values=("unrestricted", "on-hold", "blocked")
                            ),
                        ),
                        (
                            "item",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="records.item",
                            ),
                        ),
                        (
                            "organization",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="records.organization",
                            ),
                        ),
                        (
                            "owner",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="records.party",
                            ),
                        ),
                    ],
                    options={
                        "db_table": "position",
                    },
                ),
                migrations.CreateModel(
                    name="Posting",
                    fields=[
                        (
                            "pk",
                            models.CompositePrimaryKey(
                                "organization_id",
                                "number",
                                blank=True,
                                editable=False,
                                primary_key=True,
                                serialize=False,
                            ),
                        ),
                        ("number", models.BigIntegerField()),
                        ("cause", models.CharField(max_length=20)),
                        ("reference", models.CharField(blank=True, max_length=120)),
                        ("recorded_at", models.DateTimeField()),
                        ("recorded_on", models.DateField()),
                        ("recorded_by", models.CharField(max_length=150)),
                        ("first_entry", models.BigIntegerField()),
                        ("end_entry", models.BigIntegerField()),
                        ("seal", models.CharField(max_length=64)),
                        (
                            "organization",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="records.organization",
                            ),
                        ),
                    ],
                    options={
                        "db_table": "posting",
                    },
                ),
                migrations.CreateModel(
                    name="PriceChange",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        ("reference", models.CharField(max_length=60)),
                        ("starts_on", models.DateField()),
                        ("ends_on", models.DateField(null=True)),
                        ("price", models.BigIntegerField()),
                        ("per", models.BigIntegerField()),
                        ("changed_on", models.DateField()),
                        ("changed_by", models.CharField(max_length=150)),
                        (
                            "agreement",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, to="records.agreement"
                            ),
                        ),
                        (
                            "item",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                to="records.item",
                            ),
                        ),
                    ],
                    options={
                        "db_table": "price_change",
                    },
                ),
                migrations.CreateModel(
                    name="PriceCorrection",
                    fields=[
                        (
                            "pk",
                            models.CompositePrimaryKey(
                                "organization_id",
                                "number",
                                blank=True,
                                editable=False,
                                primary_key=True,
                                serialize=False,
                            ),
                        ),
                        ("number", models.BigIntegerField()),
                        ("posting", models.BigIntegerField()),
                        ("price_change", models.BigIntegerField()),
                        ("total", models.BigIntegerField()),
                        ("used_on", models.DateField()),
                        ("quantity", models.BigIntegerField()),
                        (
                            "organization",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="records.organization",
                            ),
                        ),
                    ],
                    options={
                        "db_table": "price_correction",
                    },
                ),
                migrations.CreateModel(
                    name="PriceWithdrawal",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        ("reference", models.CharField(max_length=60)),
                        ("starts_on", models.DateField()),
                        ("from_quantity", models.BigIntegerField(default=0)),
                        ("because", models.CharField(max_length=200)),
                        ("recorded_by", models.CharField(max_length=150)),
                        ("recorded_on", models.DateField()),
                        ("recorded_at", models.DateTimeField()),
                        (
                            "agreement",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="records.agreement",
                            ),
                        ),
                        (
                            "item",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="records.item",
                            ),
                        ),
                    ],
                    options={
                        "db_table": "price_withdrawal",
                    },
                ),
                migrations.CreateModel(
                    name="Production",
                    fields=[
                        (
                            "pk",
                            models.CompositePrimaryKey(
                                "organization_id",
                                "number",
                                blank=True,
                                editable=False,
                                primary_key=True,
                                serialize=False,
                            ),
                        ),
                        ("number", models.BigIntegerField()),
                        ("posting", models.BigIntegerField()),
                        ("reference", models.CharField(max_length=120)),
                        ("work_order", models.CharField(max_length=60)),
                        ("quantity", models.BigIntegerField()),
                        ("happened_on", models.DateField()),
                        ("layer", models.BigIntegerField()),
                        ("cost", models.BigIntegerField()),
                        ("currency", models.CharField(max_length=3)),
                        ("has_passed", models.BooleanField(default=False)),
                        (
                            "item",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="records.item",
                            ),
                        ),
                        (
                            "organization",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="records.organization",
                            ),
                        ),
                    ],
                    options={
                        "db_table": "production",
                    },
                ),
                migrations.CreateModel(
                    name="PurchaseInvoice",
                    fields=[
                        (
                            "pk",
                            models.CompositePrimaryKey(
                                "organization_id",
                                "number",
                                blank=True,
                                editable=False,
                                primary_key=True,
                                serialize=False,
                            ),
                        ),
                        ("number", models.BigIntegerField()),
                        ("posting", models.BigIntegerField()),
                        ("invoice", models.CharField(max_length=60)),
                        ("invoiced_on", models.DateField()),
                        ("layer", models.BigIntegerField()),
                        ("quantity", models.BigIntegerField()),
                        ("accrued", models.BigIntegerField()),
                        ("amount", models.BigIntegerField()),
                        ("currency", models.CharField(max_length=3)),
                        (
                            "organization",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="records.organization",
                            ),
                        ),
                        (
                            "supplier",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="records.party",
                            ),
                        ),
                    ],
                    options={
                        "db_table": "purchase_invoice",
                    },
                ),
                migrations.CreateModel(
                    name="Recall",
                    fields=[
                        (
                            "pk",
                            models.CompositePrimaryKey(
                                "organization_id",
                                "number",
                                blank=True,
                                editable=False,
                                primary_key=True,
                                serialize=False,
                            ),
                        ),
                        ("number", models.BigIntegerField()),
                        ("posting", models.BigIntegerField()),
                        ("lot", models.CharField(max_length=60)),
                        ("because", models.CharField(max_length=120)),
                        ("recalled_on", models.DateField()),
                        (
                            "item",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="records.item",
                            ),
                        ),
                        (
                            "organization",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="records.organization",
                            ),
                        ),
                        (
                            "supplier",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="records.party",
                            ),
                        ),
                    ],
                    options={
                        "db_table": "recall",
                    },
                ),
                migrations.CreateModel(
                    name="RecallEnd",
                    fields=[
                        (
                            "pk",
                            models.CompositePrimaryKey(
                                "organization_id",
                                "recall",
                                blank=True,
                                editable=False,
                                primary_key=True,
                                serialize=False,
                            ),
                        ),
                        ("recall", models.BigIntegerField()),
                        ("posting", models.BigIntegerField()),
                        ("because", models.CharField(max_length=120)),
                        ("ended_on", models.DateField()),
                        (
                            "organization",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="records.organization",
                            ),
                        ),
                    ],
                    options={
                        "db_table": "recall_end",
                    },
                ),
                migrations.CreateModel(
                    name="Renewal",
                    fields=[
                        (
                            "pk",
                            models.CompositePrimaryKey(
                                "organization_id",
                                "number",
                                blank=True,
                                editable=False,
                                primary_key=True,
                                serialize=False,
                            ),
                        ),
                        ("number", models.BigIntegerField()),
                        ("posting", models.BigIntegerField()),
                        ("reference", models.CharField(max_length=120)),
                        ("layer", models.BigIntegerField()),
                        ("becomes", models.BigIntegerField()),
                        ("quantity", models.BigIntegerField()),
                        ("happened_on", models.DateField()),
                        ("consent", models.CharField(max_length=200)),
                        ("agreed_on", models.DateField(null=True)),
                        ("agreed_by", models.CharField(max_length=150)),
                        ("because", models.CharField(max_length=200)),
                        ("takes_back", models.BigIntegerField(null=True)),
                        (
                            "organization",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="records.organization",
                            ),
                        ),
                    ],
                    options={
                        "db_table": "renewal",
                    },
                ),
                migrations.CreateModel(
                    name="Reservation",
                    fields=[
                        (
                            "pk",
                            models.CompositePrimaryKey(
                                "organization_id",
                                "number",
                                blank=True,
                                editable=False,
                                primary_key=True,
                                serialize=False,
                            ),
                        ),
                        ("number", models.BigIntegerField()),
                        ("reference", models.CharField(max_length=120)),
                        ("quantity", models.BigIntegerField()),
                        ("quantity_open", models.BigIntegerField()),
                        ("owner", models.BigIntegerField(null=True)),
                        ("lot", models.CharField(max_length=60, null=True)),
                        ("serial", models.CharField(max_length=60, null=True)),
                        ("made_on", models.DateField()),
                        (
                            "item",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="records.item",
                            ),
                        ),
                        (
                            "organization",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="records.organization",
                            ),
                        ),
                    ],
                    options={
                        "db_table": "reservation",
                    },
                ),
                migrations.CreateModel(
                    name="Resolution",
                    fields=[
                        (
                            "pk",
                            models.CompositePrimaryKey(
                                "organization_id",
                                "exception",
                                blank=True,
                                editable=False,
                                primary_key=True,
                                serialize=False,
                            ),
                        ),
                        ("exception", models.BigIntegerField()),
                        ("posting", models.BigIntegerField()),
                        ("resolved_on", models.DateField()),
                        (
                            "how",
                            consigned_service.records.models.choices.ChoiceField(
                                max_length=12,
                                values=(
                                    "taken-up",
                                    "waits-anew",
                                    "went-back",
                                    "voided",
                                    "closed",
                                    "replaced",
                                ),
                            ),
                        ),
                        ("quantity", models.BigIntegerField()),
                        ("consumption", models.BigIntegerField(null=True)),
                        ("because", models.CharField(max_length=200)),
                        (
                            "organization",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="records.organization",
                            ),
                        ),
                    ],
                    options={
                        "db_table": "exception_resolution",
                    },
                ),
                migrations.CreateModel(
                    name="Reversal",
                    fields=[
                        (
                            "pk",
                            models.CompositePrimaryKey(
                                "organization_id",
                                "entry",
                                blank=True,
                                editable=False,
                                primary_key=True,
                                serialize=False,
                            ),
                        ),
                        ("entry", models.BigIntegerField()),
                        ("posting", models.BigIntegerField()),
                        ("reverses", models.BigIntegerField()),
                        ("quantity", models.BigIntegerField()),
                        (
                            "organization",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="records.organization",
                            ),
                        ),
                    ],
                    options={
                        "db_table": "reversal",
                    },
                ),
                migrations.CreateModel(
                    name="RuleApplied",
                    fields=[
                        (
                            "pk",
                            models.CompositePrimaryKey(
                                "organization_id",
                                "entry",
                                blank=True,
                                editable=False,
                                primary_key=True,
                                serialize=False,
                            ),
                        ),
                        ("entry", models.BigIntegerField()),
                        ("posting", models.BigIntegerField()),
                        ("rule", models.BigIntegerField()),
                        (
                            "organization",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="records.organization",
                            ),
                        ),
                    ],
                    options={
                        "db_table": "rule_applied",
                    },
                ),
                migrations.CreateModel(
                    name="Run",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        (
                            "act",
                            consigned_service.records.models.choices.ChoiceField(
                                max_length=20,
                                values=(
                                    "passing-on",
                                    "aging",
                                    "advices",
                                    "send-advices",
                                    "debit-memos",
                                    "payments",
                                ),
                            ),
                        ),
                        ("slot_day", models.DateField()),
                        (
                            "state",
                            consigned_service.records.models.choices.ChoiceField(
                                default=consigned.settlement.runs.RunState["WAITING"],
                                max_length=10,
                                values=("waiting", "running", "proposed", "done", "failed"),
                            ),
                        ),
                        ("due_at", models.DateTimeField()),
                        ("leased_by", models.CharField(blank=True, max_length=120)),
                        ("leased_until", models.DateTimeField(blank=True, null=True)),
                        ("attempts", models.PositiveIntegerField(default=0)),
                        ("started_at", models.DateTimeField(blank=True, null=True)),
                        ("finished_at", models.DateTimeField(blank=True, null=True)),
                        ("result", models.CharField(blank=True, max_length=500)),
                        ("error", models.CharField(blank=True, max_length=500)),
                        ("approved_by", models.CharField(blank=True, max_length=150)),
                        (
                            "party",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, to="records.party"
                            ),
                        ),
                    ],
                    options={
                        "db_table": "run",
                    },
                ),
                migrations.CreateModel(
                    name="Sale",
                    fields=[
                        (
                            "pk",
                            models.CompositePrimaryKey(
                                "organization_id",
                                "consumption",
                                blank=True,
                                editable=False,
                                primary_key=True,
                                serialize=False,
                            ),
                        ),
                        ("consumption", models.BigIntegerField()),
                        ("posting", models.BigIntegerField()),
                        ("price", models.BigIntegerField()),
                        ("currency", models.CharField(max_length=3, null=True)),
                        ("per", models.BigIntegerField()),
                        (
                            "organization",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="records.organization",
                            ),
                        ),
                    ],
                    options={
                        "db_table": "sale",
                    },
                ),
                migrations.CreateModel(
                    name="Schedule",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        (
                            "act",
                            consigned_service.records.models.choices.ChoiceField(
                                max_length=20,
                                values=(
                                    "passing-on",
                                    "aging",
                                    "advices",
                                    "send-advices",
                                    "debit-memos",
                                    "payments",
                                ),
                            ),
                        ),
                        ("starts_at", models.TimeField()),
                        ("weekdays", models.CharField(default="1234567", max_length=7)),
                        ("is_paused", models.BooleanField(default=False)),
                        (
                            "party",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, to="records.party"
                            ),
                        ),
                    ],
                    options={
                        "db_table": "schedule",
                    },
                ),
                migrations.CreateModel(
                    name="Settlement",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        (
                            "advice",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="settlement",
                                to="records.advice",
                            ),
                        ),
                        (
                            "invoice",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="settlement",
                                to="records.invoice",
                            ),
                        ),
                    ],
                    options={
                        "db_table": "settlement",
                    },
                ),
                migrations.CreateModel(
                    name="ShipNotice",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        ("number", models.CharField(max_length=60)),
                        ("shipped_on", models.DateField()),
                        ("expected_on", models.DateField(blank=True, null=True)),
                        (
                            "consignor",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, to="records.party"
                            ),
                        ),
                        (
                            "organization",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                to="records.organization",
                            ),
                        ),
                    ],
                    options={
                        "db_table": "ship_notice",
                    },
                ),
                migrations.CreateModel(
                    name="ShipNoticeLine",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        ("line", models.PositiveIntegerField()),
                        ("quantity", models.BigIntegerField()),
                        ("lot", models.CharField(blank=True, max_length=60)),
                        ("serial", models.CharField(blank=True, max_length=4000)),
                        ("expires_on", models.DateField(blank=True, null=True)),
                        (
                            "customs_status",
                            consigned_service.records.models.choices.ChoiceField(
                                blank=True, max_length=12, values=("free", "bonded", "free-zone")
                            ),
                        ),
                        ("customs_document", models.CharField(blank=True, max_length=60)),
                        ("origin", models.CharField(blank=True, max_length=2)),
                        (
                            "notice",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="lines",
                                to="records.shipnotice",
                            ),
                        ),
                        (
                            "order_line",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, to="records.orderline"
                            ),
                        ),
                    ],
                    options={
                        "db_table": "ship_notice_line",
                    },
                ),
                migrations.CreateModel(
                    name="ShippedGoods",
                    fields=[
                        (
                            "pk",
                            models.CompositePrimaryKey(
                                "organization_id",
                                "layer",
                                blank=True,
                                editable=False,
                                primary_key=True,
                                serialize=False,
                            ),
                        ),
                        ("layer", models.BigIntegerField()),
                        ("posting", models.BigIntegerField()),
                        ("ship_notice", models.BigIntegerField()),
                        ("line", models.BigIntegerField()),
                        (
                            "organization",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="records.organization",
                            ),
                        ),
                    ],
                    options={
                        "db_table": "in_transit_layer",
                    },
                ),
                migrations.CreateModel(
                    name="SignIn",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        ("at", models.DateTimeField()),
                        ("claimed_name", models.CharField(blank=True, max_length=64)),
                        (
                            "outcome",
                            consigned_service.records.models.choices.ChoiceField(
                                max_length=20,
                                values=(
                                    "signed-in",
                                    "failed",
                                    "disabled",
                                    "delayed",
                                    "signed-out",
                                    "expired",
                                ),
                            ),
                        ),
                        ("address", models.CharField(max_length=45)),
                        ("device", models.CharField(max_length=80)),
                        ("session", models.CharField(blank=True, max_length=64)),
                        (
                            "user",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="sign_ins",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                    options={
                        "db_table": "sign_in",
                    },
                ),
                migrations.CreateModel(
                    name="Site",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        ("code", models.CharField(max_length=40)),
                        ("name", models.CharField(max_length=200)),
                        ("gln", models.CharField(blank=True, max_length=13)),
                        (
                            "party",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="sites",
                                to="records.party",
                            ),
                        ),
                    ],
                    options={
                        "db_table": "site",
                    },
                ),
                migrations.AddField(
                    model_name="organization",
                    name="site",
                    field=models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        to="records.site",
                    ),
                ),
                migrations.CreateModel(
                    name="ItemSetting",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        (
                            "ownership",
                            consigned_service.records.models.choices.ChoiceField(
                                blank=True,
                                max_length=12,
                                values=("owned", "non-owned", "consigned"),
                            ),
                        ),
                        (
                            "pick_order",
                            consigned_service.records.models.choices.ChoiceField(
                                blank=True,
                                max_length=24,
                                values=(
                                    "own-first",
                                    "consigned-first",
                                    "oldest-first",
                                    "first-expiring-first",
                                    "named-owners",
                                ),
                            ),
                        ),
                        ("owner_sequence", models.CharField(blank=True, max_length=500)),
                        ("is_approved", models.BooleanField(default=False)),
                        ("is_inspected", models.BooleanField(default=False)),
                        (
                            "item",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="records.item",
                            ),
                        ),
                        (
                            "organization",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="records.organization",
                            ),
                        ),
                        (
                            "consignor",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="records.party",
                            ),
                        ),
                        (
                            "consignor_site",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="records.site",
                            ),
                        ),
                    ],
                    options={
                        "db_table": "item_setting",
                    },
                ),
                migrations.AddField(
                    model_name="agreement",
                    name="consignor_site",
                    field=models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        to="records.site",
                    ),
                ),
                migrations.AddField(
                    model_name="advice",
                    name="consignor_site",
                    field=models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        to="records.site",
                    ),
                ),
                migrations.CreateModel(
                    name="StandardCost",
                    fields=[
                        (
                            "pk",
                            models.CompositePrimaryKey(
                                "organization_id",
                                "number",
                                blank=True,
                                editable=False,
                                primary_key=True,
                                serialize=False,
                            ),
                        ),
                        ("number", models.BigIntegerField()),
                        ("posting", models.BigIntegerField()),
                        ("cost", models.BigIntegerField()),
                        ("per", models.BigIntegerField()),
                        ("valid_from", models.DateField()),
                        ("because", models.CharField(max_length=200)),
                        (
                            "item",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="records.item",
                            ),
                        ),
                        (
                            "organization",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="records.organization",
                            ),
                        ),
                    ],
                    options={
                        "db_table": "standard_cost",
                    },
                ),
                migrations.CreateModel(
                    name="StockCount",
                    fields=[
                        (
                            "pk",
                            models.CompositePrimaryKey(
                                "organization_id",
                                "number",
                                blank=True,
                                editable=False,
                                primary_key=True,
                                serialize=False,
                            ),
                        ),
                        ("number", models.BigIntegerField()),
                        ("posting", models.BigIntegerField()),
                        ("reference", models.CharField(max_length=60)),
                        ("recount", models.BigIntegerField()),
                        (
                            "side",
                            consigned_service.records.models.choices.ChoiceField(
                                max_length=10, values=("consignee", "consignor")
                            ),
                        ),
                        ("counted_by", models.CharField(max_length=120, null=True)),
                        ("owner", models.BigIntegerField(null=True)),
                        ("place", models.BigIntegerField(null=True)),
                        ("lot", models.CharField(max_length=60, null=True)),
                        ("serial", models.CharField(max_length=60, null=True)),
                        ("counted", models.BigIntegerField()),
                        ("said", models.CharField(max_length=60, null=True)),
                        ("counted_on", models.DateField()),
                        (
                            "reason",
                            consigned_service.records.models.choices.ChoiceField(
                                max_length=16,
                                null=True,
                                values=(
                                    "sold",
                                    "broken",
                                    "stolen",
                                    "customer-return",
                                    "sample",
                                    "miscount",
                                    "mis-shipped",
                                    "expired",
                                    "unknown",
                                ),
                            ),
                        ),
                        (
                            "item",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="records.item",
                            ),
                        ),
                        (
                            "organization",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="records.organization",
                            ),
                        ),
                    ],
                    options={
                        "db_table": "stock_count",
                    },
                ),
                migrations.CreateModel(
                    name="TaxRate",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        ("code", models.CharField(max_length=20)),
                        ("name", models.CharField(max_length=200)),
                        ("rate", models.BigIntegerField()),
                        ("recoverable", models.BigIntegerField()),
                        ("valid_from", models.DateField()),
                        ("told_at", models.DateTimeField()),
                    ],
                    options={
                        "db_table": "tax_rate",
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("code", "valid_from"), name="tax_rate_is_one"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ToldAfterCount",
                    fields=[
                        (
                            "pk",
                            models.CompositePrimaryKey(
                                "organization_id",
                                "number",
                                blank=True,
                                editable=False,
                                primary_key=True,
                                serialize=False,
                            ),
                        ),
                        ("number", models.BigIntegerField()),
                        ("posting", models.BigIntegerField()),
                        ("difference", models.BigIntegerField()),
                        ("quantity", models.BigIntegerField()),
                        (
                            "organization",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="records.organization",
                            ),
                        ),
                    ],
                    options={
                        "db_table": "told_after_count",
                    },
                ),
                migrations.CreateModel(
                    name="Total",
                    fields=[
                        (
                            "pk",
                            models.CompositePrimaryKey(
                                "organization_id",
                                "number",
                                blank=True,
                                editable=False,
                                primary_key=True,
                                serialize=False,
                            ),
                        ),
                        ("number", models.BigIntegerField()),
                        ("posting", models.BigIntegerField()),
                        ("agreement", models.BigIntegerField()),
                        ("closes_on", models.DateField()),
                        ("happened_on", models.DateField()),
                        (
                            "kind",
                            consigned_service.records.models.choices.ChoiceField(
                                max_length=20,
                                values=(
                                    "sale",
                                    "issue",
                                    "express-issue",
                                    "sample",
                                    "scrap",
                                    "adjustment",
                                    "count",
                                    "production",
                                    "backflush",
                                    "kit",
                                    "work-order",
                                    "transfer-to-owned",
                                ),
                            ),
                        ),
                        ("price", models.BigIntegerField()),
                        ("currency", models.CharField(max_length=3)),
                        ("per", models.BigIntegerField()),
                        ("price_source", models.CharField(max_length=120)),
                        ("alone", models.BigIntegerField(default=0)),
                        ("tax", models.CharField(default="", max_length=60)),
                        ("quantity", models.BigIntegerField()),
                        ("told_on", models.DateField(null=True)),
                        ("advice_line", models.BigIntegerField(null=True)),
                        (
                            "item",
                            models.ForeignKey(
                                db_constraint=False,
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="records.item",
                            ),
                        ),
                        (
                            "organization",
                            models.ForeignKey(
                                db_constraint=False,
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="records.organization",
                            ),
                        ),
                    ],
                    options={
                        "db_table": "running_total",
                    },
                ),
                migrations.CreateModel(
                    name="UserSession",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        ("session_key", models.CharField(max_length=40, unique=True)),
                        ("signed_in_at", models.DateTimeField()),
                        ("last_used_at", models.DateTimeField()),
                        ("address", models.CharField(max_length=45)),
                        ("device", models.CharField(max_length=80)),
                        (
                            "user",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="sessions",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                    options={
                        "db_table": "user_session",
                    },
                ),
                migrations.CreateModel(
                    name="Voucher",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        ("number", models.CharField(max_length=60)),
                        ("vouchered_on", models.DateField()),
                        ("amount", models.BigIntegerField()),
                        ("recorded_on", models.DateField()),
                        ("recorded_by", models.CharField(max_length=150)),
                        (
                            "advice",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="vouchers",
                                to="records.advice",
                            ),
                        ),
                    ],
                    options={
                        "db_table": "voucher",
                    },
                ),
                migrations.CreateModel(
                    name="VoucherLine",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        ("line", models.PositiveIntegerField()),
                        ("amount", models.BigIntegerField()),
                        (
                            "voucher",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="lines",
                                to="records.voucher",
                            ),
                        ),
                    ],
                    options={
                        "db_table": "voucher_line",
                    },
                ),
                migrations.CreateModel(
                    name="WaitingException",
                    fields=[
                        (
                            "pk",
                            models.CompositePrimaryKey(
                                "organization_id",
                                "number",
                                blank=True,
                                editable=False,
                                primary_key=True,
                                serialize=False,
                            ),
                        ),
                        ("number", models.BigIntegerField()),
                        ("posting", models.BigIntegerField()),
                        ("consumption", models.BigIntegerField(null=True)),
                        ("entry", models.BigIntegerField(null=True)),
                        ("quantity", models.BigIntegerField()),
                        ("reason", models.CharField(max_length=40)),
                        ("sentence", models.CharField(max_length=500)),
                        ("opened_on", models.DateField()),
                        (
                            "item",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="records.item",
                            ),
                        ),
                        (
                            "organization",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="records.organization",
                            ),
                        ),
                    ],
                    options={
                        "db_table": "open_exception",
                    },
                ),
                migrations.CreateModel(
                    name="WorkOrderUse",
                    fields=[
                        (
                            "pk",
                            models.CompositePrimaryKey(
                                "organization_id",
                                "consumption",
                                blank=True,
                                editable=False,
                                primary_key=True,
                                serialize=False,
                            ),
                        ),
                        ("consumption", models.BigIntegerField()),
                        ("posting", models.BigIntegerField()),
                        ("work_order", models.CharField(max_length=60, null=True)),
                        ("account", models.CharField(max_length=32, null=True)),
                        ("production", models.BigIntegerField(null=True)),
                        (
                            "organization",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="records.organization",
                            ),
                        ),
                    ],
                    options={
                        "db_table": "work_order_issue",
                    },
                ),
                migrations.CreateModel(
                    name="AgreementAmendment",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        ("reference", models.CharField(max_length=60)),
                        ("starts_on", models.DateField()),
                        (
                            "term",
                            consigned_service.records.models.choices.ChoiceField(
                                max_length=40,
                                values=(
                                    "frequency",
                                    "first_closing_on",
                                    "closing_days",
                                    "summary_level",
                                    "settlement_method",
                                    "bill_to",
                                    "payment_days",
                                    "invoice_tolerance",
                                    "price_sources",
                                    "taxed",
                                    "aging_days",
                                    "aging_onset",
                                    "aged_outcome",
                                    "display_days",
                                    "return_by",
                                    "end_of_term",
                                    "grace_days",
                                    "rotation_percent",
                                    "rotation_every_days",
                                    "over_receipt_percent",
                                    "under_receipt_percent",
                                    "loss_responsibility",
                                    "liability",
                                    "count_method",
                                    "count_every_days",
                                    "cycle_count_percent",
                                    "ends_on",
                                ),
                            ),
                        ),
                        ("was", models.CharField(blank=True, max_length=500)),
                        ("became", models.CharField(blank=True, max_length=500)),
                        ("consent", models.CharField(max_length=200)),
                        ("because", models.CharField(blank=True, max_length=200)),
                        ("recorded_by", models.CharField(max_length=150)),
                        ("recorded_on", models.DateField()),
                        ("recorded_at", models.DateTimeField()),
                        (
                            "agreement",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="records.agreement",
                            ),
                        ),
                    ],
                    options={
                        "db_table": "agreement_amendment",
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("agreement", "reference", "term"),
                                name="agreement_amendment_is_one",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="AgreementTax",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        ("item", models.BigIntegerField(default=0)),
                        ("tax_code", models.CharField(max_length=20)),
                        ("starts_on", models.DateField()),
                        (
                            "agreement",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="taxes",
                                to="records.agreement",
                            ),
                        ),
                    ],
                    options={
                        "db_table": "agreement_tax",
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("agreement", "item", "starts_on"),
                                name="agreement_tax_is_one",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ApiKey",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        ("name", models.CharField(max_length=40)),
                        ("digest", models.CharField(max_length=64, unique=True)),
                        (
                            "scope",
                            consigned_service.records.models.choices.ChoiceField(
                                max_length=10, values=("read", "record")
                            ),
                        ),
                        ("created_at", models.DateTimeField()),
                        ("expires_at", models.DateTimeField()),
                        ("last_used_on", models.DateField(blank=True, null=True)),
                        ("revoked_at", models.DateTimeField(blank=True, null=True)),
                        (
                            "user",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="api_keys",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                    options={
                        "db_table": "api_key",
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("revoked_at", None)),
                                fields=("user", "name"),
                                name="api_key_in_force_is_one_of_its_name",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="BillingCalendar",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        ("organization_id", models.BigIntegerField(default=0)),
                        ("closed_through", models.DateField()),
                        (
                            "agreement",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, to="records.agreement"
                            ),
                        ),
                    ],
                    options={
                        "db_table": "billing_calendar",
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("agreement", "organization_id"),
                                name="billing_calendar_is_one",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="CreditNoteDecision",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        (
                            "standing",
                            consigned_service.records.models.choices.ChoiceField(
                                max_length=12,
                                values=(
                                    "staged",
                                    "held",
                                    "disputed",
                                    "accepted",
                                    "rejected",
                                    "paid",
                                ),
                            ),
                        ),
                        ("decided_on", models.DateField()),
                        ("decided_by", models.CharField(max_length=150)),
                        ("because", models.TextField(blank=True)),
                        ("evidence", models.TextField(blank=True)),
                        (
                            "credit_note",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="decisions",
                                to="records.creditnote",
                            ),
                        ),
                    ],
                    options={
                        "db_table": "credit_note_decision",
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("credit_note", "standing"),
                                name="credit_note_is_decided_once_each_way",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="InvoiceDecision",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        (
                            "standing",
                            consigned_service.records.models.choices.ChoiceField(
                                max_length=12,
                                values=(
                                    "staged",
                                    "held",
                                    "disputed",
                                    "accepted",
                                    "rejected",
                                    "paid",
                                ),
                            ),
                        ),
                        ("decided_on", models.DateField()),
                        ("decided_by", models.CharField(max_length=150)),
                        ("because", models.TextField(blank=True)),
                        ("evidence", models.TextField(blank=True)),
                        (
                            "invoice",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="decisions",
                                to="records.invoice",
                            ),
                        ),
                    ],
                    options={
                        "db_table": "invoice_decision",
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("invoice", "standing"),
                                name="invoice_is_decided_once_each_way",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="AgreementPrice",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        ("starts_on", models.DateField()),
                        ("ends_on", models.DateField(blank=True, null=True)),
                        ("price", models.BigIntegerField(blank=True, null=True)),
                        ("per", models.BigIntegerField(default=1000000)),
                        ("from_quantity", models.BigIntegerField(default=0)),
                        ("price_terms", models.CharField(blank=True, default="", max_length=200)),
                        ("revision", models.PositiveIntegerField(default=0)),
                        ("withdrawal", models.BigIntegerField(default=0)),
                        ("told_at", models.DateTimeField(null=True)),
                        (
                            "agreement",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="prices",
                                to="records.agreement",
                            ),
                        ),
                        (
                            "item",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, to="records.item"
                            ),
                        ),
                    ],
                    options={
                        "db_table": "agreement_price",
                        "constraints": [
                            models.UniqueConstraint(
                                fields=(
                                    "agreement",
                                    "item",
                                    "starts_on",
                                    "from_quantity",
                                    "revision",
                                    "withdrawal",
                                ),
                                name="agreement_price_starts_once",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="AgreementLine",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        ("supplier_item", models.CharField(blank=True, max_length=60)),
                        (
                            "agreement",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="lines",
                                to="records.agreement",
                            ),
                        ),
                        (
                            "item",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, to="records.item"
                            ),
                        ),
                    ],
                    options={
                        "db_table": "agreement_line",
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("agreement", "item"), name="agreement_line_per_item"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ItemUnit",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        ("unit", models.CharField(max_length=12)),
                        ("micros", models.BigIntegerField()),
                        (
                            "item",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="units",
                                to="records.item",
                            ),
                        ),
                    ],
                    options={
                        "db_table": "item_unit",
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("item", "unit"), name="item_unit_is_said_once"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Journal",
                    fields=[
                        (
                            "pk",
                            models.CompositePrimaryKey(
                                "organization_id",
                                "number",
                                blank=True,
                                editable=False,
                                primary_key=True,
                                serialize=False,
                            ),
                        ),
                        ("number", models.BigIntegerField()),
                        ("posting", models.BigIntegerField()),
                        ("book", models.BigIntegerField()),
                        ("debit", models.CharField(max_length=32)),
                        ("credit", models.CharField(max_length=32)),
                        ("amount", models.BigIntegerField()),
                        ("currency", models.CharField(max_length=3)),
                        ("happened_on", models.DateField()),
                        ("agreement", models.BigIntegerField(null=True)),
                        (
                            "organization",
                            models.ForeignKey(
                                db_constraint=False,
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="records.organization",
                            ),
                        ),
                    ],
                    options={
                        "db_table": "journal",
                        "indexes": [
                            models.Index(
                                fields=["organization", "agreement"], name="journal_of_agreement"
                            ),
                            models.Index(
                                fields=["organization", "posting"], name="journal_of_posting"
                            ),
                        ],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("amount__gt", 0)),
                                name="journal_books_something",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Inspection",
                    fields=[
                        (
                            "pk",
                            models.CompositePrimaryKey(
                                "organization_id",
                                "number",
                                blank=True,
                                editable=False,
                                primary_key=True,
                                serialize=False,
                            ),
                        ),
                        ("number", models.BigIntegerField()),
                        ("posting", models.BigIntegerField()),
                        ("reference", models.CharField(max_length=120)),
                        ("receipt", models.BigIntegerField()),
                        ("line", models.BigIntegerField()),
                        (
                            "outcome",
                            consigned_service.records.models.choices.ChoiceField(
                                max_length=20,
                                values=(
                                    "accept",
                                    "reject",
                                    "hold",
                                    "reinspect",
                                    "hold-receipt",
                                    "release-receipt",
                                ),
                            ),
                        ),
                        ("quantity", models.BigIntegerField()),
                        ("because", models.CharField(max_length=200)),
                        ("inspected_on", models.DateField()),
                        (
                            "organization",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="records.organization",
                            ),
                        ),
                    ],
                    options={
                        "db_table": "inspection",
                        "indexes": [
                            models.Index(
                                fields=["organization", "receipt"], name="inspection_of_receipt"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="HoldEnd",
                    fields=[
                        (
                            "pk",
                            models.CompositePrimaryKey(
                                "organization_id",
                                "number",
                                blank=True,
                                editable=False,
                                primary_key=True,
                                serialize=False,
                            ),
                        ),
                        ("number", models.BigIntegerField()),
                        ("posting", models.BigIntegerField()),
                        ("hold", models.BigIntegerField()),
                        ("quantity", models.BigIntegerField()),
                        ("ended_on", models.DateField()),
                        (
                            "organization",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="records.organization",
                            ),
                        ),
                    ],
                    options={
                        "db_table": "hold_end",
                        "indexes": [
                            models.Index(fields=["organization", "hold"], name="hold_end_of_hold")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="GoodsReturn",
                    fields=[
                        (
                            "pk",
                            models.CompositePrimaryKey(
                                "organization_id",
                                "number",
                                blank=True,
                                editable=False,
                                primary_key=True,
                                serialize=False,
                            ),
                        ),
                        ("number", models.BigIntegerField()),
                        ("posting", models.BigIntegerField()),
                        ("reference", models.CharField(max_length=120)),
                        (
                            "direction",
                            consigned_service.records.models.choices.ChoiceField(
                                max_length=20,
                                values=(
                                    "to-consigned",
                                    "to-supplier",
                                    "receipt-reversed",
                                    "from-customer",
                                    "as-issued",
                                ),
                            ),
                        ),
                        ("layer", models.BigIntegerField()),
                        ("quantity", models.BigIntegerField()),
                        ("is_owned", models.BooleanField()),
                        ("happened_on", models.DateField()),
                        ("because", models.CharField(max_length=200)),
                        ("reopens_order", models.BooleanField()),
                        ("customer", models.CharField(max_length=120, null=True)),
                        (
                            "organization",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="records.organization",
                            ),
                        ),
                    ],
                    options={
                        "db_table": "goods_return",
                        "indexes": [
                            models.Index(
                                fields=["organization", "layer"], name="goods_return_of_layer"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="GoodsReceiptLine",
                    fields=[
                        (
                            "pk",
                            models.CompositePrimaryKey(
                                "organization_id",
                                "number",
                                blank=True,
                                editable=False,
                                primary_key=True,
                                serialize=False,
                            ),
                        ),
                        ("number", models.BigIntegerField()),
                        ("posting", models.BigIntegerField()),
                        ("receipt", models.BigIntegerField()),
                        ("line", models.BigIntegerField()),
                        ("layer", models.BigIntegerField()),
                        ("quantity", models.BigIntegerField()),
                        ("said", models.CharField(max_length=80)),
                        ("is_inspected", models.BooleanField()),
                        (
                            "organization",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="records.organization",
                            ),
                        ),
                    ],
                    options={
                        "db_table": "goods_receipt_line",
                        "indexes": [
                            models.Index(
                                fields=["organization", "layer"], name="arrived_goods_of_layer"
                            ),
                            models.Index(
                                fields=["organization", "receipt"], name="arrived_goods_of_receipt"
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="GoodsHold",
                    fields=[
                        (
                            "pk",
                            models.CompositePrimaryKey(
                                "organization_id",
                                "number",
                                blank=True,
                                editable=False,
                                primary_key=True,
                                serialize=False,
                            ),
                        ),
                        ("number", models.BigIntegerField()),
                        ("posting", models.BigIntegerField()),
                        ("reference", models.CharField(max_length=120)),
                        ("because", models.CharField(max_length=200)),
                        ("layer", models.BigIntegerField()),
                        ("place", models.BigIntegerField()),
                        ("quantity", models.BigIntegerField()),
                        ("held_on", models.DateField()),
                        (
                            "organization",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="records.organization",
                            ),
                        ),
                    ],
                    options={
                        "db_table": "goods_hold",
                        "indexes": [
                            models.Index(
                                fields=["organization", "layer"], name="goods_hold_of_layer"
                            ),
                            models.Index(
                                fields=["organization", "reference"], name="goods_hold_of_reference"
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Extension",
                    fields=[
                        (
                            "pk",
                            models.CompositePrimaryKey(
                                "organization_id",
                                "number",
                                blank=True,
                                editable=False,
                                primary_key=True,
                                serialize=False,
                            ),
                        ),
                        ("number", models.BigIntegerField()),
                        ("posting", models.BigIntegerField()),
                        ("layer", models.BigIntegerField()),
                        (
                            "deadline",
                            consigned_service.records.models.choices.ChoiceField(
                                max_length=8, values=("aging", "term")
                            ),
                        ),
                        ("until", models.DateField()),
                        ("consent", models.CharField(max_length=200)),
                        (
                            "organization",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="records.organization",
                            ),
                        ),
                    ],
                    options={
                        "db_table": "extension",
                        "indexes": [
                            models.Index(
                                fields=["organization", "layer"], name="extension_of_layer"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Entry",
                    fields=[
                        (
                            "pk",
                            models.CompositePrimaryKey(
                                "organization_id",
                                "number",
                                blank=True,
                                editable=False,
                                primary_key=True,
                                serialize=False,
                            ),
                        ),
                        ("number", models.BigIntegerField()),
                        (
                            "kind",
                            consigned_service.records.models.choices.ChoiceField(
                                max_length=24,
                                values=(
                                    "shipped",
                                    "received",
                                    "put-away",
                                    "moved",
                                    "held",
                                    "released",
                                    "rejected",
                                    "issued",
                                    "voided",
                                    "returned-by-customer",
                                    "returned-from-production",
                                    "returned-to-supplier",
                                    "produced",
                                    "lost",
                                    "found",
                                    "never-came",
                                    "sent",
                                    "arrived",
                                    "renewed",
                                    "purchased",
                                    "transferred-to-owned",
                                    "transferred-to-consigned",
                                    "sold-back",
                                ),
                            ),
                        ),
                        ("layer", models.BigIntegerField()),
                        ("quantity", models.BigIntegerField()),
                        ("source", models.BigIntegerField()),
                        ("target", models.BigIntegerField()),
                        ("happened_on", models.DateField()),
                        (
                            "cause",
                            consigned_service.records.models.choices.ChoiceField(
                                max_length=16,
                                values=(
                                    "ship-notice",
                                    "receipt",
                                    "inspection",
                                    "quality",
                                    "putaway",
                                    "transfer",
                                    "consumption",
                                    "production",
                                    "return",
                                    "aging",
                                    "count",
                                    "disposition",
                                    "renewal",
                                ),
                            ),
                        ),
                        ("document", models.BigIntegerField()),
                        ("line", models.BigIntegerField()),
                        ("posting", models.BigIntegerField()),
                        ("seal", models.BigIntegerField()),
                        (
                            "organization",
                            models.ForeignKey(
                                db_constraint=False,
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="records.organization",
                            ),
                        ),
                    ],
                    options={
                        "db_table": "title_entry",
                        "indexes": [
                            models.Index(
                                fields=["organization", "layer", "number"],
                                name="title_entry_of_layer",
                            )
                        ],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("quantity__gt", 0)),
                                name="title_entry_takes_something",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="DebitRequest",
                    fields=[
                        (
                            "pk",
                            models.CompositePrimaryKey(
                                "organization_id",
                                "number",
                                blank=True,
                                editable=False,
                                primary_key=True,
                                serialize=False,
                            ),
                        ),
                        ("number", models.BigIntegerField()),
                        ("posting", models.BigIntegerField()),
                        ("goods_return", models.BigIntegerField(null=True)),
                        ("agreement", models.BigIntegerField()),
                        ("advice_line", models.BigIntegerField(null=True)),
                        ("layer", models.BigIntegerField(null=True)),
                        ("quantity", models.BigIntegerField()),
                        ("price", models.BigIntegerField()),
                        ("per", models.BigIntegerField()),
                        ("currency", models.CharField(max_length=3)),
                        ("amount", models.BigIntegerField()),
                        ("happened_on", models.DateField()),
                        ("because", models.CharField(max_length=200)),
                        ("consumption", models.BigIntegerField(null=True)),
                        (
                            "item",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="records.item",
                            ),
                        ),
                        (
                            "organization",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="records.organization",
                            ),
                        ),
                    ],
                    options={
                        "db_table": "debit_request",
                        "indexes": [
                            models.Index(
                                fields=["organization", "layer"], name="debit_request_of_layer"
                            ),
                            models.Index(fields=["advice_line"], name="debit_request_of_line"),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="DebitMemoLine",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        ("line", models.PositiveIntegerField()),
                        ("request", models.BigIntegerField()),
                        ("advice_line", models.PositiveIntegerField(null=True)),
                        ("quantity", models.BigIntegerField()),
                        ("price", models.BigIntegerField()),
                        ("per", models.BigIntegerField()),
                        ("amount", models.BigIntegerField()),
                        ("tax", models.CharField(blank=True, default="", max_length=60)),
                        ("tax_amount", models.BigIntegerField(default=0)),
                        (
                            "debit_memo",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="lines",
                                to="records.debitmemo",
                            ),
                        ),
                        (
                            "item",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="records.item",
                            ),
                        ),
                        (
                            "organization",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                to="records.organization",
                            ),
                        ),
                    ],
                    options={
                        "db_table": "debit_memo_line",
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("debit_memo", "line"), name="debit_memo_line_number"
                            ),
                            models.UniqueConstraint(
                                fields=("organization", "request"),
                                name="debit_request_is_asked_once",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="CountSheetLine",
                    fields=[
                        (
                            "pk",
                            models.CompositePrimaryKey(
                                "organization_id",
                                "number",
                                blank=True,
                                editable=False,
                                primary_key=True,
                                serialize=False,
                            ),
                        ),
                        ("number", models.BigIntegerField()),
                        ("posting", models.BigIntegerField()),
                        ("sheet", models.BigIntegerField()),
                        ("line", models.BigIntegerField()),
                        ("lot", models.CharField(max_length=60, null=True)),
                        ("serial", models.CharField(max_length=60, null=True)),
                        ("booked", models.BigIntegerField()),
                        (
                            "item",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="records.item",
                            ),
                        ),
                        (
                            "organization",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="records.organization",
                            ),
                        ),
                    ],
                    options={
                        "db_table": "count_sheet_line",
                        "indexes": [
                            models.Index(
                                fields=["organization", "sheet"], name="count_sheet_line_of_sheet"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="CountSheet",
                    fields=[
                        (
                            "pk",
                            models.CompositePrimaryKey(
                                "organization_id",
                                "number",
                                blank=True,
                                editable=False,
                                primary_key=True,
                                serialize=False,
                            ),
                        ),
                        ("number", models.BigIntegerField()),
                        ("posting", models.BigIntegerField()),
                        ("reference", models.CharField(max_length=60)),
                        ("agreement", models.BigIntegerField()),
                        ("consignor", models.BigIntegerField()),
                        ("place", models.BigIntegerField()),
                        (
                            "method",
                            consigned_service.records.models.choices.ChoiceField(
                                max_length=12, values=("full", "cycle", "blind", "blind-cycle")
                            ),
                        ),
                        ("drawn_on", models.DateField()),
                        (
                            "organization",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="records.organization",
                            ),
                        ),
                    ],
                    options={
                        "db_table": "count_sheet",
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("organization", "reference"), name="count_sheet_is_one"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="CountSettlement",
                    fields=[
                        (
                            "pk",
                            models.CompositePrimaryKey(
                                "organization_id",
                                "number",
                                blank=True,
                                editable=False,
                                primary_key=True,
                                serialize=False,
                            ),
                        ),
                        ("number", models.BigIntegerField()),
                        ("posting", models.BigIntegerField()),
                        ("difference", models.BigIntegerField()),
                        (
                            "reason",
                            consigned_service.records.models.choices.ChoiceField(
                                max_length=16,
                                values=(
                                    "sold",
                                    "broken",
                                    "stolen",
                                    "customer-return",
                                    "sample",
                                    "miscount",
                                    "mis-shipped",
                                    "expired",
                                    "unknown",
                                    "recounted",
                                ),
                            ),
                        ),
                        ("quantity", models.BigIntegerField()),
                        ("share", models.BigIntegerField()),
                        ("consumption", models.BigIntegerField(null=True)),
                        ("happened_on", models.DateField()),
                        ("takes_back", models.BigIntegerField(null=True)),
                        (
                            "organization",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="records.organization",
                            ),
                        ),
                    ],
                    options={
                        "db_table": "count_settlement",
                        "indexes": [
                            models.Index(
                                fields=["organization", "difference", "reason"],
                                name="count_settlement_of_reason",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="CountDifference",
                    fields=[
                        (
                            "pk",
                            models.CompositePrimaryKey(
                                "organization_id",
                                "number",
                                blank=True,
                                editable=False,
                                primary_key=True,
                                serialize=False,
                            ),
                        ),
                        ("number", models.BigIntegerField()),
                        ("posting", models.BigIntegerField()),
                        ("stock_count", models.BigIntegerField()),
                        ("owner", models.BigIntegerField()),
                        ("agreement", models.BigIntegerField(null=True)),
                        ("booked", models.BigIntegerField()),
                        ("counted", models.BigIntegerField()),
                        (
                            "organization",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="records.organization",
                            ),
                        ),
                    ],
                    options={
                        "db_table": "count_difference",
                        "indexes": [
                            models.Index(
                                fields=["organization", "stock_count"],
                                name="count_difference_of_count",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="CostEntry",
                    fields=[
                        (
                            "pk",
                            models.CompositePrimaryKey(
                                "organization_id",
                                "number",
                                blank=True,
                                editable=False,
                                primary_key=True,
                                serialize=False,
                            ),
                        ),
                        ("number", models.BigIntegerField()),
                        ("posting", models.BigIntegerField()),
                        ("layer", models.BigIntegerField()),
                        ("happened_on", models.DateField()),
                        ("quantity", models.BigIntegerField()),
                        ("cost", models.BigIntegerField()),
                        ("currency", models.CharField(max_length=3)),
                        ("averaged", models.BigIntegerField()),
                        (
                            "kind",
                            consigned_service.records.models.choices.ChoiceField(
                                blank=True,
                                default="",
                                max_length=20,
                                values=(
                                    "sale",
                                    "issue",
                                    "express-issue",
                                    "sample",
                                    "scrap",
                                    "adjustment",
                                    "count",
                                    "production",
                                    "backflush",
                                    "kit",
                                    "work-order",
                                    "transfer-to-owned",
                                ),
                            ),
                        ),
                        (
                            "organization",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="records.organization",
                            ),
                        ),
                    ],
                    options={
                        "db_table": "cost_entry",
                        "indexes": [
                            models.Index(
                                fields=["organization", "layer", "happened_on"],
                                name="cost_entry_of_layer",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Consumption",
                    fields=[
                        (
                            "pk",
                            models.CompositePrimaryKey(
                                "organization_id",
                                "number",
                                blank=True,
                                editable=False,
                                primary_key=True,
                                serialize=False,
                            ),
                        ),
                        ("number", models.BigIntegerField()),
                        ("posting", models.BigIntegerField()),
                        ("source", models.CharField(max_length=40)),
                        ("reference", models.CharField(max_length=120)),
                        (
                            "kind",
                            consigned_service.records.models.choices.ChoiceField(
                                max_length=20,
                                values=(
                                    "sale",
                                    "issue",
                                    "express-issue",
                                    "sample",
                                    "scrap",
                                    "adjustment",
                                    "count",
                                    "production",
                                    "backflush",
                                    "kit",
                                    "work-order",
                                    "transfer-to-owned",
                                ),
                            ),
                        ),
                        ("quantity", models.BigIntegerField()),
                        ("said", models.CharField(max_length=60, null=True)),
                        ("happened_on", models.DateField()),
                        ("occurred_at", models.CharField(max_length=40)),
                        ("place", models.BigIntegerField(null=True)),
                        ("consignor", models.BigIntegerField(null=True)),
                        ("lot", models.CharField(max_length=60, null=True)),
                        ("serial", models.CharField(max_length=60, null=True)),
                        ("price", models.BigIntegerField(null=True)),
                        ("per", models.BigIntegerField(default=1000000)),
                        ("currency", models.CharField(max_length=3, null=True)),
                        ("customer", models.CharField(max_length=120, null=True)),
                        ("reservation", models.CharField(max_length=120, null=True)),
                        ("voids_source", models.CharField(max_length=40, null=True)),
                        ("voids", models.CharField(max_length=120, null=True)),
                        ("because", models.CharField(max_length=200, null=True)),
                        (
                            "item",
                            models.ForeignKey(
                                db_constraint=False,
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="records.item",
                            ),
                        ),
                        (
                            "organization",
                            models.ForeignKey(
                                db_constraint=False,
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="records.organization",
                            ),
                        ),
                    ],
                    options={
                        "db_table": "consumption",
                        "indexes": [
                            models.Index(
                                condition=models.Q(("voids__isnull", False)),
                                fields=["organization", "voids"],
                                name="consumption_that_voids",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ComponentUsed",
                    fields=[
                        (
                            "pk",
                            models.CompositePrimaryKey(
                                "organization_id",
                                "number",
                                blank=True,
                                editable=False,
                                primary_key=True,
                                serialize=False,
                            ),
                        ),
                        ("number", models.BigIntegerField()),
                        ("posting", models.BigIntegerField()),
                        ("component", models.BigIntegerField()),
                        ("production", models.BigIntegerField()),
                        ("quantity", models.BigIntegerField()),
                        ("cost", models.BigIntegerField()),
                        (
                            "organization",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="records.organization",
                            ),
                        ),
                    ],
                    options={
                        "db_table": "component_used",
                        "indexes": [
                            models.Index(
                                fields=["organization", "component"],
                                name="component_used_of_component",
                            ),
                            models.Index(
                                fields=["organization", "production"],
                                name="component_used_in_product",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Charge",
                    fields=[
                        (
                            "pk",
                            models.CompositePrimaryKey(
                                "organization_id",
                                "entry",
                                blank=True,
                                editable=False,
                                primary_key=True,
                                serialize=False,
                            ),
                        ),
                        ("entry", models.BigIntegerField()),
                        ("posting", models.BigIntegerField()),
                        ("total", models.BigIntegerField()),
                        ("quantity", models.BigIntegerField()),
                        (
                            "organization",
                            models.ForeignKey(
                                db_constraint=False,
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="records.organization",
                            ),
                        ),
                    ],
                    options={
                        "db_table": "charge",
                        "indexes": [
                            models.Index(fields=["organization", "total"], name="charge_of_total")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="CancelledTotal",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        ("total", models.BigIntegerField()),
                        ("quantity", models.BigIntegerField()),
                        (
                            "advice_line",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="records.adviceline",
                            ),
                        ),
                        (
                            "organization",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                to="records.organization",
                            ),
                        ),
                    ],
                    options={
                        "db_table": "cancelled_running_total",
                        "indexes": [
                            models.Index(
                                fields=["organization", "total"], name="cancelled_total_of"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="BillLine",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        ("quantity_per", models.BigIntegerField()),
                        ("scrap_percent", models.BigIntegerField(default=0)),
                        (
                            "component",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="records.item",
                            ),
                        ),
                        (
                            "product",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="records.item",
                            ),
                        ),
                        (
                            "organization",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="records.organization",
                            ),
                        ),
                    ],
                    options={
                        "db_table": "bill_line",
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("organization", "product", "component"),
                                name="bill_line_is_one",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Balance",
                    fields=[
                        (
                            "pk",
                            models.CompositePrimaryKey(
                                "organization_id",
                                "position",
                                "layer",
                                blank=True,
                                editable=False,
                                primary_key=True,
                                serialize=False,
                            ),
                        ),
                        ("position", models.BigIntegerField()),
                        ("layer", models.BigIntegerField()),
                        ("quantity", models.BigIntegerField()),
                        ("is_outer", models.BooleanField()),
                        ("came_on", models.DateField(null=True)),
                        (
                            "organization",
                            models.ForeignKey(
                                db_constraint=False,
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="records.organization",
                            ),
                        ),
                    ],
                    options={
                        "db_table": "balance",
                        "indexes": [
                            models.Index(
                                condition=models.Q(("is_outer", False)),
                                fields=["organization", "layer"],
                                name="balance_on_hand",
                            )
                        ],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("is_outer", True), ("quantity__gt", 0), _connector="OR"
                                ),
                                name="balance_is_not_below_nothing",
                            )
                        ],
                    },
                ),
                migrations.AddConstraint(
                    model_name="adviceline",
                    constraint=models.UniqueConstraint(
                        fields=("advice", "line"), name="advice_line_number"
                    ),
                ),
                migrations.AddConstraint(
                    model_name="orderline",
                    constraint=models.UniqueConstraint(
                        fields=("order", "line"), name="order_line_number"
                    ),
                ),
                migrations.AddIndex(
                    model_name="ownedcost",
                    index=models.Index(
                        condition=models.Q(("quantity__gt", 0)),
                        fields=["organization", "item"],
                        name="owned_cost_of_item",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="ownaccount",
                    constraint=models.UniqueConstraint(
                        fields=("party", "account"), name="own_account_is_one"
                    ),
                ),
                migrations.AddConstraint(
                    model_name="numbering",
                    constraint=models.UniqueConstraint(
                        fields=("party", "kind"), name="numbering_of_party"
                    ),
                ),
                migrations.AddIndex(
                    model_name="message",
                    index=models.Index(fields=["state", "due_at"], name="message_due"),
                ),
                migrations.AddIndex(
                    model_name="masterchange",
                    index=models.Index(fields=["what", "name", "field"], name="master_change_of"),
                ),
                migrations.AddIndex(
                    model_name="layer",
                    index=models.Index(fields=["organization", "item"], name="layer_of_item"),
                ),
                migrations.AddIndex(
                    model_name="layer",
                    index=models.Index(
                        fields=["organization", "order_line"], name="layer_of_order_line"
                    ),
                ),
                migrations.AddIndex(
                    model_name="layer",
                    index=models.Index(fields=["organization", "receipt"], name="layer_of_receipt"),
                ),
                migrations.AddIndex(
                    model_name="layer",
                    index=models.Index(
                        condition=models.Q(("lot__isnull", False)),
                        fields=["organization", "lot"],
                        name="layer_of_lot",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="invoice",
                    constraint=models.UniqueConstraint(
                        fields=("consignor", "number", "year"), name="invoice_number_of_consignor"
                    ),
                ),
                migrations.AddConstraint(
                    model_name="creditnote",
                    constraint=models.UniqueConstraint(
                        fields=("consignor", "number", "year"),
                        name="credit_note_number_of_consignor",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="consignedorder",
                    constraint=models.UniqueConstraint(
                        fields=("organization", "number"), name="order_number_of_organization"
                    ),
                ),
                migrations.AddIndex(
                    model_name="componentreturned",
                    index=models.Index(
                        fields=["organization", "component"], name="component_returned_of"
                    ),
                ),
                migrations.AddIndex(
                    model_name="componentissued",
                    index=models.Index(
                        condition=models.Q(
                            ("quantity_left__gt", 0),
                            models.Q(("cost_left", 0), _negated=True),
                            _connector="OR",
                        ),
                        fields=["organization", "work_order"],
                        name="component_in_process",
                    ),
                ),
                migrations.AddIndex(
                    model_name="componentissued",
                    index=models.Index(
                        condition=models.Q(("transfer__isnull", False)),
                        fields=["organization", "transfer"],
                        name="component_of_transfer",
                    ),
                ),
                migrations.AddIndex(
                    model_name="componentissued",
                    index=models.Index(fields=["organization", "layer"], name="component_of_layer"),
                ),
                migrations.AddConstraint(
                    model_name="appointment",
                    constraint=models.UniqueConstraint(
                        fields=("party", "role", "agreement", "organization"),
                        name="appointment_is_one",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="passedon",
                    constraint=models.UniqueConstraint(
                        fields=("agreement", "organization"), name="passed_on_is_one"
                    ),
                ),
                migrations.AddConstraint(
                    model_name="place",
                    constraint=models.UniqueConstraint(
                        fields=("organization", "code"), name="place_code"
                    ),
                ),
                migrations.AddIndex(
                    model_name="position",
                    index=models.Index(fields=["owner", "organization"], name="position_of_owner"),
                ),
                migrations.AddConstraint(
                    model_name="position",
                    constraint=models.UniqueConstraint(
                        fields=("organization", "item", "owner", "place", "condition"),
                        name="position_is_one",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="pricechange",
                    constraint=models.UniqueConstraint(
                        fields=("agreement", "reference"), name="price_change_is_one"
                    ),
                ),
                migrations.AddIndex(
                    model_name="pricecorrection",
                    index=models.Index(
                        fields=["organization", "total"], name="price_correction_of_total"
                    ),
                ),
                migrations.AddConstraint(
                    model_name="pricewithdrawal",
                    constraint=models.UniqueConstraint(
                        fields=("agreement", "reference"), name="price_withdrawal_is_one"
                    ),
                ),
                migrations.AddIndex(
                    model_name="production",
                    index=models.Index(
                        fields=["organization", "layer"], name="production_of_layer"
                    ),
                ),
                migrations.AddIndex(
                    model_name="purchaseinvoice",
                    index=models.Index(
                        fields=["organization", "layer"], name="purchase_invoice_of_layer"
                    ),
                ),
                migrations.AddIndex(
                    model_name="renewal",
                    index=models.Index(fields=["organization", "layer"], name="renewal_of_layer"),
                ),
                migrations.AddIndex(
                    model_name="renewal",
                    index=models.Index(fields=["organization", "becomes"], name="renewal_to_layer"),
                ),
                migrations.AddIndex(
                    model_name="renewal",
                    index=models.Index(
                        fields=["organization", "takes_back"], name="renewal_taken_back"
                    ),
                ),
                migrations.AddIndex(
                    model_name="renewal",
                    index=models.Index(
                        fields=["organization", "happened_on"], name="renewal_by_day"
                    ),
                ),
                migrations.AddIndex(
                    model_name="reservation",
                    index=models.Index(
                        condition=models.Q(("quantity_open__gt", 0)),
                        fields=["organization", "item"],
                        name="reservation_open",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="reservation",
                    constraint=models.UniqueConstraint(
                        fields=("organization", "reference", "item"), name="reservation_is_one"
                    ),
                ),
                migrations.AddIndex(
                    model_name="resolution",
                    index=models.Index(
                        condition=models.Q(("consumption__isnull", False)),
                        fields=["organization", "consumption"],
                        name="exception_resolution_by_line",
                    ),
                ),
                migrations.AddIndex(
                    model_name="reversal",
                    index=models.Index(
                        fields=["organization", "reverses"], name="reversal_of_entry"
                    ),
                ),
                migrations.AddConstraint(
                    model_name="run",
                    constraint=models.UniqueConstraint(
                        fields=("party", "act", "slot_day"), name="run_of_slot"
                    ),
                ),
                migrations.AddConstraint(
                    model_name="schedule",
                    constraint=models.UniqueConstraint(
                        fields=("party", "act"), name="schedule_of_act"
                    ),
                ),
                migrations.AddConstraint(
                    model_name="shipnotice",
                    constraint=models.UniqueConstraint(
                        fields=("consignor", "number"), name="ship_notice_number_of_consignor"
                    ),
                ),
                migrations.AddConstraint(
                    model_name="shipnoticeline",
                    constraint=models.UniqueConstraint(
                        fields=("notice", "line"), name="ship_notice_line_number"
                    ),
                ),
                migrations.AddIndex(
                    model_name="shippedgoods",
                    index=models.Index(
                        fields=["organization", "ship_notice"], name="shipped_goods_of_notice"
                    ),
                ),
                migrations.AddConstraint(
                    model_name="site",
                    constraint=models.UniqueConstraint(
                        fields=("party", "code"), name="site_is_one_of_its_party"
                    ),
                ),
                migrations.AddConstraint(
                    model_name="itemsetting",
                    constraint=models.UniqueConstraint(
                        fields=("organization", "item"), name="item_setting_of_organization"
                    ),
                ),
                migrations.AddIndex(
                    model_name="agreement",
                    index=models.Index(
                        condition=models.Q(("sourced_from", ""), _negated=True),
                        fields=["consignee"],
                        name="agreement_handed_on",
                    ),
                ),
                migrations.AddIndex(
                    model_name="advice",
                    index=models.Index(fields=["closes_on"], name="advice_closing"),
                ),
                migrations.AddIndex(
                    model_name="advice",
                    index=models.Index(
                        condition=models.Q(("settlement_method", "report-only")),
                        fields=["agreement"],
                        name="advice_settled_elsewhere",
                    ),
                ),
                migrations.AddIndex(
                    model_name="standardcost",
                    index=models.Index(
                        fields=["organization", "item"], name="standard_cost_of_item"
                    ),
                ),
                migrations.AddIndex(
                    model_name="stockcount",
                    index=models.Index(
                        fields=["organization", "reference"], name="stock_count_of_reference"
                    ),
                ),
                migrations.AddIndex(
                    model_name="stockcount",
                    index=models.Index(fields=["organization", "item"], name="stock_count_of_item"),
                ),
                migrations.AddIndex(
                    model_name="toldaftercount",
                    index=models.Index(
                        fields=["organization", "difference"], name="told_after_count_of_diff"
                    ),
                ),
                migrations.AddIndex(
                    model_name="total",
                    index=models.Index(
                        condition=models.Q(("told_on__isnull", True)),
                        fields=["organization", "closes_on"],
                        name="running_total_untold",
                    ),
                ),
                migrations.AddIndex(
                    model_name="total",
                    index=models.Index(fields=["advice_line"], name="running_total_of_line"),
                ),
                migrations.AddConstraint(
                    model_name="total",
                    constraint=models.UniqueConstraint(
                        fields=(
                            "organization",
                            "agreement",
                            "closes_on",
                            "item",
                            "happened_on",
                            "kind",
                            "price",
                            "per",
                            "price_source",
                            "alone",
                            "tax",
                        ),
                        name="running_total_is_one",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="voucher",
                    constraint=models.UniqueConstraint(
                        fields=("advice", "number"), name="voucher_number_of_advice"
                    ),
                ),
                migrations.AddConstraint(
                    model_name="voucherline",
                    constraint=models.UniqueConstraint(
                        fields=("voucher", "line"), name="voucher_line_number"
                    ),
                ),
                migrations.AddIndex(
                    model_name="waitingexception",
                    index=models.Index(
                        fields=["organization", "consumption"], name="waiting_exception_of_use"
                    ),
                ),
                migrations.AddIndex(
                    model_name="waitingexception",
                    index=models.Index(
                        condition=models.Q(("entry__isnull", False)),
                        fields=["organization", "entry"],
                        name="waiting_exception_of_entry",
                    ),
                ),
                migrations.AddIndex(
                    model_name="waitingexception",
                    index=models.Index(
                        condition=models.Q(("reason", "unknown-use")),
                        fields=["organization"],
                        name="waiting_void",
                    ),
                ),
            ]
        )
    ]
