import Sandbox
import SandboxTesting
import Testing

/// libjpeg's transforms and colours are ours, with vectors (`guest/jpeg`). The sums here are of what its plain C gives.
@Suite struct PictureTests {
    @Test(arguments: [(0, "7c15c8c37b09c36c"), (1, "5d0dd4983af1fce7"), (2, "12c964905acf249b")])
    func `a JPEG has the bytes and samples of plain C`(subsampling: Int, sum: String) async throws {
        let outcome = try await PythonFunction(
            """
            import hashlib, io, random
            from PIL import Image, ImageFilter

            def main(args, context):
                sum = hashlib.sha256()
                for width, height in ((1, 1), (3, 2), (15, 16), (17, 31), (64, 65), (131, 70)):
                    for quality in (10, 75, 100):
                        noise = Image.frombytes("RGB", (width, height), random.Random(width).randbytes(3 * width * height))
                        encoded = io.BytesIO()
                        noise.filter(ImageFilter.BoxBlur(1)).save(encoded, "JPEG", quality=quality, subsampling=\(subsampling))
                        sum.update(encoded.getvalue())
                        sum.update(Image.open(encoded).tobytes())
                        sum.update(Image.open(encoded).convert("L").tobytes())
                return sum.hexdigest()[:16]
            """)()
        #expect(outcome.text == "\"\(sum)\"", "\(Ending(outcome))")
    }
}
