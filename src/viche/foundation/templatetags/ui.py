"""{% load ui %}: the parts of templates/ui as tags, and numbers as people read them.

{% part "button" text=_("Vote") href=vote_url icon="vote" %}
{% partblock "notice" kind="warning" title=_("Two days left") %} … {% endpartblock %}
{% part "tag" text=status as status_tag %}
"""

from typing import Any

from django import template
from django.template.base import FilterExpression, NodeList, Parser, Token, token_kwargs
from django.template.context import Context
from django.template.exceptions import TemplateSyntaxError
from django.utils.safestring import SafeString, mark_safe

from viche.foundation import money, numbers
from viche.foundation.parts import PartError, check_names, filled, part

register = template.Library()


class PartNode(template.Node):
    child_nodelists = ("nodelist",)

    def __init__(
        self,
        name: str,
        arguments: dict[str, FilterExpression],
        target: str | None,
        nodelist: NodeList | None,
    ) -> None:
        self.name = name
        self.arguments = arguments
        self.target = target
        self.nodelist = nodelist or NodeList()
        self.has_body = nodelist is not None

    def render(self, context: Context) -> str:
        given: dict[str, Any] = {key: value.resolve(context) for key, value in self.arguments.items()}
        if self.has_body:
            given["body"] = self.nodelist.render(context)
        rendered = draw(context, self.name, given)
        if self.target:
            context[self.target] = rendered
            return ""
        return rendered


def draw(context: Context, name: str, given: dict[str, Any]) -> SafeString:
    """A part on its own: it sees its arguments and nothing of the page around it."""
    engine = context.template.engine  # type: ignore[union-attr]
    source = engine.get_template(part(name).template_name)
    return mark_safe(source.render(context.new(filled(name, given))).strip())  # noqa: S308  escaped by its template


def _parsed(parser: Parser, token: Token, tag: str) -> tuple[str, dict[str, FilterExpression], str | None]:
    bits = token.split_contents()[1:]
    if not bits or bits[0][0] not in "\"'" or bits[0][-1] != bits[0][0]:
        raise TemplateSyntaxError(f'{{% {tag} "name" … %}} needs the quoted name of a part')
    name, bits = bits[0][1:-1], bits[1:]
    target = None
    if len(bits) >= 2 and bits[-2] == "as":
        target, bits = bits[-1], bits[:-2]
    arguments = token_kwargs(bits, parser)
    if bits:
        raise TemplateSyntaxError(f'{{% {tag} "{name}" %}}: {bits[0]} is not name=value')
    try:
        check_names(name, set(arguments) | ({"body"} if tag == "partblock" else set()))
    except PartError as error:
        raise TemplateSyntaxError(str(error)) from error
    return name, arguments, target


@register.tag("part")
def part_tag(parser: Parser, token: Token) -> PartNode:
    name, arguments, target = _parsed(parser, token, "part")
    return PartNode(name, arguments, target, None)


@register.tag("partblock")
def partblock_tag(parser: Parser, token: Token) -> PartNode:
    name, arguments, target = _parsed(parser, token, "partblock")
    nodelist = parser.parse(("endpartblock",))
    parser.delete_first_token()
    return PartNode(name, arguments, target, nodelist)


@register.filter
def grouped(number: int | None) -> str:
    """38903 → «38 903»."""
    return "" if number is None else numbers.grouped(int(number))


@register.filter
def money_text(amount: int | None, currency: str = "UAH") -> str:
    """Minor units in words where a tag would be too much: in titles and sentences."""
    return "" if amount is None else money.money_text(int(amount), currency or "UAH")
