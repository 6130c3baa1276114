"""What the templates of the workbench need to show figures, marks and words."""

from functools import cache

from django import template
from django.http import QueryDict
from django.template.context import Context
from django.utils.safestring import SafeString
from tablericons.templatetags.tablericons import icon as draw_icon

from consigned_service.interfaces.workbench import formats as figures
from consigned_service.interfaces.workbench import labels as words
from consigned_service.interfaces.workbench.icons import mark as drawn

register = template.Library()


@register.filter
def figure(value: object) -> SafeString | str:
    return figures.show(value)


@register.filter
def mark(ownership: str) -> SafeString:
    return drawn(ownership)


@register.filter
def said(code: str) -> str:
    return words.say(code)


@register.filter
def state(code: str) -> str:
    return words.say(code, words.STATES)


@register.filter
def ended(code: str) -> str:
    return words.say(code, words.ENDINGS)


@register.filter
def age(code: str) -> str:
    return words.AGES[code]


@register.simple_tag
@cache
def icon(name: str, size: int = 18) -> SafeString:
    """An icon beside words, which alone say what is meant."""
    return SafeString(draw_icon(f"outline/{name}", size=size, aria_hidden="true"))


@register.simple_tag(takes_context=True)
def with_query(context: Context, **changes: object) -> str:
    """The address's own query with some of it changed; None takes a part away."""
    query: QueryDict = context["request"].GET.copy()
    for name, value in changes.items():
        query.pop(name, None)
        if value is not None:
            query[name] = str(value)
    return f"?{query.urlencode()}"
