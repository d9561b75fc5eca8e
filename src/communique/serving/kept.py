"""Answers that are kept: a snapshot does not change, so what was asked once is not evaluated again.

A query that leaves something to chance or to the time of day is. Of a service elsewhere nothing is kept, since its data
change (`sparql`).
"""

import hashlib
import io
from collections import OrderedDict
from dataclasses import dataclass
from functools import cached_property
from sys import getsizeof

from communique.gzipped import packed
from communique.serving.encodings import packed_tag
from communique.serving.exchange import Answer, Question
from communique.serving.limits import Limits
from communique.syntax.sparql_text import leaves_to_chance

ROOM = 1024
"""Bytes that a question and its answer take in memory beside their texts."""


@dataclass
class KeptAnswer:
    """The bytes of a whole answer and what they are: their `form`, and the name of their format.

    `packed` are the same bytes by gzip, once somebody has wanted them (`Kept.packed`), and another representation.
    """

    form: str
    content: bytes
    format_name: str
    packed: bytes = b""

    @cached_property
    def etag(self) -> bytes:
        """The strong ETag of the representation (RFC 9110, 8.8.3): two formats may have the same bytes, and are two."""
        salt = self.format_name.encode()[:16]
        return b'"%s"' % hashlib.blake2b(self.content, digest_size=16, salt=salt).hexdigest().encode()

    @property
    def etag_packed(self) -> bytes:
        """The strong ETag of the packed form."""
        return packed_tag(self.etag)

    def again(self) -> Answer:
        """Return the answer as an engine would."""
        return Answer(status=200, form=self.form, body=io.BytesIO(self.content), size=len(self.content))


class Kept:
    """The answers that were wanted last, as many as the limits let in."""

    def __init__(self, limits: Limits) -> None:
        """Keep nothing yet."""
        self._limits, self._size = limits, 0
        self._answers: OrderedDict[Question, KeptAnswer] = OrderedDict()

    def of(self, question: Question) -> KeptAnswer | None:
        """Return the answer to a question, if it is kept."""
        found = self._answers.get(question)
        if found is not None:
            self._answers.move_to_end(question)
        return found

    def keep(self, question: Question, answer: Answer) -> KeptAnswer | None:
        """Return the answer as it is kept from now on, None if it is not."""
        if not isinstance(answer.body, io.BytesIO) or answer.size > self._limits.kept_answer:
            return None
        content = answer.body.getvalue()
        room = _room(question, content)
        if room > self._limits.kept or leaves_to_chance(question.query):
            return None
        self._forget(question)
        kept = KeptAnswer(answer.form, content, question.format_of(answer.form))
        self._answers[question] = kept
        self._take(room)
        return kept

    def packed(self, question: Question, kept: KeptAnswer) -> bytes:
        """Return the packed form of an answer that is kept, and keep it too."""
        if not kept.packed:
            kept.packed = packed(kept.content)
            if self._answers.get(question) is kept:
                self._take(len(kept.packed))
        return kept.packed

    def _take(self, room: int) -> None:
        """Take room, and let go of what was wanted longest ago."""
        self._size += room
        while self._size > self._limits.kept:
            self._forget(next(iter(self._answers)))

    def _forget(self, question: Question) -> None:
        former = self._answers.pop(question, None)
        if former is not None:
            self._size -= _room(question, former.content) + len(former.packed)


def _room(question: Question, content: bytes) -> int:
    return ROOM + sum(map(getsizeof, (question.query, *question.default_graphs, *question.named_graphs, content)))
