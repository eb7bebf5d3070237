import Platform
import Testing

struct JSONWriterTests {
    @Test func `puts commas where they belong and escapes what must be`() {
        var writer = JSONWriter()
        writer.object { writer in
            writer.member("a", "x\"\\\n\t\u{1}é")
            writer.member("b", nil)
            writer.member("n", -3)
            writer.key("list")
            writer.array { writer in
                writer.number(1)
                writer.bool(true)
                writer.object { _ in }
                writer.raw(Array("[2]".utf8))
            }
        }
        #expect(
            String(decoding: writer.bytes, as: UTF8.self)
                == #"{"a":"x\"\\\n\t\u0001é","b":null,"n":-3,"list":[1,true,{},[2]]}"#)
    }
}
