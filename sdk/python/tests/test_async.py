"""The client that awaits, on a real server."""

import asyncio

import pytest

from faaspot import AsyncFaaspot, FaaspotException


def test_the_whole_life_of_a_function(local, tmp_path):
    (tmp_path / "echo.py").write_text("def main(args, context):\n    return args\n")

    async def live():
        async with AsyncFaaspot() as faaspot:
            await faaspot.functions.create("awaited", tmp_path / "echo.py", wait=True)
            results = await asyncio.gather(*(faaspot.functions.run("awaited", {"n": n}, wait=True) for n in range(20)))
            assert results == [{"n": n} for n in range(20)]
            uuids = await faaspot.functions().run_bulk("awaited", [{"n": 1}, {"n": 2}])
            assert [await faaspot.executions.get(each, wait=True) for each in uuids] == [{"n": 1}, {"n": 2}]
            assert [each async for each in faaspot.executions.iterate(deployment="awaited")]
            assert await faaspot.functions.delete("awaited", wait=True) == "Function `awaited` deleted"
            with pytest.raises(FaaspotException, match=r"^404 \(Not Found\): Not found\.$"):
                await faaspot.functions.get("awaited")

    asyncio.run(live())


def test_it_can_be_used_again_after_it_was_closed(local):
    async def live():
        faaspot = AsyncFaaspot()
        await faaspot.functions.list()
        await faaspot.close()
        await faaspot.functions.list()
        await faaspot.close()

    asyncio.run(live())


def test_it_can_be_used_in_a_second_loop(local):
    faaspot = AsyncFaaspot()
    for _ in range(2):
        assert isinstance(asyncio.run(faaspot.functions.list()), list)


def test_a_cancelled_task_gives_its_connection_back(local, tmp_path):
    (tmp_path / "slow.py").write_text("import time\n\n\ndef main(args, context):\n    time.sleep(2)\n")

    async def live():
        async with AsyncFaaspot() as faaspot:
            await faaspot.functions.create("slow", tmp_path / "slow.py", wait=True)
            with pytest.raises(asyncio.TimeoutError):
                await asyncio.wait_for(faaspot.functions.run("slow", wait=True), timeout=0.2)
            await faaspot.functions.delete("slow")

    asyncio.run(live())
