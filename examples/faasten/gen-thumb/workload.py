"""Makes thumbnails of a photo: the function of the tutorial."""

from io import BytesIO

from PIL import Image


def handle(event, cloudcall):
    with cloudcall.fs_openblob(event["input"]) as photo:
        original = Image.open(photo)
        original.load()
    for width, height in event["sizes"]:
        thumb = original.copy()
        thumb.thumbnail((width, height))
        encoded = BytesIO()
        thumb.save(encoded, format="JPEG")
        target = f"{event['output_dir']}:{width}-{height}.jpeg"
        with cloudcall.create_blob(target) as new_blob:
            new_blob.finalize(encoded.getvalue())
    return {}
