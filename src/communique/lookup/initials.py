"""Initials, letters that stand for names of a person: where they let two names be of one, and where they leave a doubt.

| asked | known | may they be one person? |
|---|---|---|
| `John F. Kennedy`, `John Kennedy` | `John Kennedy`, `John F. Kennedy` | yes: one of them lacks an initial |
| `I. Krasnov` | `I. V. Krasnov` | yes: the last initial is left out |
| `I. V. Krasnov` | `I. Krasnov` | in doubt: whoever keeps initials would have kept this one |
| `George H. W. Bush` | `George W. Bush`, `George Walker Bush` | in doubt: an initial before one that both have |
| `J. F. Kennedy` | `F. J. Kennedy` | in doubt: another order |
| `Elizabeth I` | `Elizabeth` | in doubt: nothing but one word is left |
"""

from __future__ import annotations

from communique.lookup.resemblance import partners

ALIKE, LACKING, DOUBTFUL = range(3)
"""What initials say of two names."""


def difference(asked: tuple[str, ...], known: tuple[str, ...]) -> int:
    """Return what the initials of two names that are alike, as words, say of them.

    >>> difference(("george", "h", "w", "bush"), ("george", "w", "bush")) == DOUBTFUL
    True
    >>> difference(("john", "f", "dee"), ("john", "dee")) == LACKING, difference(("j", "dee"), ("dee", "john")) == ALIKE
    (True, True)
    """
    ours, theirs = _initials(asked, known)
    if ours == theirs:
        return ALIKE
    shared = min(len(ours), len(theirs))
    if ours[:shared] != theirs[:shared] or min(len(asked), len(known)) == 1:
        return DOUBTFUL
    return DOUBTFUL if len(ours) > len(theirs) and any(len(word) == 1 for word in known) else LACKING


def _initials(one: tuple[str, ...], other: tuple[str, ...]) -> tuple[list[str], list[str]]:
    """Return the initials of two names, each in their order, and what stands for words of the other one."""
    ours = {at: word for at, word in enumerate(one) if len(word) == 1}
    theirs = {at: word for at, word in enumerate(other) if len(word) == 1}
    for here, there in partners(one, other):
        initial = min(one[here], other[there], key=len)
        if here in ours or there in theirs or (one[here] != other[there] and len(initial) == 2):
            ours[here] = theirs[there] = initial
    return [ours[at] for at in sorted(ours)], [theirs[at] for at in sorted(theirs)]
