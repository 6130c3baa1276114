"""Each law of settlement is silent on an honest record and names what breaks it."""

import pytest

from consigned.accounting.journals import Account
from consigned.settlement.laws import (
    Counted,
    KeptLine,
    KeptTotal,
    Reversed,
    Transferred,
    amounts_agree,
    each_transfer_is_charged_once,
    journals_are_sound,
    lines_are_the_sum_of_their_totals,
    nothing_goes_back_twice,
    totals_count_their_charges,
)
from tests.business.store import BOLT, NUT, day, each
from tests.business.terms import usd


class Record:
    """Entries 2 and 4 are charged to total 1, which line 1 tells; entry 6 waits."""

    def __init__(self) -> None:
        self.transfers = {
            2: Transferred(each(2), BOLT, day(1)),
            4: Transferred(each(3), BOLT, day(1)),
            6: Transferred(each(1), NUT, day(2)),
        }
        self.charges = {2: Counted(1, each(2)), 4: Counted(1, each(3))}
        self.waiting = [6]
        self.totals = {1: KeptTotal(BOLT, day(1), usd(2), each(5), True, 1)}
        self.lines = {1: KeptLine("ADV-1/1", BOLT, usd(2), each(5), 1000)}

    def broken(self) -> list[tuple[str, str]]:
        breaches = [
            *each_transfer_is_charged_once(self.transfers, self.charges, self.waiting),
            *totals_count_their_charges(self.transfers, self.charges, self.totals),
            *lines_are_the_sum_of_their_totals(self.totals, self.lines),
        ]
        return [(breach.law, breach.where) for breach in breaches]


def test_an_honest_record_keeps_every_law():
    assert Record().broken() == []


NOWHERE = "item 11 at 2.00 USD"
CHARGED, COUNT, TELL = (
    "each transfer is charged once",
    "totals count their charges",
    "lines are the sum of their totals",
)


def change(name: str, key: int, **altered):
    def alter(record: Record) -> None:
        kept = getattr(record, name)
        kept[key] = kept[key]._replace(**altered)

    return alter


BROKEN = [  # what is done to the record                               what is found
    (lambda r: r.waiting.clear(),                                      [(CHARGED, "ent_6")]),
    (lambda r: r.waiting.append(6),                                    [(CHARGED, "ent_6")]),
    (lambda r: r.waiting.append(2),                                    [(CHARGED, "ent_2")]),
    (lambda r: r.charges.pop(4),                                       [(CHARGED, "ent_4"),
                                                                        (COUNT, "tot_1")]),
    (lambda r: r.transfers.pop(4),                                     [(CHARGED, "ent_4")]),
    (change("charges", 2, quantity=each(1)),                           [(CHARGED, "ent_2"),
                                                                        (COUNT, "tot_1")]),
    (change("charges", 2, total=7),                                    [(COUNT, "tot_1"),
                                                                        (COUNT, "tot_7")]),
    (change("transfers", 2, item=NUT),                                 [(COUNT, "ent_2")]),
    (change("transfers", 2, happened_on=day(2)),                       [(COUNT, "ent_2")]),
    (change("totals", 1, quantity=each(6)),                            [(COUNT, "tot_1"),
                                                                        (TELL, "ADV-1/1")]),
    (change("totals", 1, is_told=False),                               [(TELL, "tot_1")]),
    (change("totals", 1, price=usd(3)),                                [(TELL, "tot_1")]),
    (change("totals", 1, advice_line=None),                            [(TELL, NOWHERE),
                                                                        (TELL, "ADV-1/1")]),
    (change("totals", 1, advice_line=8),                               [(TELL, "tot_1"),
                                                                        (TELL, "ADV-1/1")]),
    (change("lines", 1, quantity=each(4)),                             [(TELL, "ADV-1/1")]),
    (change("lines", 1, amount=1001),                                  [(TELL, "ADV-1/1")]),
    (change("lines", 1, item=NUT),                                     [(TELL, "tot_1")]),
]  # fmt: skip


@pytest.mark.parametrize(("alter", "found"), BROKEN)
def test_a_broken_record_is_named(alter, found: list):
    record = Record()
    alter(record)
    assert record.broken() == found


def test_a_total_that_netted_to_nothing_may_be_told_on_no_line():
    record = Record()
    record.totals[2] = KeptTotal(NUT, day(1), usd(2), 0, True, None)
    record.totals[3] = KeptTotal(NUT, day(1), usd(3), each(4), True, None)
    record.totals[4] = KeptTotal(NUT, day(2), usd(3), each(-4), True, None)
    record.charges |= {7: Counted(3, each(4)), 8: Counted(4, each(-4))}
    record.transfers |= {
        7: Transferred(each(4), NUT, day(1)),
        8: Transferred(each(-4), NUT, day(2)),
    }
    assert record.broken() == []


def test_two_records_of_the_same_amounts_must_say_the_same():
    ours = {("CA-1", "USD"): 1000, ("CA-2", "JPY"): 500, ("CA-3", "USD"): 0}
    theirs = {("CA-1", "USD"): 999, ("CA-2", "JPY"): 500}
    differences = list(amounts_agree(ours, theirs, "{} used, {} accrued"))
    assert differences == [("CA-1", "10.00 used, 9.99 accrued")]


A = Account
JOURNALS = [  # debit                    credit                         amount   sound
    (A.COST_OF_GOODS_SOLD,               A.CONSIGNED_PAYABLES_ACCRUAL,  900,     True),
    (A.MEMO_CONSIGNED_GOODS,             A.MEMO_CONSIGNORS,             900,     True),
    (A.COST_OF_GOODS_SOLD,               A.CONSIGNED_PAYABLES_ACCRUAL,  0,       False),
    (A.COST_OF_GOODS_SOLD,               A.CONSIGNED_PAYABLES_ACCRUAL,  -1,      False),
    (A.CASH,                             A.CASH,                        900,     False),
    (A.CASH,                             "petty-cash",                  900,     False),
    (A.MEMO_CONSIGNED_GOODS,             A.CASH,                        900,     False),
]  # fmt: skip


@pytest.mark.parametrize(("debit", "credit", "amount", "sound"), JOURNALS)
def test_a_journal_entry_moves_something_between_two_known_accounts(debit, credit, amount, sound):
    found = [breach.where for breach in journals_are_sound([(3, debit, credit, amount)])]
    assert found == ([] if sound else ["jrn_3"])


class GoneBack(Record):
    """Of entry 2 one piece went back with entry 8; half of entry 6 went back unpriced with 9."""

    def __init__(self) -> None:
        super().__init__()
        self.transfers[8] = Transferred(-each(1), BOLT, day(5))
        self.transfers[9] = Transferred(-each(0.5), NUT, day(5))
        self.charges[8] = Counted(1, -each(1))
        self.reversals = {8: Reversed(2, each(1)), 9: Reversed(6, each(0.5))}
        self.totals[1] = self.totals[1]._replace(quantity=each(4))

    def broken(self) -> list[tuple[str, str]]:
        breaches = [
            *each_transfer_is_charged_once(
                self.transfers, self.charges, self.waiting, self.reversals
            ),
            *totals_count_their_charges(self.transfers, self.charges, self.totals),
            *nothing_goes_back_twice(self.transfers, self.charges, self.reversals),
        ]
        return [(breach.law, breach.where) for breach in breaches]


def test_what_went_back_keeps_every_law():
    assert GoneBack().broken() == []


TWICE = "nothing goes back twice"
GONE_WRONG = [  # what is done to the record          what is found
    (change("reversals", 8, quantity=each(3)),        {(TWICE, "ent_8"), (TWICE, "ent_2")}),
    (change("reversals", 9, quantity=each(2)),        {(TWICE, "ent_9"), (TWICE, "ent_6"),
                                                       (CHARGED, "ent_9")}),
    (change("charges", 8, total=2),                   {(TWICE, "ent_8"), (COUNT, "tot_1"),
                                                       (COUNT, "tot_2")}),
    (change("charges", 8, quantity=-each(2)),         {(CHARGED, "ent_8"), (COUNT, "tot_1")}),
    (lambda record: record.reversals.pop(8),          {(TWICE, "ent_8")}),
    (lambda record: record.waiting.clear(),           {(CHARGED, "ent_6")}),
    (change("transfers", 8, quantity=-each(2)),       {(TWICE, "ent_8"), (CHARGED, "ent_8")}),
]  # fmt: skip


@pytest.mark.parametrize(("alter", "found"), GONE_WRONG)
def test_what_goes_back_wrongly_is_found(alter, found):
    record = GoneBack()
    alter(record)
    assert set(record.broken()) == found
