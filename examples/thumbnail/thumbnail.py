"""Makes a thumbnail of a JPEG with Pillow. Both travel as base64."""

import base64
import io

from PIL import Image


def main(args, context):
    edge = int(args.get("edge", 128))
    image = Image.open(io.BytesIO(base64.b64decode(args["image"])))
    image.thumbnail((edge, edge))
    output = io.BytesIO()
    image.save(output, "JPEG", quality=85)
    return {"width": image.width, "height": image.height, "image": base64.b64encode(output.getvalue()).decode()}
