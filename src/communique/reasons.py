"""Why a query is not answered: reasons, each with a kind and values, and their sentences in English.

Programs are told the sentences and the reasons (RFC 9457, section 3.2). The query page has the sentences of its own
language by kind (`site/templates/query.html`), in which it writes numbers as that language does.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    Value = str | int | float

SLOT = re.compile(r"\{(\w+)\}")


def N_(message: str) -> str:  # noqa: N802 (the name by which programs find what is to be translated)
    """Return a message as it is; so the catalogues know of it."""
    return message


OF_TEXT: Mapping[str, str] = {
    "bare": N_("{iri} is an IRI, which stands in angle brackets: <...>"),
    "comma": N_("Variables in SELECT stand side by side, without a comma."),
    "declare": N_("Declare it: PREFIX {prefix}: <...>"),
    "iri": N_("{iri} is no IRI: it has a space, or another character that stands in none."),
    "missing": N_("Something is missing here or before."),
    "overridden": N_("The SELECT gives a variable a value that the pattern gives it already: use another name."),
    "prefix": N_("The prefix {prefix}: is not declared."),
    "relative": N_("{iri} is a relative IRI: write it in full, or declare a BASE."),
    "service": N_("SERVICE is refused: this page asks no other host."),
    "star": N_("SELECT * cannot stand with GROUP BY: name the variables."),
    "twice": N_("The SELECT names a variable twice."),
    "unopened": N_("The {sign} here closes nothing that is open."),
    "unclosed": N_("The {bracket} is not closed before the {sign} here."),
    "unbound": N_("The SELECT has a variable that is unbound: name it after GROUP BY, or put it into an aggregate."),
    "unfetched": N_("The data of the site could not be fetched: its host answers {status} for {name}."),
    "unnamed": N_("An expression in SELECT stands in brackets, with a name: (COUNT(?x) AS ?number)."),
    "unread": N_("Cannot be read from '{text}' on."),
    "unstarted": N_("The query engine could not be started."),
    "untold": N_("It cannot be told which graphs this query names: put spaces around each < that compares."),
    "update": N_("{word} is an update; data is changed in its files, queries only read."),
}
"""What is wrong with the text of a query (`communique.syntax.query_faults`)."""

OF_ENDPOINT: Mapping[str, str] = {
    "added": N_(
        "Your budget of {budget} s for slow queries is used up: since it was full, yours took {took} s beyond what is "
        "free, and {added} s were added, as some had to be stopped."
    ),
    "address": N_("The address is too long."),
    "answer": N_("The answer has more than {mebibytes} MiB. Ask for less, with LIMIT or a narrower pattern."),
    "body": N_("The body has more than {limit} bytes."),
    "budget": N_(
        "Your budget of {budget} s for slow queries is used up: since it was full, yours took {took} s beyond what is "
        "free."
    ),
    "busy": N_("All workers are busy. Try again in a moment."),
    "calls": N_("SERVICE and LOAD are refused: this endpoint calls nobody."),
    "connections": N_("There are too many connections. Try again in a moment."),
    "deadline": N_("The query did not end within {seconds} s and was stopped."),
    "empty": N_("The query is empty."),
    "ended": N_("The worker of the query was ended from outside. Try again in a moment."),
    "failed": N_("The query could not be evaluated: {said}."),
    "fault": N_("This is a fault of the server. In its log the request is {id}."),
    "arguments": N_("The function {name} requires between {least} and {most} arguments, but {given} were given."),
    "function": N_("The function {name} is not supported."),
    "graph": N_("{parameter} names no graph: '{name}' is not an absolute IRI."),
    "head": N_("The header fields are too large."),
    "held": N_("The answer cannot be held: {said}."),
    "lane": N_("The lane for expensive queries is full. Try again in a moment."),
    "late": N_("The request took too long to arrive."),
    "logged": N_("In the log this is {id}."),
    "memory": N_("The query went beyond the memory or nesting that a worker has."),
    "merged": N_(
        "It names several graphs, which are merged for each query where they have triples in common: name fewer or "
        "smaller ones, ask all graphs, or read each by GRAPH."
    ),
    "nested": N_("The query is nested deeper than {limit} brackets."),
    "query": N_("The query has more than {limit} bytes."),
    "readers": N_("Too many large answers are waiting for their readers."),
    "read-only": N_("This endpoint is read-only: updates are refused."),
    "refill": N_(
        "{refill} s come back each second: try again in {wait} s. Nobody waits longer than {longest} s."
    ),
    "running": N_("{limit} of your queries are running: wait for one."),
    "starting": N_("The server is starting."),
    "stopping": N_("The server is being stopped."),
}  # fmt: skip
"""Why the endpoint does not answer."""

OF_SERVICE: Mapping[str, str] = {
    "engine-busy": N_("The engine of this site is busy. Try again in a moment."),
    "engine-cannot": N_("The engine of this site cannot evaluate this query: write it otherwise. It says: {said}"),
    "engine-cap": N_(
        "The engine of this site gives {rows} rows at most. Ask for less, in pages with LIMIT and OFFSET."
    ),
    "engine-gone": N_("The engine of this site cannot be reached at the moment. Try again in a few minutes."),
    "engine-iri": N_(
        "The engine of this site names something by an IRI that is none: {said}. Leave it out, or ask for its STR()."
    ),
    "engine-large": N_("This needs more of the engine than one request may cost. Ask the endpoint instead."),
    "engine-late": N_("The engine of this site did not answer in time. Ask for less, or try again later."),
    "engine-refuses": N_("The engine refuses the query: {said}"),
    "engine-silent": N_("The engine of this site does not answer at the moment."),
    "engine-wrong": N_("The engine of this site gave no answer that can be used. Try again later."),
    "extension": N_(
        "This endpoint passes on what is sure to read alone: no word of an update, no DEFINE, no bif: or sql:."
    ),
    "foreign": N_(
        "{name} is refused before a bracket: this endpoint passes on no functions but those of SPARQL and XML Schema's "
        "casts. If a list follows a property, write the property in brackets as well: (ex:property) (1 2)."
    ),
    "from": N_(
        "This endpoint reads some graphs of the engine only: choose among them by default-graph-uri and "
        "named-graph-uri, not by FROM."
    ),
    "graphs": N_("This endpoint reads some graphs of the engine only, and not these."),
    "many": N_("Too many queries are running. Try again in a moment."),
    "no-query": N_("This is no query: it has no SELECT, ASK, CONSTRUCT or DESCRIBE."),
}
"""Why a service is not asked, or gives no answer."""

SENTENCES: Mapping[str, str] = MappingProxyType({**OF_TEXT, **OF_ENDPOINT, **OF_SERVICE, "said": "{said}"})
"""The sentence of each kind, with values in braces; `said` is what others say, in whatever words."""


@dataclass(frozen=True, slots=True)
class Reason:
    """A reason of a kind of SENTENCES; `str` gives its sentence in English.

    The values `line` and `column`, from 1, say where a text is wrong.
    """

    kind: str
    values: Mapping[str, Value] = field(default_factory=dict)

    def __str__(self) -> str:
        """Return the sentence in English."""
        return sentence(
            SENTENCES[self.kind],
            self.values,
            number=lambda value: f"{value:g}" if isinstance(value, float) else str(value),
        )

    @property
    def member(self) -> dict[str, Value]:
        """The reason as JSON has it."""
        return {"kind": self.kind, **self.values}


def reason(kind: str, **values: Value) -> Reason:
    """Return a reason.

    >>> str(reason("deadline", seconds=2.5))
    'The query did not end within 2.5 s and was stopped.'
    """
    return Reason(kind, values)


def reason_from(member: Mapping[str, Value]) -> Reason:
    """Return a reason from JSON."""
    return Reason(str(member["kind"]), {name: value for name, value in member.items() if name != "kind"})


def sentence(template: str, values: Mapping[str, Value], *, number: Callable[[float], str]) -> str:
    """Return a sentence with its values, of which `number` writes the numbers."""

    def value(slot: re.Match[str]) -> str:
        found = values.get(slot[1], "")
        return found if isinstance(found, str) else number(found)

    return SLOT.sub(value, template)


def told(reasons: Iterable[Reason]) -> str:
    """Return the sentences of reasons in English."""
    return " ".join(map(str, reasons))


def detail_of(reasons: Sequence[Reason], *, start: str = "error at ") -> str:
    """Return the sentences of reasons, after `start` and the place if they name one.

    >>> detail_of([reason("missing", line=1, column=6)])
    'error at 1:6: something is missing here or before.'
    """
    text, first = told(reasons), reasons[0].values if reasons else {}
    if "line" not in first:
        return text
    text = text if text[1:2].isupper() else text[:1].lower() + text[1:]
    return f"{start}{first['line']}:{first['column']}: {text}"
