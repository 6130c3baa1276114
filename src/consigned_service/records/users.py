"""Who may sign in, and for which party."""

from django.contrib.auth import get_user_model

from consigned.measure.identity import PartyId
from consigned_service.records import models
from consigned_service.records.together import together


def add_user(name: str, password: str, party: PartyId) -> bool:
    """Make a user who belongs to a party; False where the name is taken."""
    users = get_user_model().objects
    with together():
        if users.filter(username=name).exists():
            return False
        user = users.create_user(username=name, password=password)
        models.Membership.objects.create(user=user, party_id=party)
        return True


def set_password(name: str, password: str) -> bool:
    """Give a user another password; False where there is no such user."""
    user = get_user_model().objects.filter(username=name).first()
    if user is None:
        return False
    user.set_password(password)
    user.save(update_fields=["password"])
    return True
