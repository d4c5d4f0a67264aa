"""A small graph of statements, written as Turtle, JSON-LD and RDF/XML: the same order, the same bytes."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from xml.sax.saxutils import escape, quoteattr

PREFIXES: Mapping[str, str] = {
    "dcat": "http://www.w3.org/ns/dcat#",
    "dct": "http://purl.org/dc/terms/",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "adms": "http://www.w3.org/ns/adms#",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "spdx": "http://spdx.org/rdf/terms#",
    "vcard": "http://www.w3.org/2006/vcard/ns#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}
# what a Turtle or XML writer must not meet unescaped in an address
_UNSAFE = {sign: f"%{ord(sign):02X}" for sign in ' <>"{}|\\^`'}


@dataclass(frozen=True)
class Iri:
    """An address as a value."""

    address: str

    def __post_init__(self) -> None:
        object.__setattr__(self, "address", "".join(_UNSAFE.get(sign, sign) for sign in self.address))


@dataclass(frozen=True)
class Literal:
    """A text with its language, or a value with its type ("xsd:date")."""

    text: str
    language: str = ""
    kind: str = ""


@dataclass
class Node:
    """Something with an address ("" for none), its types ("dcat:Dataset") and what is said of it."""

    address: str
    types: Sequence[str]
    said: list[tuple[str, "Value"]] = field(default_factory=list)

    def say(self, predicate: str, *values: "Value | None") -> "Node":
        """Add statements; None says nothing."""
        self.said += [(predicate, value) for value in values if value is not None]
        return self


Value = Iri | Literal | Node


def in_languages(texts: Mapping[str, str]) -> list[Literal]:
    """A text in each language that has one."""
    return [Literal(text, language=language) for language, text in texts.items() if text]


def _grouped(node: Node) -> Iterator[tuple[str, list[Value]]]:
    """What is said, by predicate, in the order of first mention."""
    found: dict[str, list[Value]] = {}
    for predicate, value in node.said:
        found.setdefault(predicate, []).append(value)
    yield from found.items()


# --- Turtle ---------------------------------------------------------------------------------------------------


def turtle(nodes: Iterable[Node]) -> Iterator[str]:
    """Turtle (W3C 2014), in pieces."""
    yield "".join(f"@prefix {name}: <{address}> .\n" for name, address in PREFIXES.items())
    for node in nodes:
        yield f"\n{_subject(node)}{_turtle_body(node, 1)} .\n"


def _subject(node: Node) -> str:
    return f"<{Iri(node.address).address}>" if node.address else "[]"


def _turtle_body(node: Node, depth: int) -> str:
    indent = "\n" + "    " * depth
    lines = [f" a {', '.join(node.types)}"] if node.types else []
    for predicate, values in _grouped(node):
        written = ", ".join(_turtle_value(value, depth) for value in values)
        lines.append(f"{indent if lines else ' '}{predicate} {written}")
    return " ;".join(lines)


def _turtle_value(value: Value, depth: int) -> str:
    if isinstance(value, Iri):
        return f"<{value.address}>"
    if isinstance(value, Node):
        inside = _turtle_body(value, depth + 1)
        return f"[{inside} ]" if not value.address else f"<{Iri(value.address).address}>"
    # the escapes of JSON are escapes of Turtle too, but for the slash, which it does not escape
    text = json.dumps(value.text, ensure_ascii=False)
    return text + (f"@{value.language}" if value.language else f"^^{value.kind}" if value.kind else "")


# --- JSON-LD --------------------------------------------------------------------------------------------------


def jsonld(nodes: Iterable[Node]) -> Iterator[str]:
    """JSON-LD 1.1, in pieces."""
    yield f'{{"@context":{json.dumps(dict(PREFIXES))},"@graph":['
    between = "\n"
    for node in nodes:
        yield between + json.dumps(_document(node), ensure_ascii=False)
        between = ",\n"
    yield "\n]}\n"


def _document(node: Node) -> dict[str, Any]:
    head: dict[str, Any] = {"@id": Iri(node.address).address} if node.address else {}
    if node.types:
        head["@type"] = list(node.types)
    return head | {
        predicate: [_json_value(value) for value in values] for predicate, values in _grouped(node)
    }


def _json_value(value: Value) -> dict[str, Any]:
    if isinstance(value, Iri):
        return {"@id": value.address}
    if isinstance(value, Node):
        return {"@id": Iri(value.address).address} if value.address else _document(value)
    told = {"@language": value.language} if value.language else {"@type": value.kind} if value.kind else {}
    return {"@value": value.text, **told}


# --- RDF/XML --------------------------------------------------------------------------------------------------


def rdf_xml(nodes: Iterable[Node]) -> Iterator[str]:
    """RDF/XML (W3C 2014), in pieces."""
    spaces = " ".join(f'xmlns:{name}="{address}"' for name, address in PREFIXES.items())
    yield f'<?xml version="1.0" encoding="UTF-8"?>\n<rdf:RDF {spaces}>\n'
    for node in nodes:
        yield _xml_node(node) + "\n"
    yield "</rdf:RDF>\n"


def _xml_node(node: Node) -> str:
    about = f" rdf:about={quoteattr(Iri(node.address).address)}" if node.address else ""
    first, *others = node.types or ["rdf:Description"]
    inside = "".join(f"<rdf:type rdf:resource={quoteattr(_whole(each))}/>" for each in others)
    for predicate, values in _grouped(node):
        inside += "".join(_xml_value(predicate, value) for value in values)
    return f"<{first}{about}>{inside}</{first}>"


def _xml_value(predicate: str, value: Value) -> str:
    if isinstance(value, Iri):
        return f"<{predicate} rdf:resource={quoteattr(value.address)}/>"
    if isinstance(value, Node):
        if value.address:
            return f"<{predicate} rdf:resource={quoteattr(Iri(value.address).address)}/>"
        return f"<{predicate}>{_xml_node(value)}</{predicate}>"
    told = f' xml:lang="{value.language}"' if value.language else ""
    told += f" rdf:datatype={quoteattr(_whole(value.kind))}" if value.kind else ""
    return f"<{predicate}{told}>{escape(value.text)}</{predicate}>"


def _whole(name: str) -> str:
    prefix, _colon, rest = name.partition(":")
    return PREFIXES[prefix] + rest
