"""Who may look: each user belongs to one party and sees what that party may see."""

from django.conf import settings
from django.db import models

from consigned_service.records.models.agreements import Party


class Membership(models.Model):
    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="membership"
    )
    party = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="members")

    class Meta:
        db_table = "membership"

    def __str__(self) -> str:
        return f"{self.user} of {self.party}"
