"""Row 4: a thumbnail with Pillow. Run as a program it makes the picture, or times the same work natively."""

import base64
import io
import json
import math
import sys
import time

from PIL import Image


def main(args, context):
    image = Image.open(io.BytesIO(base64.b64decode(args["image"])))
    image.thumbnail((200, 200))
    output = io.BytesIO()
    image.save(output, "JPEG", quality=85)
    return {"width": image.width, "height": image.height, "image": base64.b64encode(output.getvalue()).decode()}


def picture():
    """A JPEG of 1600x1200, about as large as that of a photograph."""
    rows = Image.linear_gradient("L").resize((1600, 1200))
    noise = Image.effect_noise((1600, 1200), 10)
    wave = Image.new("L", (1600, 1))
    wave.putdata([int(128 + 100 * math.sin(x / 31)) for x in range(1600)])
    image = Image.merge("RGB", (rows, noise, wave.resize((1600, 1200))))
    output = io.BytesIO()
    image.save(output, "JPEG", quality=85)
    return base64.b64encode(output.getvalue()).decode()


def native(args, repeats):
    """Seconds of wall and CPU time of each of several calls."""
    times = []
    for _ in range(repeats):
        wall, cpu = time.perf_counter(), time.process_time()
        main(args, {})
        times.append((time.perf_counter() - wall, time.process_time() - cpu))
    return times


if __name__ == "__main__":
    if sys.argv[1] == "picture":
        json.dump({"image": picture()}, sys.stdout)
    else:
        json.dump(native(json.load(open(sys.argv[2])), int(sys.argv[3])), sys.stdout)
