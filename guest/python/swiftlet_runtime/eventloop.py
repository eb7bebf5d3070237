"""An asyncio event loop for a sandbox without sockets and threads: timers and ready callbacks only."""

import asyncio
import time
from asyncio import base_events, events


class _Timer:
    """Stands where asyncio expects a selector: nothing can become readable, so waiting is sleeping."""

    def select(self, timeout):
        if timeout is None:
            raise RuntimeError("this program waits for something that can never happen: there are no sockets or threads here")
        if timeout > 0:
            time.sleep(timeout)
        return ()

    def close(self):
        pass


class SandboxEventLoop(base_events.BaseEventLoop):
    """Runs coroutines, tasks, timers and futures."""

    def __init__(self):
        super().__init__()
        self._selector = _Timer()

    def _process_events(self, event_list):
        pass

    def _write_to_self(self):
        pass

    def run_in_executor(self, executor, func, *args):
        raise RuntimeError("threads cannot be started in a Swiftlet sandbox: call the function directly")

    async def getaddrinfo(self, host, port, **options):
        raise OSError("a Swiftlet sandbox has no network sockets")


class SandboxPolicy(events.BaseDefaultEventLoopPolicy):
    """Gives out SandboxEventLoop."""

    _loop_factory = SandboxEventLoop


def install() -> None:
    asyncio.set_event_loop_policy(SandboxPolicy())
