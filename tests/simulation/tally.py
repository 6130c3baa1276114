"""What came of a yard's acts, counted in what is kept: a draw that dies is found out."""

from collections import Counter, defaultdict

from consigned.master_data.amendments import AMENDABLE
from consigned_service.records import models

SORTS = (
    "voided before an advice", "voided after an advice", "voided after the invoice",
    "voided without a price", "voided of our own", "voided in part", "voided several times",
    "a rest voided", "voided before it was told", "voided late", "too much voided",
    "brought back as issued", "brought back as ours", "amended of a day", "amended of a use",
    "amended of a cycle", "ended early", "lasts longer", "price withdrawn", "held with a reason",
    "hold ended", "master changed",
)  # fmt: skip


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
    ends = models.Resolution.objects.filter(how="voided", **of_it)
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
