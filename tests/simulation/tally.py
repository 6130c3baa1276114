"""What came of a yard's acts, counted in what is kept: a draw that dies is found out."""

from collections import Counter, defaultdict

from consigned.consumption.exceptions import Ending
from consigned.master_data.amendments import AMENDABLE
from consigned_service.records import models

WAYS: dict[str, tuple[str, ...]] = {
    "voided before an advice": ("use", "void", "void"),
    "voided after an advice": ("use", "a_day_passes", "advise", "void", "void", "void"),
    "voided after the invoice": ("use", "advise", "invoice", "void", "void"),
    "voided without a price": ("receive", "use", "void", "void"),
    "voided of our own": ("use", "use_ours", "void", "void"),
    "voided in part": ("use", "void", "void"),
    "voided several times": ("void",),
    "a rest voided": ("till", "void", "void"),
    "voided before it was told": ("tell_file",),
    "voided late": ("use", "tell_file"),
    "too much voided": ("use", "tell_file"),
    "brought back as issued": ("tell_file", "come_back", "come_back"),
    "brought back as ours": ("use", "take_back", "take_back"),
    "amended of a day": ("amend",),
    "amended of a use": ("amend",),
    "amended of a cycle": ("amend",),
    "ended early": ("end_early",),
    "lasts longer": ("end_early", "go_on"),
    "price withdrawn": ("price_to_come", "withdraw_price"),
    "held with a reason": ("receive", "hold"),
    "hold ended": ("hold", "let_go"),
    "master changed": ("rename", "tell_item"),
    "vouchered": ("settle_elsewhere", "use", "a_day_passes", "advise", "voucher", "voucher"),
    "closed": ("till", "close_waiting"),
    "corrected": ("till", "correct"),
}
"""What some is to be done of, and the acts that come to it: those that it needs, and it itself."""
SORTS = tuple(WAYS)


def tally() -> Counter[str]:
    """How often each sort of thing was done, in all organizations."""
    counted: Counter[str] = Counter()
    for organization in models.Organization.objects.order_by("pk"):
        counted += _of_organization({"organization_id": organization.pk})
    for amendment in models.AgreementAmendment.objects.all():
        of = AMENDABLE.get(amendment.term)
        counted[f"amended of a {of}" if of else "ended early"] += 1
    changes = models.MasterChange.objects.values_list("what", "field")
    for what, _ in changes:
        counted["lasts longer" if what == "agreement" else "master changed"] += 1
    counted["vouchered"] = models.Voucher.objects.count()
    counted["price withdrawn"] = models.PriceWithdrawal.objects.count()
    return counted


def _of_organization(of_it: dict[str, int]) -> Counter[str]:
    counted: Counter[str] = Counter()
    told = {line.number: line for line in models.Consumption.objects.filter(**of_it)}
    uses = {(line.source, line.reference): line for line in told.values()}
    voids: dict[tuple[str, str], list[models.Consumption]] = defaultdict(list)
    done: Counter[int] = Counter()
    charged = dict(models.Charge.objects.filter(**of_it).values_list("entry", "total"))
    reverses = dict(models.Reversal.objects.filter(**of_it).values_list("entry", "reverses"))
    of_consumption = models.Entry.objects.filter(cause="consumption", **of_it).order_by("number")
    owned = models.Agreement.objects.filter(customer_returns="owned").values("pk")
    layers = models.Layer.objects.filter(agreement__in=owned, **of_it)
    owned_layers = set(layers.values_list("number", flat=True))
    for line in told.values():
        if line.voids:
            voids[line.voids_source, line.voids].append(line)
    before: models.Entry | None = None
    for entry in of_consumption:
        line = told[entry.document]
        if before and before.kind == "voided" and entry.kind in BACK and line.voids:
            first = reverses[entry.number]
            counted[
                "voided after the invoice" if entry.kind == "sold-back"
                else "voided without a price" if entry.number not in charged
                else "voided before an advice" if charged[entry.number] == charged[first]
                else "voided after an advice"
            ] += 1  # fmt: skip
        elif before and before.kind == "voided":
            counted["voided of our own"] += 1
        if before and before.kind == "returned-by-customer":
            if entry.kind in BACK:
                counted["brought back as issued"] += 1
            elif before.layer in owned_layers:
                counted["brought back as ours"] += 1
        done[line.number] += line.voids is not None and entry.kind in ("voided", *BACK)
        before = entry
    resolved = models.Resolution.objects.filter(**of_it)
    counted["closed"] = resolved.filter(how=Ending.CLOSED).count()
    counted["corrected"] = resolved.filter(how=Ending.REPLACED).count()
    ends = resolved.filter(how=Ending.VOIDED)
    counted["a rest voided"] = ends.count()
    done.update(ends.values_list("consumption", flat=True))
    for name, lines in voids.items():
        taken = [line for line in lines if done[line.number]]
        used = uses.get(name)
        if used and taken:
            counted["voided in part"] += used.quantity > -sum(line.quantity for line in taken)
            counted["voided several times"] += len(taken) > 1
            counted["voided before it was told"] += used.number > taken[0].number
            counted["voided late"] += any(_is_late(line) for line in taken)
    back = models.GoodsReturn.objects.filter(direction="from-customer", is_owned=True, **of_it)
    counted["brought back as ours"] += back.count()
    waits = models.WaitingException.objects.filter(reason="more-than-used", **of_it)
    counted["too much voided"] = waits.count()
    held = models.GoodsHold.objects.filter(**of_it).exclude(because="")
    counted["held with a reason"] = held.count()
    counted["hold ended"] = models.HoldEnd.objects.filter(
        hold__in=held.values("number"), **of_it
    ).count()
    return counted


def _is_late(line: models.Consumption) -> bool:
    posting = models.Posting.objects.get(organization_id=line.organization_id, number=line.posting)
    return line.happened_on < posting.recorded_on


BACK = ("transferred-to-consigned", "sold-back")
