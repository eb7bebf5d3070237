"""Makes many calls at one time."""

import asyncio
import os
from urllib.parse import urlsplit

from away import FaasConnection, builder

gateway = urlsplit(os.environ.get("SWIFTLET_GATEWAY", "http://localhost:8080"))
faas = FaasConnection(gateway.hostname, gateway.port, password=os.environ.get("SWIFTLET_PASSWORD", "1234"))


@builder.publish(faas)
async def square(n):
    return n * n


async def main():
    some = await asyncio.gather(*(square(n) for n in range(5)))
    more = await square.map(range(20), concurrency=4)
    print(some, more)
    assert some == [0, 1, 4, 9, 16] and more == [n * n for n in range(20)]


asyncio.run(main())
faas.remove_fn("square")
