"""Names of functions, as Python and as the gateway spell them."""

from __future__ import annotations

import re

#: A name that can be deployed.
_DEPLOYABLE = re.compile(r"[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?")
#: This gateway, as functions that run on it call it. The dot at the end keeps resolvers from adding a search domain.
CLUSTER_GATEWAY = "http://gateway.openfaas.svc.cluster.local.:8080"


def deployed_name(function_name: str) -> str:
    """The name that a Python function is deployed under: `-` for `_`."""
    return function_name.replace("_", "-")


def is_deployable(name: str) -> bool:
    """Whether the gateway takes this name: up to 63 lower-case letters, digits and inner dashes."""
    return _DEPLOYABLE.fullmatch(name) is not None


def bare_namespace(namespace: str) -> str:
    """A namespace without the dot that may stand before it."""
    return namespace[1:] if namespace.startswith(".") else namespace


def route(name: str, namespace: str = "") -> str:
    """A function as it stands in paths: `NAME` or `NAME.NAMESPACE`."""
    bare = bare_namespace(namespace)
    return f"{name}.{bare}" if bare else name
