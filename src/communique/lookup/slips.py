"""What a word has in common with its misspellings, so that an index finds it again by equality alone.

| what stays the same | after |
|---|---|
| the word without one of its letters | one slip: a letter lost, added, changed, or swapped with the next |
| its consonants | other vowels |
| its begin, its middle or its end, with how many letters it has | two slips in a long word |
"""

from __future__ import annotations

from communique.lookup.romanisation import skeleton

SHORTEST = 4
"""Letters from which on a word may be misspelt."""
LONG = 8
"""Letters from which on a word may have two slips."""


def forms(word: str) -> set[str]:
    """Return what a word shares with itself after one slip: the word, and the word without any one letter.

    >>> sorted(forms("iran") & forms("rian"))
    ['ian', 'ran']
    """
    return {word, *(word[:at] + word[at + 1 :] for at in range(len(word)))} if len(word) >= SHORTEST else {word}


def bones(word: str) -> set[str]:
    """Return the skeleton of a folded word, marked as one, if it has enough of them to tell it."""
    found = skeleton(word)
    return {"=" + found} if len(found) > 2 else set()


def pieces(word: str) -> set[str]:
    """Return the parts of a long word, one of which is whole after two slips; nothing for others.

    >>> sorted(pieces("kazahstan"))
    ['9<kaz', '9>tan', '9|ahs']
    """
    size = len(word)
    return _pieces(word, size, shifts=(0,)) if size >= LONG else set()


def pieces_after_slips(word: str) -> set[str]:
    """Return the pieces that words may have of which a long word is a misspelling by two slips.

    >>> bool(pieces_after_slips("kasachstan") & pieces("kazahstan"))
    True
    """
    if len(word) < LONG:
        return set()
    sizes = range(max(LONG, len(word) - 2), len(word) + 3)
    return {piece for size in sizes for piece in _pieces(word, size, shifts=(-1, 0, 1))}


def _pieces(word: str, size: int, *, shifts: tuple[int, ...]) -> set[str]:
    """Return begin, middle and end of a word as if it had so many letters, the middle at each of some shifts."""
    third = (size + 1) // 3
    middles = {word[third + shift : size - third + shift] for shift in shifts}
    return {f"{size}<{word[:third]}", f"{size}>{word[-third:]}", *(f"{size}|{middle}" for middle in middles)}
