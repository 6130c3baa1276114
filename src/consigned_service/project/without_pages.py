"""The settings of a command that serves no pages: what only pages need is not loaded, which is most
of the time that a short command takes."""

from consigned_service.project.settings import *  # noqa: F403  # all of them but one
from consigned_service.project.settings import INSTALLED_APPS as WITH_PAGES

ONLY_FOR_PAGES = {"django_tables2", "ninja"}
INSTALLED_APPS = [app for app in WITH_PAGES if app not in ONLY_FOR_PAGES]
