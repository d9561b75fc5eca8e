"""Java classes under the names that a later edition of their library gave them (Java Virtual Machine, section 4.4)."""

from __future__ import annotations

import struct

UTF8, LONG, DOUBLE = 1, 5, 6
SIZES = {3: 4, 4: 4, LONG: 8, DOUBLE: 8, 7: 2, 8: 2, 9: 4, 10: 4, 11: 4, 12: 4, 15: 3, 16: 2, 17: 4, 18: 4, 19: 2}
"""How many bytes follow the tag of a constant."""


def renamed(content: bytes, *, old: str, new: str) -> bytes:
    """Return a class file all of whose names have `new` for `old`: they stand among its constants alone."""
    (count,) = struct.unpack_from(">H", content, 8)
    parts, at, number = [content[:10]], 10, 1
    while number < count:
        tag = content[at]
        if tag == UTF8:
            (length,) = struct.unpack_from(">H", content, at + 1)
            text = content[at + 3 : at + 3 + length].replace(old.encode(), new.encode())
            parts.append(struct.pack(">BH", tag, len(text)) + text)
            at += 3 + length
        else:
            parts.append(content[at : at + 1 + SIZES[tag]])
            at += 1 + SIZES[tag]
        number += 2 if tag in (LONG, DOUBLE) else 1
    return b"".join([*parts, content[at:]])
