"""Calls every C function of Pillow's built-in modules once, the way programs do.

A call through a pointer of another type ends a WebAssembly instance, so a function counts as working only when it has
been called. `run()` counts by itself, with a profiler, and raises when one was left out or an answer is wrong.
"""

from __future__ import annotations

import io
import os
import sys
import warnings
from collections.abc import Callable
from typing import Any

from PIL import (
    Image,
    ImageChops,
    ImageColor,
    ImageDraw,
    ImageEnhance,
    ImageFile,
    ImageFilter,
    ImageFont,
    ImageMath,
    ImageMorph,
    ImageOps,
    ImagePath,
    ImageSequence,
    ImageStat,
    _imagingmath,
    _imagingmorph,
    features,
)

core: Any = Image.core

# Functions that nothing in this build can use.
LEFT_OUT = {
    "_imaging.map_buffer",  # takes a memory-mapped file; WASI has none
}


def sample(mode: str = "RGB", size: tuple[int, int] = (64, 48)) -> Image.Image:
    """A picture with gradients in every band, the same every time."""
    horizontal = Image.linear_gradient("L").rotate(90).resize(size)
    vertical = Image.linear_gradient("L").resize(size)
    radial = Image.radial_gradient("L").resize(size)
    return Image.merge("RGB", (horizontal, vertical, radial)).convert(mode)


def saved(image: Image.Image, format: str, **options: Any) -> Image.Image:
    """The picture after a trip through a file format."""
    buffer = io.BytesIO()
    image.save(buffer, format, **options)
    buffer.seek(0)
    opened = Image.open(buffer)
    opened.load()
    assert opened.size == image.size, format
    return opened


def near(first: Image.Image, second: Image.Image, tolerance: float) -> None:
    difference = ImageStat.Stat(ImageChops.difference(first.convert("RGB"), second.convert("RGB"))).mean
    assert max(difference) <= tolerance, difference


def formats() -> None:
    image = sample()
    for options in ({}, {"quality": 95, "progressive": True}, {"optimize": True, "subsampling": 2}):
        near(saved(image, "JPEG", **options), image, 6)
    assert saved(image.convert("L"), "JPEG").mode == "L"
    assert saved(image.convert("CMYK"), "JPEG").mode == "CMYK"
    with_exif = saved(image, "JPEG", exif=Image.Exif(), icc_profile=b"profile", comment=b"comment")
    assert with_exif.info["comment"] == b"comment"
    large = io.BytesIO()
    sample(size=(800, 600)).save(large, "JPEG")
    large.seek(0)
    draft = Image.open(large)
    draft.draft("RGB", (200, 150))
    assert draft.size == (200, 150)
    draft.load()
    large.seek(0)
    # An error inside libjpeg comes back by longjmp.
    try:
        Image.open(io.BytesIO(large.getvalue()[:600])).load()
    except OSError:
        pass
    else:
        raise AssertionError("half a JPEG was decoded")
    broken = bytearray(large.getvalue())
    broken[300:400] = b"\xff\xc4\x00\x04" * 25
    try:
        Image.open(io.BytesIO(broken)).load()
    except (OSError, SyntaxError):
        pass

    for mode in ("1", "L", "LA", "P", "RGB", "RGBA", "I;16", "I"):
        source = sample("L").convert(mode) if mode.startswith("I") else sample("RGB").convert(mode)
        assert list(saved(source, "PNG").convert("RGBA").getdata()) == list(source.convert("RGBA").getdata()), mode
    saved(image, "PNG", optimize=True)

    for name in ("BMP", "PPM", "TGA", "SGI", "PCX", "TIFF", "IM", "DDS", "ICO", "MSP", "XBM", "SPIDER", "BLP"):
        source = {"MSP": image.convert("1"), "XBM": image.convert("1"), "SPIDER": image.convert("F")}.get(name, image)
        if name == "BLP":
            source = image.quantize(256)
        if name == "ICO":
            source = image.resize((32, 32))
        saved(source, name)
    near(saved(image, "TGA", compression="tga_rle"), image, 0)
    near(saved(image, "TIFF", compression=None), image, 0)
    buffer = io.BytesIO()
    image.save(buffer, "EPS")
    image.convert("L").save(io.BytesIO(), "EPS")
    assert buffer.getvalue().startswith(b"%!PS")
    buffer = io.BytesIO()
    image.save(buffer, "PDF")
    assert buffer.getvalue().startswith(b"%PDF")

    frames = [sample().rotate(angle).quantize(32) for angle in (0, 30, 60)]
    buffer = io.BytesIO()
    frames[0].save(buffer, "GIF", save_all=True, append_images=frames[1:], duration=40, loop=0)
    buffer.seek(0)
    assert sum(1 for _ in ImageSequence.Iterator(Image.open(buffer))) == 3
    saved(frames[0], "GIF", interlace=True)

    # Through real files: the encoder writes to the descriptor by itself.
    path = f"/tmp/pillow-smoke-{os.getpid()}"
    try:
        image.save(path + ".bmp")
    except OSError as error:
        print(f"no writable /tmp ({error}): encoding straight to a file was not tried")
        LEFT_OUT.update(("ImagingEncoder.encode_to_file", "ImagingCore.save_ppm"))
    else:
        near(Image.open(path + ".bmp"), image, 0)
        image.im.save_ppm(path + ".ppm")
        near(Image.open(path + ".ppm"), image, 0)
        os.unlink(path + ".bmp"), os.unlink(path + ".ppm")


def decoders() -> None:
    """Formats that Pillow only reads, and codecs that no plug-in needs here: created, fed and cleaned up by hand."""
    # 8 pixels, 1 bit each.
    assert list(Image.frombytes("F", (8, 1), b"\xaa", "bit", 1, 8, 0, 0, 1).getdata()) in ([1, 0] * 4, [0, 1] * 4)
    assert Image.frombytes("RGBA", (4, 4), bytes(8), "bcn", 1).size == (4, 4)
    assert Image.frombytes("L", (2, 1), b"ff00", "hex", "L").size == (2, 1)
    assert list(Image.frombytes("L", (4, 1), b"\xfd\x07", "packbits", "L").getdata()) == [7] * 4
    assert list(Image.frombytes("L", (4, 1), b"\x80\x03\x07" + bytes(8), "sun_rle", "L").getdata()) == [7] * 4
    for name, arguments in {"fli": (), "pcd": (), "gif": (8, 0)}.items():
        decoder = getattr(core, f"{name}_decoder")("L", *arguments)
        assert decoder.pulls_fd is False
        decoder.cleanup()
    decoder = core.sgi_rle_decoder("L", "L", 1, 1)
    decoder.setfd(io.BytesIO())
    decoder.cleanup()
    encoder = core.raw_encoder("L", "L", 0, 1)
    encoder.setimage(sample("L").im, (0, 0, 64, 48))
    encoder.setfd(io.BytesIO())
    # Only encoders that write by themselves do something here; that the call comes back is what counts.
    assert encoder.pushes_fd is False and encoder.encode_to_pyfd() == (0, -8)
    assert sample("L").tobytes("hex", "L")[:2].isalnum()
    parser = ImageFile.Parser()
    buffer = io.BytesIO()
    sample().save(buffer, "PNG")
    for start in range(0, len(buffer.getvalue()), 100):
        parser.feed(buffer.getvalue()[start : start + 100])
    near(parser.close(), sample(), 0)
    assert core.getcodecstatus(-3)


def conversions() -> None:
    image = sample()
    for mode in ("1", "L", "LA", "P", "RGBA", "RGBX", "RGBa", "CMYK", "YCbCr", "HSV", "I", "F"):
        middle = image.convert("RGBA").convert("RGBa") if mode == "RGBa" else image.convert(mode)
        assert middle.mode == mode
    assert image.convert("L", (0.3, 0.6, 0.1, 0)).mode == "L"
    assert image.convert("RGB", (0, 1, 0, 0, 0, 0, 1, 0, 1, 0, 0, 0)).size == image.size
    assert image.convert("P", palette=Image.Palette.ADAPTIVE, colors=8).mode == "P"
    transparent = image.copy()
    transparent.info["transparency"] = (0, 0, 0)
    assert transparent.convert("RGBA").mode == "RGBA"
    for method in (Image.Quantize.MEDIANCUT, Image.Quantize.MAXCOVERAGE, Image.Quantize.FASTOCTREE):
        quantized = image.quantize(16, method)
        assert len(quantized.getcolors()) <= 16
        image.quantize(palette=quantized)
    image.quantize(8, kmeans=2)
    palette = quantized.copy()
    palette.putpalette(list(range(256)) * 3)
    palette.putpalette(bytes(range(256)) * 4, "RGBA")
    assert palette.getpalette()
    palette.remap_palette(list(range(16)))
    core_palette = quantized.copy()
    core_palette.im.putpalettealpha(0, 0)
    core_palette.im.putpalettealphas(bytes(16))
    assert core_palette.im.getpalettemode() == "RGBA"
    assert core_palette.im.getpalette("RGB", "RGB")
    set_mode = image.copy().im
    set_mode.setmode("RGBX")
    assert image.getbands() == ("R", "G", "B")
    image.im.convert2(core.new("L", (64, 48)), image.convert("L").im)
    core.convert(core.new("L", (64, 48)), image.convert("L").im)


def pixels() -> None:
    image = sample()
    image.putpixel((1, 2), (3, 4, 5))
    assert image.getpixel((1, 2)) == (3, 4, 5)
    access = image.load()
    access[0, 0] = (9, 8, 7)
    assert access[0, 0] == (9, 8, 7)
    low = image.im
    low.putpixel((0, 0), (1, 1, 1))
    assert low.getpixel((0, 0)) == (1, 1, 1)
    assert low.isblock() in (True, False)
    assert low.mode == "RGB" and low.size == (64, 48) and low.bands == 3
    assert isinstance(low.id, int) and isinstance(low.unsafe_ptrs, tuple)
    assert len(low) == 64 * 48 and low[0] is not None
    assert image.getbbox() == (0, 0, 64, 48)
    assert Image.new("L", (4, 4)).getbbox() is None
    assert image.getextrema()[0][1] > 200 and image.convert("F").getextrema() and image.convert("I").getextrema()
    assert sample("L").convert("I").convert("I;16").getextrema()[1] > 200
    assert len(image.getprojection()[0]) == 64
    assert sum(image.convert("L").histogram()) == 64 * 48
    assert image.histogram(mask=Image.new("L", image.size, 255))
    assert sum(image.convert("F").histogram(extrema=(0.0, 255.0))) == 64 * 48
    assert image.entropy() > 1
    assert image.getcolors(10000)
    assert [band.mode for band in image.split()] == ["L"] * 3
    assert image.getchannel("G").mode == "L"
    with_alpha = image.convert("RGBA")
    with_alpha.putalpha(128)
    with_alpha.putalpha(sample("L"))
    flat = Image.new("L", (2, 2))
    flat.putdata([1, 2, 3, 4])
    assert list(flat.getdata()) == [1, 2, 3, 4]
    image.paste((1, 2, 3), (0, 0, 5, 5))
    image.paste(sample(), (5, 5), sample("L"))
    with_alpha.alpha_composite(with_alpha.copy())
    assert image.tobytes() == Image.frombytes("RGB", image.size, image.tobytes()).tobytes()
    assert Image.frombuffer("L", (2, 2), b"abcd", "raw", "L", 0, 1).getpixel((1, 1)) == ord("d")
    assert image.convert("1").tobitmap().startswith(b"#define")
    new_block = core.new_block("L", (4, 4))
    assert new_block.isblock()
    assert core.fill("RGB", (3, 3), (1, 2, 3)).getpixel((0, 0)) == (1, 2, 3)
    core.wedge("L")
    low.expand(2, 2)
    low.offset(3, 3)


def geometry() -> None:
    image = sample()
    for filter in Image.Resampling:
        assert image.resize((20, 10), filter).size == (20, 10)
    assert image.resize((20, 10), box=(1.5, 1.5, 30, 30), reducing_gap=2).size == (20, 10)
    assert image.reduce((2, 3)).size == (32, 16)
    for factor in (1, 2, 3, 4, 5, 7):
        image.reduce(factor), image.convert("F").reduce(factor)
    thumbnail = image.copy()
    thumbnail.thumbnail((16, 16))
    assert max(thumbnail.size) == 16
    assert image.crop((-5, -5, 10, 10)).size == (15, 15)
    assert image.rotate(33, expand=True, resample=Image.Resampling.BICUBIC).width > 64
    for method in Image.Transpose:
        assert image.transpose(method).size in ((64, 48), (48, 64))
    for resample in (Image.Resampling.NEAREST, Image.Resampling.BILINEAR, Image.Resampling.BICUBIC):
        for mode in ("RGB", "L", "F", "I"):
            other = image.convert(mode)
            other.transform((30, 30), Image.Transform.AFFINE, (1, 0.1, 0, 0.1, 1, 0), resample)
            other.transform((30, 30), Image.Transform.PERSPECTIVE, (1, 0.1, 0, 0.1, 1, 0, 0.001, 0), resample)
            other.transform((30, 30), Image.Transform.QUAD, (0, 0, 0, 40, 50, 40, 50, 0), resample)
    image.transform((30, 30), Image.Transform.EXTENT, (0, 0, 20, 20))
    image.transform((30, 30), Image.Transform.MESH, [((0, 0, 30, 30), (0, 0, 0, 40, 50, 40, 50, 0))])
    ImageOps.fit(image, (10, 10)), ImageOps.pad(image, (10, 10)), ImageOps.contain(image, (10, 10))
    ImageOps.expand(image, 3, "red"), ImageOps.mirror(image), ImageOps.flip(image), ImageOps.exif_transpose(image)
    assert ImageChops.offset(image, 3, 4).size == image.size


def filters() -> None:
    image = sample()
    for name in ("BLUR", "CONTOUR", "DETAIL", "EDGE_ENHANCE", "EMBOSS", "FIND_EDGES", "SHARPEN", "SMOOTH_MORE"):
        assert image.filter(getattr(ImageFilter, name)()).size == image.size
    for filter in (
        ImageFilter.GaussianBlur(3),
        ImageFilter.BoxBlur((2, 3)),
        ImageFilter.UnsharpMask(2, 150, 3),
        ImageFilter.MedianFilter(3),
        ImageFilter.MinFilter(3),
        ImageFilter.MaxFilter(5),
        ImageFilter.ModeFilter(3),
        ImageFilter.RankFilter(3, 4),
        ImageFilter.Kernel((3, 3), [1] * 9),
        ImageFilter.Color3DLUT.generate(5, lambda r, g, b: (b, g, r)),
    ):
        assert image.filter(filter).size == image.size
    for mode in ("I", "F"):
        image.convert(mode).filter(ImageFilter.MedianFilter(3))
    assert image.effect_spread(3).size == image.size
    Image.effect_mandelbrot((16, 16), (-2, -1, 1, 1), 20)
    Image.effect_noise((16, 16), 20)
    for enhance in (ImageEnhance.Color, ImageEnhance.Contrast, ImageEnhance.Brightness, ImageEnhance.Sharpness):
        enhance(image).enhance(1.3)
    ImageOps.autocontrast(image), ImageOps.equalize(image), ImageOps.posterize(image, 3), ImageOps.solarize(image)
    ImageOps.colorize(image.convert("L"), "black", "white"), ImageOps.grayscale(image), ImageOps.invert(image)
    assert image.point(lambda value: 255 - value).getpixel((0, 0)) is not None
    assert image.convert("I").point(lambda value: value * 2 + 1).mode == "I"
    assert image.convert("F").point(lambda value: value * 2.0 + 1).mode == "F"
    assert image.convert("L").point([value // 2 for value in range(256)], "L").mode == "L"


def combinations() -> None:
    first, second = sample(), sample().rotate(180)
    for name in (
        "lighter", "darker", "difference", "multiply", "screen", "add", "subtract", "add_modulo", "subtract_modulo",
        "soft_light", "hard_light", "overlay",
    ):  # fmt: skip
        assert getattr(ImageChops, name)(first, second).size == first.size
    for name in ("logical_and", "logical_or", "logical_xor"):
        assert getattr(ImageChops, name)(first.convert("1"), second.convert("1")).mode == "1"
    assert list(ImageChops.invert(ImageChops.invert(first)).getdata()) == list(first.getdata())
    Image.blend(first, second, 0.3), ImageChops.blend(first, second, 0.3)
    Image.composite(first, second, sample("L"))
    Image.alpha_composite(first.convert("RGBA"), second.convert("RGBA"))
    assert len(ImageStat.Stat(first).stddev) == 3


def mathematics() -> None:
    values = {name: Image.new("I", (4, 4), number) for name, number in (("a", 12), ("b", 5))}
    floats = {name: image.convert("F") for name, image in values.items()}
    expected: dict[str, Callable[[Any, Any], Any]] = {
        "a + b": lambda a, b: a + b,
        "a - b": lambda a, b: a - b,
        "a * b": lambda a, b: a * b,
        "a / b": lambda a, b: a / b,
        "a % b": lambda a, b: a % b,
        "a ** b": lambda a, b: a**b,
        "a & b": lambda a, b: a & b,
        "a | b": lambda a, b: a | b,
        "a ^ b": lambda a, b: a ^ b,
        "a << b": lambda a, b: a << b,
        "a >> b": lambda a, b: a >> b,
        "~a": lambda a, b: ~a,
        "-a": lambda a, b: -a,
        "abs(-a)": lambda a, b: a,
        "min(a, b)": min,
        "max(a, b)": max,
        "diff": lambda a, b: a - b,
    }
    for text, answer in expected.items():
        for images in (values, floats):
            if images is floats and any(sign in text for sign in "&|^<>~"):
                continue
            if text == "diff":
                result = ImageMath.lambda_eval(lambda args: args["a"] - args["b"], **images)
            else:
                result = ImageMath.unsafe_eval(text, **images)
            wanted = answer(12, 5) if text != "a / b" or images is floats else 12 // 5
            assert abs(result.getpixel((0, 0)) - wanted) < 0.01, (text, result.getpixel((0, 0)), wanted)
    for text in ("a == b", "a != b", "a < b", "a <= b", "a > b", "a >= b", "equal(a, b)", "notequal(a, b)"):
        for images in (values, floats):
            ImageMath.unsafe_eval(text, **images)
    ImageMath.unsafe_eval("convert(int(float(a)), 'L')", **values)
    # Every operation of the module, by its own name.
    for name in dir(_imagingmath):
        kind = name.rpartition("_")[2]
        if kind not in ("I", "F") or name.startswith("__"):
            continue
        out, one, two = (core.new(kind, (2, 2)) for _ in range(3))
        one = core.fill(kind, (2, 2), 7)
        two = core.fill(kind, (2, 2), 2)
        operation = getattr(_imagingmath, name)
        if name.split("_")[0] in ("abs", "neg", "invert"):
            _imagingmath.unop(operation, out.ptr, one.ptr)
        else:
            _imagingmath.binop(operation, out.ptr, one.ptr, two.ptr)


def morphology() -> None:
    image = Image.new("L", (20, 20))
    image.paste(255, (5, 5, 12, 12))
    operator = ImageMorph.MorphOp(op_name="erosion8")
    changed, eroded = operator.apply(image)
    assert changed > 0 and eroded.getbbox() == (6, 6, 11, 11), eroded.getbbox()
    assert ImageMorph.MorphOp(op_name="corner").match(image)
    assert len(operator.get_on_pixels(image)) == 49


def drawing() -> None:
    image = Image.new("RGB", (100, 100))
    draw = ImageDraw.Draw(image)
    draw.line([(0, 0), (50, 50), (99, 0)], fill="red", width=3, joint="curve")
    draw.rectangle((10, 10, 30, 30), fill="blue", outline=(1, 2, 3), width=2)
    draw.rounded_rectangle((10, 40, 30, 60), 5, fill="blue")
    draw.ellipse((40, 40, 70, 80), fill="#ff8800", outline="white", width=2)
    draw.arc((40, 40, 70, 80), 20, 300, fill="green", width=2)
    draw.chord((10, 70, 40, 95), 0, 200, fill="yellow")
    draw.pieslice((60, 70, 95, 95), 0, 120, fill="purple")
    draw.polygon([(1, 1), (9, 1), (5, 9)], fill="white", outline="red", width=2)
    draw.regular_polygon((80, 20, 10), 5, fill="cyan")
    draw.point([(2, 2), (3, 3)], fill="lime")
    draw.bitmap((60, 10), sample("L", (10, 10)), fill="orange")
    font = ImageFont.load_default_imagefont()
    draw.text((5, 85), "swiftlet", fill="white", font=font)
    assert draw.textlength("swiftlet", font=font) > 10 and font.getbbox("x")
    ImageDraw.floodfill(image, (99, 99), (7, 7, 7))
    assert image.getpixel((99, 99)) == (7, 7, 7)
    assert ImageColor.getrgb("hsl(120, 50%, 50%)")
    outline = core.outline()
    outline.move(1, 1), outline.line(5, 5), outline.curve(6, 7, 8, 9, 20, 5), outline.close()
    outline.transform((1, 0, 3, 0, 1, 3))
    ImageDraw.Draw(image).shape(outline, fill="red", outline="blue")
    path = ImagePath.Path([(0, 0), (1, 1), (10, 10), (10, 10.5)])
    assert path.getbbox() == (0.0, 0.0, 10.0, 10.5)
    path.compact(2), path.map(lambda x, y: (x * 2, y)), path.transform((1, 0, 1, 0, 1, 1)), path.tolist(True)
    assert len(path) > 0 and path[0] and isinstance(path.id, int)
    array = Image.new("P", (10, 10))
    ImageDraw.Draw(array).rectangle((1, 1, 3, 3), fill=5)


def resources() -> None:
    assert isinstance(core.get_stats(), dict)
    core.reset_stats()
    for name, value in (("alignment", 1), ("block_size", 1 << 20), ("blocks_max", 4)):
        getattr(core, f"set_{name}")(value)
        assert getattr(core, f"get_{name}")() == value
    core.set_blocks_max(0), core.set_block_size(16 << 20)
    core.clear_cache()
    assert features.check("zlib") and features.check("jpg") and features.check("libjpeg_turbo")
    assert not features.check("freetype2")
    assert features.version("pil")


def everything() -> None:
    for part in (
        formats, decoders, conversions, pixels, geometry, filters, combinations, mathematics, morphology, drawing,
        resources,
    ):  # fmt: skip
        part()


def wanted() -> set[str]:
    """All C functions and methods that this build offers."""
    font = ImageFont.load_default_imagefont().font
    picture = core.new("RGB", (1, 1))
    objects = [
        picture, core.draw(picture), core.outline(), core.path([0, 0]), font, core.zip_encoder("L", "L", 0, -1, -1, b""),
        core.raw_decoder("L", "L", 0, 1),
    ]  # fmt: skip
    names = {
        f"{type(item).__name__}.{name}"
        for item in objects
        for name in dir(item)
        if not name.startswith("_") and callable(getattr(item, name, None))
    }
    for module in (core, _imagingmath, _imagingmorph):
        prefix = module.__name__.rpartition(".")[2]
        names |= {
            f"{prefix}.{name}"
            for name in dir(module)
            if not name.startswith("_") and type(getattr(module, name)).__name__ == "builtin_function_or_method"
        }
    return names


def run() -> dict[str, int]:
    """Runs everything; returns how many C functions there are and how many were called."""
    called: set[str] = set()

    def profile(frame: Any, event: str, argument: Any) -> None:
        if event == "c_call":
            owner = getattr(argument, "__self__", None)
            prefix = owner.__name__.rpartition(".")[2] if isinstance(owner, type(sys)) else type(owner).__name__
            called.add(f"{prefix}.{argument.__name__}")

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        sys.setprofile(profile)
        try:
            everything()
        finally:
            sys.setprofile(None)
        functions = wanted()
    missing = functions - called - LEFT_OUT
    assert not missing, f"C functions that were not called: {sorted(missing)}"
    return {"functions": len(functions), "called": len(functions & called)}


if __name__ == "__main__":
    print(run())
