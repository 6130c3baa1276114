"""Would the audit notice? Each law of an audit has a fault of its own, which is planted in the rows
as somebody with the administrator's password could write it, and the law is named that finds it.

The faults of the money stand in `test_money_faults`.
"""

from consigned.title.laws import Law
from consigned_service.operations.audit.audit import audit
from consigned_service.operations.audit.laws import accounts, goods, installation, seals, settlement
from consigned_service.operations.audit.laws.registry import (
    OF_EACH_LEDGER,
    OF_THE_INSTALLATION,
    every_fact_can_be_read,
)
from tests.service import test_money_faults as money
from tests.service.tampering import take_the_guards_away
from tests.service.test_audit_existence import altered
from tests.service.test_money_faults import (
    DUE,
    STRANGER,
    every_way_to_settle,
    left_out,
    otherwise,
)
from tests.support.databases import Database

LAWS = (*OF_THE_INSTALLATION, *OF_EACH_LEDGER, every_fact_can_be_read)

PIECE = "quantity = quantity + 1000000"


def first(table: str, where: str = "1 = 1", number: str = "number") -> str:
    """The condition for the first row of a table that is so."""
    return f"{number} = (SELECT MIN({number}) FROM {table} WHERE {where})"


ISSUED = first("title_entry", "kind = 'issued'")
BOOKS = {law.name: law for law in accounts.BOOKS}

FAULTS: dict[Law, str] = {
    installation.a_gtin_is_one_item: "UPDATE item SET gtin = '4006381333931'",
    installation.each_ledger_has_its_organization: "DELETE FROM organization",
    installation.what_is_named_is_there: "DELETE FROM payment",
    installation.what_left_arrived: (f"UPDATE title_entry SET kind = 'sent' WHERE {ISSUED}"),
    installation.sent_and_arrived_cost_the_same: otherwise(
        "credit = 'between-organizations'", "debit = 'inventory'"
    ),
    installation.designations_are_as_decided: (
        "INSERT INTO designation_change (item_id, what, before, after, because, recorded_by, "
        "recorded_at) SELECT MIN(id), 'designation', 'consigned', 'owned', '', 'ann', "
        "'2026-03-02 10:00:00' FROM item WHERE ownership = 'consigned'"
    ),
    installation.a_withdrawn_price_holds_on_no_day: (
        "UPDATE agreement_price SET withdrawal = 0 WHERE withdrawal <> 0"
    ),
    installation.terms_are_as_agreed_on_their_day: (
        "UPDATE agreement_amendment SET recorded_on = '2126-01-01'"
    ),
    installation.changes_of_master_data_are_recorded: "UPDATE master_change SET became = 'another'",
    installation.use_is_passed_on_once: (
        "INSERT INTO back_to_back_progress (agreement_id, organization_id, through_entry) "
        "SELECT agreement, organization_id, 1000000 FROM layer WHERE number = (SELECT MIN(layer) "
        "FROM title_entry WHERE kind = 'transferred-to-owned')"
    ),
    seals.no_fact_is_missing: "UPDATE ledger SET next_layer = next_layer + 1",
    seals.no_entry_is_missing: "DELETE FROM title_entry WHERE number = 3",
    seals.title_and_custody_move_apart: (
        "UPDATE title_entry SET kind = 'moved' WHERE kind = 'transferred-to-owned'"
    ),
    seals.the_seal_holds: "UPDATE posting SET recorded_by = 'bob' WHERE number = 2",
    goods.replay_gives_the_balances: (
        f"UPDATE balance SET {PIECE} WHERE position = 1 AND layer = 1"
    ),
    goods.goods_are_conserved: f"UPDATE balance SET {PIECE} WHERE position = 1 AND layer = 1",
    goods.no_stock_is_negative: (
        f"UPDATE title_entry SET quantity = quantity * 1000 WHERE {ISSUED}"
    ),
    goods.pieces_are_whole: (
        "UPDATE consumption SET quantity = quantity + 1 WHERE source = 'till'"
    ),
    goods.goods_on_hold_have_a_reason: "DELETE FROM goods_hold",
    goods.receipts_state_what_came_in: f"UPDATE goods_receipt_line SET {PIECE}",
    goods.receipts_answer_notices_of_their_supplier: (
        f"UPDATE ship_notice SET consignor_id = {STRANGER}"
    ),
    goods.goods_come_in_as_agreed: (
        "UPDATE layer SET ownership = 'owned' WHERE agreement IS NOT NULL"
    ),
    goods.renewals_pass_goods_on: "UPDATE ledger SET renewed_through = '2026-01-01'",
    goods.components_keep_to_their_event: ("UPDATE agreement SET title_after_inspection = (1 = 1)"),
    goods.owned_places_hold_our_goods: "UPDATE place SET is_owned = (1 = 1)",
    goods.nothing_reported_is_lost: f"UPDATE consumption SET {PIECE}",
    goods.no_use_is_voided_beyond_itself: (
        "UPDATE consumption SET voids = 'nothing', voids_source = 'till' WHERE source = 'till'"
    ),
    goods.a_reference_names_its_use: "DELETE FROM idempotency_key WHERE source = 'till'",
    goods.a_reference_names_its_receipt_line: (
        "UPDATE idempotency_key SET document = document + 1 WHERE source = ' receipt'"
    ),
    goods.an_entry_names_its_document: "UPDATE title_entry SET document = document + 1000",
    goods.differences_are_settled_once: f"UPDATE count_settlement SET {PIECE}",
    goods.counts_are_held_against_their_evening: (
        "UPDATE count_difference SET booked = booked + 1000000"
    ),
    settlement.each_transfer_is_charged_once: "DELETE FROM charge",
    settlement.totals_close_with_their_cycles: (
        "UPDATE running_total SET closes_on = '2026-03-10' WHERE "
        f"{first('running_total', 'alone = 0')}"
    ),
    settlement.nothing_goes_back_twice: f"UPDATE reversal SET {PIECE}",
    settlement.price_changes_move_no_goods: f"UPDATE price_correction SET {PIECE}",
    settlement.rates_were_in_force: "UPDATE charge_rate SET rate = rate + 1",
    accounts.bought_goods_are_invoiced_once: "UPDATE purchase_invoice SET accrued = accrued + 1",
    accounts.journals_balance: "UPDATE journal SET credit = debit WHERE number = 1",
    BOOKS["both books agree on what is vouchered elsewhere"]: left_out(
        "debit = 'billed-elsewhere'"
    ),
    BOOKS["both books agree on the accrual"]: left_out(f"debit = '{DUE}' AND credit = 'revenue'"),
    BOOKS["both books agree on what is asked back"]: left_out("credit = 'customer-credits'"),
    accounts.the_owners_book_is_the_goods_elsewhere: left_out("debit = 'goods-on-consignment'"),
    accounts.the_memo_is_the_goods_held: left_out("debit = 'memo-consigned-goods'"),
    accounts.our_own_goods_are_costed: f"UPDATE inventory_cost SET {PIECE}",
    accounts.the_inventory_account_is_the_cost_of_our_goods: left_out("debit = 'inventory'"),
    accounts.what_came_back_cost_what_it_went_out_at: (
        "UPDATE cost_entry SET cost = cost + 1000000000 WHERE quantity < 0"
    ),
    accounts.what_is_in_process_went_in: "UPDATE component_issued SET cost_left = cost_left + 1",
    accounts.work_in_progress_is_what_is_in_process: left_out("debit = 'work-in-progress'"),
    every_fact_can_be_read: "DELETE FROM party",
}


def test_each_fault_is_found_by_its_law(database: Database) -> None:
    every_way_to_settle()
    take_the_guards_away()
    unseen = []
    for law, statement in FAULTS.items():
        with altered(database, statement):
            found = {breach.law for breach in audit().breaches}
        if law.name not in found:
            unseen.append((law.name, sorted(found)))
    assert unseen == []
    assert audit().holds


def test_every_law_has_a_name_of_its_own_and_a_fault_that_it_finds() -> None:
    names = [law.name for law in LAWS]
    assert len(set(names)) == len(names)
    planted = {law.name for law in FAULTS} | {fault.law for fault in money.FAULTS}
    assert planted == set(names)
