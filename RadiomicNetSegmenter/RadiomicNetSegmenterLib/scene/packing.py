"""Dataclasses of numbers, words and arrays to JSON and back, by their type hints."""

from __future__ import annotations

import base64
import types
import typing
from dataclasses import fields, is_dataclass
from typing import Any

import numpy as np


def pack(value: Any) -> Any:
    """The value as what JSON knows; arrays as their type and nested lists, bytes in base 64."""
    if isinstance(value, bytes):
        return base64.b64encode(value).decode("ascii")
    if isinstance(value, np.ndarray):
        return {"dtype": value.dtype.str, "values": value.tolist()}
    if is_dataclass(value):
        return packFields(value)
    if isinstance(value, dict):
        return {key: pack(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [pack(item) for item in value]
    return value.item() if isinstance(value, np.generic) else value


def packFields(instance: Any, without: frozenset[str] = frozenset()) -> dict[str, Any]:
    """The fields of a dataclass by name, but for some."""
    return {field.name: pack(getattr(instance, field.name)) for field in fields(instance) if field.name not in without}


def unpack(kind: Any, value: Any, names: dict[str, type] | None = None, **given: Any) -> Any:
    """What was packed, as the type that a hint names.

    Parameters
    ----------
    kind : type
        A dataclass, or anything that may be the hint of its fields.
    value
        What :func:`pack` made of it.
    names : dict of str to type, optional
        Types that a module of the dataclasses names in its hints without importing them.
    **given
        Fields of the dataclass that were not packed.

    Raises
    ------
    TypeError, KeyError, ValueError
        Where it was packed from another version of the dataclass.
    """
    if is_dataclass(kind):
        hints = typing.get_type_hints(kind, localns=names)
        return kind(**given, **{name: unpack(hints[name], item, names) for name, item in value.items()})
    if kind is bytes:
        return base64.b64decode(value)
    if kind is np.ndarray:
        return np.array(value["values"], np.dtype(value["dtype"]))
    origin, arguments = typing.get_origin(kind), typing.get_args(kind)
    if origin in (typing.Union, types.UnionType):
        hint = next(each for each in arguments if each is not types.NoneType)
        return None if value is None else unpack(hint, value, names)
    if origin is dict:
        return {key: unpack(arguments[1], item, names) for key, item in value.items()}
    if origin in (tuple, list):
        same = origin is list or arguments[-1] is Ellipsis
        hints = [arguments[0]] * len(value) if same else arguments
        return origin(unpack(hint, item, names) for hint, item in zip(hints, value, strict=True))
    return value
