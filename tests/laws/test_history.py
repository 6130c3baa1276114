"""The laws of the ledger and of settlement hold after every act of any history."""

from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from consigned.inventory.stock import PickOrder
from consigned.inventory.title_transfers import UseKind
from consigned.title.layer import Ownership
from tests.business.store import ACME, BOLT, DOCK, NUT, OWNED_ROOM, SHELF, STOCKROOM, ZETA, each
from tests.laws.history import History
from tests.laws.profiles import LAWS

quantities = st.sampled_from([each(1), each(2), each(5), each(0.5), 1, 333_333, each(7.25)])
items = st.sampled_from([BOLT, NUT])
consignors = st.sampled_from([ACME, ZETA])
ownerships = st.sampled_from([*[Ownership.CONSIGNED] * 4, Ownership.OWNED, Ownership.NON_OWNED])
places = st.sampled_from([DOCK, SHELF, STOCKROOM, OWNED_ROOM])
ago = st.sampled_from([0, 0, 1, 3])
"""How many days late an act is told."""
kinds = st.sampled_from([k for k in UseKind if k is not UseKind.TRANSFER_TO_OWNED])


class AnyHistory(RuleBasedStateMachine):
    history: History

    @initialize(pick_order=st.sampled_from(PickOrder))
    def open_the_store(self, pick_order):
        self.history = History(pick_order)
        for item in (BOLT, NUT):
            for of in (ACME, ZETA):
                self.history.receive(each(5), item, of, Ownership.CONSIGNED, SHELF)

    @rule(quantity=quantities, item=items, of=consignors, ownership=ownerships,
          at=st.sampled_from([DOCK, SHELF]), keeps=st.sampled_from([None, None, 1, 5]))  # fmt: skip
    def receive(self, quantity, item, of, ownership, at, keeps):
        self.history.receive(quantity, item, of, ownership, at, keeps)

    @rule(quantity=quantities, item=items, here=places, there=places, back=ago)
    def move(self, quantity, item, here, there, back):
        if here is not there:
            self.history.move(quantity, item, here, there, back=back)

    @rule(quantity=quantities, item=items, back=ago, ends=st.booleans())
    def hold_or_release(self, quantity, item, back, ends):
        self.history.hold(quantity, item, back=back, ends=ends)

    @rule(quantity=quantities, item=items, kind=kinds, back=ago,
          named=st.fixed_dictionaries({}, optional={"consignor": consignors}),
          at=st.none() | places)  # fmt: skip
    def use(self, quantity, item, kind, back, named, at):
        where = {"place": at.number} if at else {}
        self.history.use(quantity, item, kind, back=back, **named, **where)

    @rule(quantity=quantities, item=items, promised=quantities)
    def use_what_is_not_promised(self, quantity, item, promised):
        self.history.use(quantity, item, UseKind.SALE, promised=promised)

    @rule(quantity=quantities, item=items, of=st.none() | consignors, back=ago)
    def transfer_to_owned(self, quantity, item, of, back):
        self.history.use(quantity, item, UseKind.TRANSFER_TO_OWNED, consignor=of, back=back)

    @rule(quantity=quantities, item=items, kind=kinds, back=ago)
    def give_back(self, quantity, item, kind, back):
        self.history.give_back(quantity, item, kind, back=back)

    @rule(lines=st.lists(
        st.tuples(quantities | quantities.map(lambda q: -q), items, st.sampled_from(UseKind), ago),
        min_size=2, max_size=5))  # fmt: skip
    def till_file(self, lines):
        self.history.till_file(lines)

    @rule(days=st.sampled_from([0, 1, 1, 4]))
    def days_pass_and_advices_are_made(self, days):
        for _ in range(days):
            self.history.a_day_passes()
        self.history.advise()

    @precondition(lambda self: self.history.to_settle)
    @rule()
    def settle(self):
        self.history.settle()

    @invariant()
    def every_law_holds(self):
        if hasattr(self, "history"):
            self.history.keeps_every_law()


def test_every_law_holds_after_every_act_of_any_history():
    run_state_machine_as_test(AnyHistory, settings=LAWS)
