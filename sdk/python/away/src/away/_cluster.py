"""Calls between functions: what a captured proxy becomes on the server."""

from __future__ import annotations

from ._invoking import Target

_CALL = '''
def {name}(*args):
    import requests
    packed = {pack}
    reply = requests.get({url!r}, data=packed if isinstance(packed, bytes) else packed.encode('utf-8'))
    text = reply.content.decode('utf-8', 'replace')
    if reply.status_code != 200 and {raises}:
        raise RuntimeError(f'Function {function} returned non 200 code: {{reply.status_code}}, {{text}}')
    value = {unpack}
    return {result}
'''


def cluster_call(name: str, target: Target) -> str:
    """The source of a function that calls the target from inside the server, packing as its proxy does.

    Where packers are the caller's own they are read from the function's attributes `pack_args` and `unpack_args`, to be set.
    """
    yaml = "_away_yaml"
    if target.is_safe_protocol is not None:
        safe = target.is_safe_protocol
        pack = f"{yaml}.safe_dump(args)" if safe else f"{yaml}.dump(args)"
        unpack = f"{yaml}.safe_load(text)" if safe else f"{yaml}.load(text, Loader={yaml}.Loader)"
    else:
        pack, unpack = f"{name}.pack_args(args)", f"{name}.unpack_args(text)"
    return _CALL.format(
        name=name, url=target.cluster_url, function=target.name, raises=target.implicit_exception_handling, pack=pack, unpack=unpack,
        result="value" if target.implicit_exception_handling else "(value, reply.status_code)").strip()

