"""Records of names and strings that cost next to nothing to declare.

A NamedTuple costs 0.1 ms for each class, a dataclass as much and a millisecond for the module: the descriptions of
slices, fields and parameters are read by every command, and made once. So a `Record` is a plain class whose annotated
names are what it takes, in their order, with the class's values as defaults; the type checker knows it as a dataclass.
"""

from __future__ import annotations

from typing import Any, ClassVar, dataclass_transform


@dataclass_transform()
class Record:
    """A record; its subclasses list what it holds."""

    _names: ClassVar[tuple[str, ...]] = ()

    def __init_subclass__(cls) -> None:
        cls._names = tuple(cls.__annotations__)

    def __init__(self, *values: Any, **named: Any) -> None:
        names = self._names
        self.__dict__.update(zip(names, values, strict=False))
        self.__dict__.update(named)
        for name in names:
            getattr(self, name)  # a value or a default; else an AttributeError names what is missing

    def __repr__(self) -> str:
        held = ", ".join(f"{name}={getattr(self, name)!r}" for name in self._names)
        return f"{type(self).__name__}({held})"
