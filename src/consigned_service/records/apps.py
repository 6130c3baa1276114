import gc

from django.apps import AppConfig


class RecordsConfig(AppConfig):
    name = "consigned_service.records"
    label = "records"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        # A batch makes plain rows by the hundred thousand and no rings of them: looking for
        # rings after every 700 new rows took a fifth of the time of a posting.
        gc.set_threshold(200_000, 20, 20)
