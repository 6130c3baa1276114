"""Pay on use: a use is told, billed and due in the posting that records it (checklist O22, E11).

Each use has an advice of its own and an invoice that we write for it, accepted at once; the next
payment run pays it. What has no price yet is settled so when it gets one. A price that is changed
later is told by the advice run, as under every agreement, and so is what comes off a use that was
told before each was paid (decision 0043).
"""

from collections import defaultdict
from collections.abc import Mapping

from consigned.accounting import journals
from consigned.accounting.accruals import TotalKey
from consigned.accounting.journals import Parties
from consigned.master_data.agreements import Terms
from consigned.measure.identity import AgreementId, TotalNumber
from consigned.settlement.advices import Total, draw_up_each_use
from consigned_service.operations.accounting.self_billing import self_billed
from consigned_service.records.ledger.posting import OpenPosting
from consigned_service.records.settlement import advices as settlement_records


def settle_at_once(
    posting: OpenPosting, counted: Mapping[TotalKey, tuple[TotalNumber, int]], terms: Terms
) -> None:
    """Advise and bill what a posting charged under agreements that pay on use."""
    if not any(key.alone for key in counted):
        return
    organization = posting.organization
    due: dict[AgreementId, list[Total]] = defaultdict(list)
    for key, (number, quantity) in counted.items():
        if key.alone:
            due[key.agreement].append(
                Total(
                    organization.id, number, key.agreement, key.closes_on, key.item,
                    key.happened_on, key.kind, key.price, quantity, alone=key.alone, tax=key.tax,
                )
            )  # fmt: skip
    advices = [
        advice for id in sorted(due) for advice in draw_up_each_use(terms.agreements[id], due[id])
    ]
    if not advices:
        return
    on = organization.open_day(posting.recorded_on)
    saved, told = settlement_records.save_advices(
        organization.party, advices, made_on=on, days={organization.id: posting.recorded_on}
    )
    settlement_records.mark_told(due, told, on=on)
    settlement_records.move_calendar(terms.agreements, due)
    settlement_records.save_invoices(self_billed(saved, on=on), on=on, by=posting.recorded_by)
    taxed = [advice.id for advice in saved if advice.taxes]
    taxes = settlement_records.taxes_of(taxed) if taxed else {}
    for advice in saved:
        parties = Parties(advice.consignee, advice.consignor, advice.agreement)
        posting.add_journals(journals.invoice_accepted(parties, advice.amount, advice.currency, on))
        for tax in taxes.get(advice.id, {}).values():
            posting.add_journals(journals.invoice_taxed(parties, *tax, advice.currency, on))
