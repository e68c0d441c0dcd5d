"""The JSON files as pages, from the schemas that they are held to."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

SCHEMAS = Path(__file__).resolve().parents[2] / "RadiomicNetSegmenter" / "radiomicnet" / "schemas"


def result(_present: str) -> str:
    """The page on ``NAME.json``."""
    return _page("result.schema.json", "The record, NAME.json", (
        "Everything that was found in an image, for programs. It is held to its schema before it is written; a field "
        "that is missing, misspelt or of another type is a fault of RadiomicNet."))


def card(_present: str) -> str:
    """The page on ``card.json``."""
    return _page("model-card.schema.json", "The model card, card.json", (
        "What a model is, what it was trained on, how good it is and how it is fed. It is held to its schema when the "
        "model is loaded, and the weights to the SHA-256 that it names."))


def _page(name: str, title: str, introduction: str) -> str:
    schema = json.loads((SCHEMAS / name).read_text(encoding="utf-8"))
    rows = "\n".join(f"| `{path}` | {kind} | {words} |" for path, kind, words in _fields(schema, schema, ""))
    link = f"../../RadiomicNetSegmenter/radiomicnet/schemas/{name}"
    return (f"# {title}\n\n<!-- Written by `make docs` from radiomicnet/schemas/{name}. -->\n\n{introduction}\n\n"
            f"The schema itself: [`{name}`]({link}). `[]` stands for each item of a list, `*` for each key.\n\n"
            f"| field | type | meaning |\n|---|---|---|\n{rows}\n")


def _fields(node: dict, schema: dict, path: str) -> Iterator[tuple[str, str, str]]:
    """Path, type and meaning of a node and of everything in it."""
    node = {**_resolved(node, schema), **{key: value for key, value in node.items() if key != "$ref"}}
    if path:
        yield path, _kind(node), node.get("description", node.get("title", "")).replace("|", "\\|")
    prefix = f"{path}." if path else ""
    for name, child in node.get("properties", {}).items():
        yield from _fields(child, schema, f"{prefix}{name}")
    if isinstance(node.get("additionalProperties"), dict):
        yield from _fields(node["additionalProperties"], schema, f"{prefix}*")
    items = node.get("items")
    if isinstance(items, dict) and "properties" in _resolved(items, schema):
        yield from _fields(items, schema, f"{path}[]")


def _resolved(node: dict, schema: dict) -> dict:
    return schema["$defs"][node["$ref"].rpartition("/")[2]] if "$ref" in node else node


def _kind(node: dict) -> str:
    if "enum" in node:
        return "one of " + ", ".join(f"`{json.dumps(value)}`" for value in node["enum"])
    if "const" in node:
        return f"`{json.dumps(node['const'])}`"
    kinds = node.get("type", "any")
    words = " or ".join(kinds if isinstance(kinds, list) else [kinds])
    bounds = [f"{sign} {node[key]}" for key, sign in (("minimum", "≥"), ("exclusiveMinimum", ">"), ("maximum", "≤"))
              if key in node]
    return ", ".join([words, *bounds])
