"""Small functions to start from."""

from __future__ import annotations

from .exceptions import FaaspotException

_HELLO_WORLD = '''def main(args, context):
    """Greet the one whose name is in the arguments."""
    return 'Hello {0}'.format(args['name'])
'''

_GET_CONTENT = '''from urllib.request import urlopen


def main(args, context):
    """Fetch the page at the address in the arguments."""
    with urlopen(args['url']) as response:
        return {'content': response.read().decode('utf-8', 'replace')}
'''

_SLEEP = '''import time


def main(args, context):
    """Sleep as many seconds as the arguments say."""
    seconds = float(args.get('sec', 0))
    time.sleep(seconds)
    return 'Slept {0} seconds'.format(args.get('sec', 0))
'''


def write(hello_world: bool, get_content: bool, sleep: bool) -> str:
    """Writes the wanted samples to the current folder, over nothing; returns a line on each."""
    wanted = [
        (hello_world, "hello-world.py", _HELLO_WORLD),
        (get_content, "get-content.py", _GET_CONTENT),
        (sleep, "sleep.py", _SLEEP),
    ]
    lines = [_write(name, code) for is_wanted, name, code in wanted if is_wanted]
    if not lines:
        raise FaaspotException("No action requested.")
    return "\n".join(lines)


def _write(name: str, code: str) -> str:
    try:
        with open(name, "x", encoding="utf-8") as file:
            file.write(code)
    except FileExistsError:
        return f"File with name `{name}` already exists."
    except OSError as error:
        raise FaaspotException(f"Cannot write `{name}`: {error.strerror}") from error
    return f"Sample file `{name}` been created."
