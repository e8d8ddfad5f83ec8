"""The list as CycloneDX 1.6 (ECMA-424) in JSON, the same bytes for the same software: no time, no place, no chance."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from typing import Any
from urllib.parse import quote
from uuid import NAMESPACE_URL, uuid5

from floorctl.documents.sbom.component import Component
from floorctl.documents.sbom.licences import Licence, is_id

_SCHEMA = "http://cyclonedx.org/schema/bom-1.6.schema.json"  # a name: nothing is fetched
_SCOPES = {"direct": "required", "indirect": "required", "runtime": "required"}  # else as the use is called
# Names by which lists of known faults know what is no package of the index.
_CPES = {"CPython": "cpe:2.3:a:python:python", "SQLite": "cpe:2.3:a:sqlite:sqlite"}


def cyclonedx(own: Component, others: Sequence[Component], phase: str) -> bytes:
    """Return the document; ``phase``: «operations» of an installed floorctl, «pre-build» of what is to be installed."""
    others = sorted(others, key=lambda c: (c.use != "runtime", c.name.lower(), c.version))
    refs = {c.name: _ref(c) for c in (own, *others)}
    body: dict[str, Any] = {
        "bomFormat": "CycloneDX",
        "$schema": _SCHEMA,
        "specVersion": "1.6",
        "version": 1,
        "metadata": {
            "lifecycles": [{"phase": phase}],
            "tools": {"components": [{"type": "application", "name": "floorctl", "version": own.version}]},
            "component": _own(own),
        },
        "components": [_component(c) for c in others],
        "dependencies": [
            {"ref": refs[c.name], **_depends(refs[n] for n in c.needs if n in refs)} for c in (own, *others)
        ],
    }
    digest = hashlib.sha256(_bytes(body)).hexdigest()
    return _bytes({"bomFormat": "CycloneDX", "serialNumber": uuid5(NAMESPACE_URL, f"floorctl:{digest}").urn, **body})


def _bytes(body: dict[str, Any]) -> bytes:
    return (json.dumps(body, ensure_ascii=False, indent=1) + "\n").encode()


def _depends(refs: Iterable[str]) -> dict[str, list[str]]:
    found = sorted(refs)
    return {"dependsOn": found} if found else {}


def _ref(component: Component) -> str:
    """Return the name by which others of the document point to it; files that no package has brought have no package URL."""
    return f"file:{component.name}" if component.use == "unlisted" else _purl(component)


def _purl(component: Component) -> str:
    """Return its package URL. On the public index floorctl's own name is somebody else's, so it is no ``pypi``."""
    if component.use in ("own", "runtime"):
        return f"pkg:generic/{component.name.lower()}@{component.version}"
    return f"pkg:pypi/{quote(component.name, safe='')}@{quote(component.version, safe='')}".removesuffix("@")


def _own(own: Component) -> dict[str, Any]:
    parts = [{"type": "file", "name": name, "hashes": _sha256(value)} for name, value in sorted(own.hashes.items())]
    said = _said(own, "application")
    return said | ({"components": parts} if parts else {})


def _component(component: Component) -> dict[str, Any]:
    if component.use == "unlisted":  # whether anything loads them is not known: no scope
        return _said(component, "file")
    kind = "platform" if component.use == "runtime" else "library"
    said = _said(component, kind) | {"scope": _SCOPES.get(component.use, component.use)}
    if cpe := _CPES.get(component.name):
        said["cpe"] = f"{cpe}:{component.version}:*:*:*:*:*:*:*"
    if component.hashes:
        said["externalReferences"] = [
            {"type": "distribution", "url": name, "hashes": _sha256(value)}
            for name, value in sorted(component.hashes.items())
        ]
    return said


def _said(component: Component, kind: str) -> dict[str, Any]:
    said: dict[str, Any] = {"type": kind, "bom-ref": _ref(component), "name": component.name}
    if component.version:
        said["version"] = component.version
    if component.summary:
        said["description"] = component.summary
    if component.archive:
        said["hashes"] = _sha256(component.archive)
    if found := _licence(component.licence):
        said["licenses"] = found
    if component.use != "unlisted":
        said["purl"] = _purl(component)
    if more := _properties(component):
        said["properties"] = [{"name": f"floorctl:{name}", "value": str(value)} for name, value in more]
    return said


def _properties(component: Component) -> list[tuple[str, str | int]]:
    """Return what CycloneDX has no field for; a digest of an archive is none of the files that were in it."""
    found: list[tuple[str, str | int]] = [("program:sha256", component.program)] if component.program else []
    if component.damaged:
        found.append(("damaged", "true"))
    if (files := component.files) and files.unlisted:
        found += [("files:unlisted", files.unlisted), ("files:sha256", files.digest)]
    elif files:
        found += [("files:listed", files.listed), ("files:changed", files.changed)]
        found += [("files:missing", files.missing), ("files:sha256", files.digest)]
    return found


def _licence(licence: Licence) -> list[dict[str, Any]]:
    if is_id(licence.spdx):
        return [{"license": {"id": licence.spdx, "acknowledgement": "declared"}}]
    if licence.spdx:
        return [{"expression": licence.spdx, "acknowledgement": "declared"}]
    return [{"license": {"name": licence.words, "acknowledgement": "declared"}}] if licence.words else []


def _sha256(value: str) -> list[dict[str, str]]:
    return [{"alg": "SHA-256", "content": value}]
