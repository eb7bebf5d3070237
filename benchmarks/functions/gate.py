"""Row faasten: functions of gates. What they measure, they time inside."""

import time
from io import BytesIO

from PIL import Image

PIECE = bytes(1 << 20)


def handle(event, cloudcall):
    return globals()[event["what"]](event, cloudcall)


def calls(event, cloudcall):
    """Sorted seconds of each operation, by its name."""
    times = {}

    def timed(name, call, *arguments):
        start = time.perf_counter()
        result = call(*arguments)
        times.setdefault(name, []).append(time.perf_counter() - start)
        if result is None or result is False:
            raise RuntimeError(f"{name}: {result}")

    def empty_blob():
        with cloudcall.create_blob() as blob:
            return blob.finalize(b"")

    for number in range(event["count"]):
        base = f"~:{event['run']}-{number}"
        timed("current label", cloudcall.get_current_label)
        timed("taint", cloudcall.taint_with_label, "T,T")
        timed("endorse", cloudcall.endorse)
        # Those three change nothing, which the guest knows after the first time; these two do.
        timed("raise the label", cloudcall.taint_with_label, "faasten,T")
        timed("lower the label", cloudcall.declassify, "T")
        timed("create directory", cloudcall.fs_createdir, base)
        timed("create faceted directory", cloudcall.fs_createfaceted, base + "-faceted")
        timed("create file", cloudcall.fs_createfile, base + "-file")
        timed("write an empty file", cloudcall.fs_write, base + "-file", b"")
        timed("read an empty file", cloudcall.fs_read, base + "-file")
        timed("list", cloudcall.fs_list, base)
        timed("list faceted", cloudcall.fs_faceted_list, base + "-faceted")
        timed("delete", cloudcall.fs_delete, base)
        timed("create and finalize an empty blob", empty_blob)
        for name in ("-faceted", "-file"):
            cloudcall.fs_delete(base + name)
    return {name: sorted(seconds) for name, seconds in times.items()}


def write(event, cloudcall):
    """Seconds to make a blob of so many MiB."""
    start = time.perf_counter()
    with cloudcall.create_blob(event["path"], replace=True) as blob:
        for _ in range(event["mebibytes"]):
            blob.write(PIECE)
        blob.finalize()
    return time.perf_counter() - start


def read(event, cloudcall):
    """Seconds to read a blob, and its length."""
    start, length = time.perf_counter(), 0
    with cloudcall.fs_openblob(event["path"]) as blob:
        while piece := blob.read(2 << 20):
            length += len(piece)
    return [time.perf_counter() - start, length]


def thumbnails(event, cloudcall):
    with cloudcall.fs_openblob(event["input"]) as photo:
        original = Image.open(photo)
        original.load()
    for width, height in event["sizes"]:
        thumb = original.copy()
        thumb.thumbnail((width, height))
        encoded = BytesIO()
        thumb.save(encoded, format="JPEG")
        with cloudcall.create_blob(f"{event['output']}:{width}-{height}.jpeg", replace=True) as blob:
            blob.finalize(encoded.getvalue())
    return {}


def compute(event, cloudcall):
    """The same work as a plain function does."""
    return main(event, None)


def main(args, context):
    total = 0
    for number in range(args["rounds"]):
        total = (total * 31 + number) % 1_000_003
    return total
