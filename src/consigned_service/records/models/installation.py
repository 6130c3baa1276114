"""The installation itself: one database that counts, among copies that must write to nobody."""

from django.db import models


class Installation(models.Model):
    """The one row about this database: why its letters and runs are held, if they are."""

    held_because = models.CharField(max_length=200, blank=True)
    held_since = models.DateTimeField()
    held_by = models.CharField(max_length=150)

    class Meta:
        db_table = "installation"

    def __str__(self) -> str:
        return self.held_because or "in use"
