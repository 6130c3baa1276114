"""The installation itself: one database that counts, and what its worker does by itself."""

from django.db import models

from consigned.settlement.delivery import Delivery
from consigned.settlement.runs import Act, RunState
from consigned_service.records.models.agreements import Party
from consigned_service.records.models.choices import ChoiceField


class Installation(models.Model):
    """The one row about this database: why its letters and runs are held, if they are."""

    held_because = models.CharField(max_length=200, blank=True)
    held_since = models.DateTimeField()
    held_by = models.CharField(max_length=150)

    class Meta:
        db_table = "installation"

    def __str__(self) -> str:
        return self.held_because or "in use"


class Message(models.Model):
    """A letter on its way: written with the act that it is about, and sent by the worker."""

    key = models.CharField(max_length=120, unique=True)
    party = models.ForeignKey(Party, on_delete=models.PROTECT)
    advice = models.ForeignKey("Advice", on_delete=models.PROTECT, null=True, blank=True)
    message_id = models.CharField(max_length=200)
    recipient = models.CharField(max_length=200)
    subject = models.CharField(max_length=200)
    body = models.TextField()
    attachment_name = models.CharField(max_length=120, blank=True)
    attachment = models.TextField(blank=True)
    queued_at = models.DateTimeField()
    queued_by = models.CharField(max_length=150)
    state = ChoiceField(Delivery, max_length=10, default=Delivery.WAITING)
    due_at = models.DateTimeField()
    leased_by = models.CharField(max_length=120, blank=True)
    leased_until = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveIntegerField(default=0)
    last_error = models.CharField(max_length=500, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        db_table = "message"
        indexes = [models.Index(fields=["state", "due_at"], name="message_due")]

    def __str__(self) -> str:
        return self.key


class Schedule(models.Model):
    """When an act is run for a party: on which days of the week, from which local time on."""

    party = models.ForeignKey(Party, on_delete=models.PROTECT)
    act = ChoiceField(Act, max_length=20)
    starts_at = models.TimeField()
    weekdays = models.CharField(max_length=7, default="1234567")
    is_paused = models.BooleanField(default=False)

    class Meta:
        db_table = "schedule"
        constraints = [models.UniqueConstraint(fields=["party", "act"], name="schedule_of_act")]

    def __str__(self) -> str:
        return f"{self.act} at {self.starts_at}"


class Run(models.Model):
    """One act for one party on one day, made once however many workers there are."""

    party = models.ForeignKey(Party, on_delete=models.PROTECT)
    act = ChoiceField(Act, max_length=20)
    slot_day = models.DateField()
    state = ChoiceField(RunState, max_length=10, default=RunState.WAITING)
    due_at = models.DateTimeField()
    leased_by = models.CharField(max_length=120, blank=True)
    leased_until = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveIntegerField(default=0)
    started_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    result = models.CharField(max_length=500, blank=True)
    error = models.CharField(max_length=500, blank=True)
    approved_by = models.CharField(max_length=150, blank=True)

    class Meta:
        db_table = "run"
        constraints = [
            models.UniqueConstraint(fields=["party", "act", "slot_day"], name="run_of_slot")
        ]

    def __str__(self) -> str:
        return f"{self.act} of {self.slot_day}"


class Process(models.Model):
    """A worker that is alive, or was: when it last said so."""

    name = models.CharField(max_length=120, primary_key=True)
    version = models.CharField(max_length=40)
    started_at = models.DateTimeField()
    last_beat_at = models.DateTimeField()

    class Meta:
        db_table = "process"

    def __str__(self) -> str:
        return self.name
