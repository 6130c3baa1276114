"""What was told by mistake: uses that never happened, taken back by hand or by a till's file."""

from django.db.models import QuerySet

from consigned.accounting.journals import IN_PROCESS
from consigned.measure.quantity import show_micros
from consigned_service.operations.consumption import issues as consumption
from consigned_service.operations.consumption.issues import Reported
from consigned_service.operations.core.lines import written
from consigned_service.records import models
from tests.simulation.chance import BY, PLACES, Chance


class Mistakes(Chance):
    def void(self) -> None:
        """By hand: all of a use that was not voided yet, or a part of it, or too much."""
        house = self._house()
        if used := self._used(house):
            consumption.void_use(
                organization=self.houses[house], source=used.source, reference=used.reference,
                because="by chance", quantity=self.chance.choice(("", self._wrong(used))),
                by=BY, at=self.at,
            )  # fmt: skip

    def tell_file(self) -> None:
        """By a till: what was sold, what came back and what never happened, each in any order; a
        void may stand before its use."""
        house = self._house()
        sold = [self._sale() for _ in range(self.chance.randint(1, LINES))]
        lines = [*sold, *(self._void_of(house) for _ in range(self.chance.randint(0, 2)))]
        lines += [
            self._void("till", one.reference, one.item, show_micros(one.quantity))
            for one in sold
            if self.chance.random() < 0.3
        ]
        if self.chance.random() < 0.5:
            lines.append(
                written(Reported, self._name(), self._item(), "-" + self._quantity(2), self._day())
            )
        said = [line for line in lines if line]
        self.chance.shuffle(said)
        self._done_in_part(
            consumption.record_consumption(
                organization=self.houses[house], lines=said, source="till", by=BY, at=self.at,
                queue_shortages=self.chance.random() < 0.9,
            )
        )  # fmt: skip

    def _sale(self) -> Reported:
        return written(Reported,
            self._name(), self._item(), self._quantity(8), self._day(),
            kind=self.chance.choice(("", "", "", "transfer-to-owned", "sample", "scrap")),
            place=self.chance.choice(("", "", *PLACES)),
            consignor=self.chance.choice(("", "", self._consignor())),
            reservation=self.chance.choice(("", "", "", "ORDER-1")),
        )  # fmt: skip

    def _void_of(self, house: str) -> Reported | None:
        used = self._used(house)
        return used and self._void(
            used.source, used.reference, used.item.code,
            self.chance.choice((show_micros(used.quantity), self._wrong(used))),
        )  # fmt: skip

    def _void(self, source: str, reference: str, item: str, quantity: str) -> Reported:
        return written(Reported,
            self._name(), item, f"-{quantity}", self._day(), voids=reference, voids_source=source,
            place=self.chance.choice(("", "", "", *PLACES)),
            because=self.chance.choice(("", "by chance")),
        )  # fmt: skip

    def _wrong(self, used: models.Consumption) -> str:
        """How much of a use is said to be wrong: a part of it, or now and then more than all."""
        return self.chance.choice((*(self._part(used.quantity) for _ in range(3)), "40"))

    def _used(self, house: str) -> models.Consumption | None:
        """A use of a house: any, a late one, one that an advice told or an invoice bills, one that
        has no price, one of our own goods, one of which a rest waits, or one voided before."""
        of_it = {"organization_id": self.houses[house]}
        uses = models.Consumption.objects.filter(quantity__gt=0, **of_it).select_related("item")
        if self.chance.random() < 0.95:
            uses = uses.exclude(kind__in=IN_PROCESS)
        ended = models.Resolution.objects.filter(**of_it).values("exception")
        waiting = models.WaitingException.objects.filter(**of_it).exclude(number__in=ended)
        rests = waiting.filter(entry=None).values("consumption")
        unpriced = waiting.filter(entry__isnull=False).values("consumption")
        posted = models.Entry.objects.filter(cause="consumption", **of_it)
        issued = posted.filter(kind="issued").values("document")
        bought = posted.filter(kind="transferred-to-owned").values("document")
        voids = models.Consumption.objects.filter(voids__isnull=False, **of_it)
        told = models.Total.objects.filter(advice_line__isnull=False, **of_it)
        billed = told.filter(
            advice_line__in=models.InvoiceLine.objects.values("invoice__advice__lines")
        )
        unbilled = told.exclude(number__in=billed.values("number"))
        last = uses.order_by("-number")
        ways = {
            "voided late": uses.order_by("number"),
            "voided before an advice": last[:12],
            "voided after an advice": last.filter(number__in=self._counted_in(unbilled))[:12],
            "voided after the invoice": last.filter(number__in=self._counted_in(billed))[:12],
            "voided without a price": last.filter(number__in=unpriced)[:12],
            "voided of our own": uses.filter(number__in=issued)
            .exclude(number__in=bought)
            .order_by("number"),
            "a rest voided": uses.filter(number__in=rests).order_by("number"),
            "voided several times": last.filter(reference__in=voids.values("voids"))[:20],
        }
        return self._one(self.chance.choice(self._wanted_of(ways)))

    @staticmethod
    def _counted_in(totals: QuerySet) -> QuerySet:
        """The uses that count in some running totals of one organization."""
        organization = totals.values("organization_id")[:1]
        charges = models.Charge.objects.filter(
            organization_id__in=organization, total__in=totals.values("number")
        )
        entries = models.Entry.objects.filter(
            organization_id__in=organization, number__in=charges.values("entry"),
            cause="consumption",
        )  # fmt: skip
        return entries.values("document")


LINES = 3
"""At most so many sales are in one file."""
