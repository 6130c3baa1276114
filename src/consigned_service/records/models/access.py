"""Who may look and act: each user belongs to one party, and so do the keys of its programs."""

from django.conf import settings
from django.db import models

from consigned.master_data.access import KeyScope, SignInOutcome
from consigned_service.records.models.agreements import Party
from consigned_service.records.models.choices import ChoiceField


class Membership(models.Model):
    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="membership"
    )
    party = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="members")

    class Meta:
        db_table = "membership"

    def __str__(self) -> str:
        return f"{self.user} of {self.party}"


class ApiKey(models.Model):
    """A key by which a program acts as a user. Only its digest is kept: a key cannot be read back,
    and is found without being compared."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="api_keys"
    )
    name = models.CharField(max_length=40)
    digest = models.CharField(max_length=64, unique=True)
    scope = ChoiceField(KeyScope, max_length=10)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    last_used_on = models.DateField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        db_table = "api_key"
        constraints = [
            models.UniqueConstraint(
                fields=["user", "name"],
                condition=models.Q(revoked_at=None),
                name="api_key_in_force_is_one_of_its_name",
            )
        ]

    def __str__(self) -> str:
        return f"{self.name} of {self.user}"


class UserSession(models.Model):
    """A browser in which a user is signed in. What Django stores of it has the same key."""

    session_key = models.CharField(max_length=40, unique=True)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="sessions"
    )
    signed_in_at = models.DateTimeField()
    last_used_at = models.DateTimeField()
    address = models.CharField(max_length=45)
    device = models.CharField(max_length=80)

    class Meta:
        db_table = "user_session"

    def __str__(self) -> str:
        return f"session {self.pk} of {self.user}"


class SignIn(models.Model):
    """One line of the trail of sign-ins, never changed. A name that belongs to no user is stored as
    a keyed digest, because people enter their password there by mistake; so is the session's key,
    which would open it."""

    at = models.DateTimeField()
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="sign_ins"
    )
    claimed_name = models.CharField(max_length=64, blank=True)
    outcome = ChoiceField(SignInOutcome, max_length=20)
    address = models.CharField(max_length=45)
    device = models.CharField(max_length=80)
    session = models.CharField(max_length=64, blank=True)

    class Meta:
        db_table = "sign_in"

    def __str__(self) -> str:
        return f"{self.outcome} at {self.at}"
