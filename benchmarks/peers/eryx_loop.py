"""Row 1 for pyeryx, in its own process without HTTP, which favours it: threads call, each call in a fresh sandbox.

Usage: eryx_loop.py SNAPSHOT THREADS SECONDS. Prints JSON. Makes the snapshot, which takes a minute, when it is not there.
"""

import json
import os
import resource
import sys
import threading
import time

import eryx

CODE = """
def main(args, context):
    return {"greeting": "Hello " + args["name"]}

result = main(json.loads(%r), {})
"""


def loop(sandbox, end, latencies):
    while (started := time.perf_counter()) < end:
        done = sandbox.execute("import json" + CODE % json.dumps({"name": "you"}))
        latencies.append(time.perf_counter() - started)
        if done.result != {"greeting": "Hello you"}:
            raise SystemExit(f"unexpected answer {done.result!r}")


def run(factory, threads, seconds):
    latencies = []
    workers = []
    started = time.perf_counter()
    for _ in range(threads):
        arguments = (factory.create_sandbox(), started + seconds, latencies)
        workers.append(threading.Thread(target=loop, args=arguments))
        workers[-1].start()
    for worker in workers:
        worker.join()
    return sorted(latencies), time.perf_counter() - started


def cpu():
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


def main():
    snapshot, threads, seconds = sys.argv[1], int(sys.argv[2]), float(sys.argv[3])
    if not os.path.exists(snapshot):
        # The fastest of its ways: the standard modules that the code needs are in the snapshot already.
        eryx.SandboxFactory(imports=["json"]).save(snapshot + ".new")
        os.rename(snapshot + ".new", snapshot)
    factory = eryx.SandboxFactory.load(snapshot)
    run(factory, threads, min(1, seconds))
    before = cpu()
    latencies, elapsed = run(factory, threads, seconds)
    used = cpu() - before
    count = len(latencies)
    json.dump(
        {
            "throughput": count / elapsed,
            "p50": latencies[count // 2] * 1e6,
            "p99": latencies[count * 99 // 100] * 1e6,
            "cpu": used / count * 1e6,
            "memory": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
        },
        sys.stdout,
    )


main()
