import Foundation
import Model
import Testing

@Suite struct UUID7Tests {
    private struct Fixed: RandomNumberGenerator {
        var value: UInt64
        mutating func next() -> UInt64 { value }
    }

    private static let time = Timestamp(microseconds: 1_700_000_000_123_456)

    @Test func `an id has the time, the version and the variant of RFC 9562`() {
        var generator = Fixed(value: .max)
        let id = UUID7(time: Self.time, using: &generator)
        // 0x018bcfe5687b is 1700000000123 ms; 456 µs are 1867 of 4096 parts of a millisecond.
        #expect(id.description == "018bcfe5-687b-774b-bfff-ffffffffffff")
        generator.value = 0
        #expect(UUID7(time: Self.time, using: &generator).description == "018bcfe5-687b-774b-8000-000000000000")
    }

    @Test func `ids sort by the time they were made, to the microsecond`() {
        var (most, least) = (Fixed(value: .max), Fixed(value: 0))
        for step in [1, 2, 999, 1000, 1_000_000] as [Int64] {
            let earlier = UUID7(time: Self.time, using: &most)
            let later = UUID7(time: Timestamp(microseconds: Self.time.microseconds + step), using: &least)
            #expect(earlier < later, "\(step) µs later")
            #expect(earlier.description < later.description)
        }
    }

    @Test func `times before 1970 and beyond 48 bits do not spoil the version`() {
        for microseconds in [Int64.min, -1, 0, .max] {
            var generator = Fixed(value: 1)
            let id = UUID7(time: Timestamp(microseconds: microseconds), using: &generator)
            #expect(id.high >> 12 & 0xF == 7)
            #expect(id.low >> 62 == 2)
        }
    }

    @Test func `what is printed is parsed again, in any case`() throws {
        var generator = Fixed(value: 0x0123_4567_89AB_CDEF)
        let id = UUID7(time: Self.time, using: &generator)
        #expect(UUID7(id.description) == id)
        #expect(UUID7(id.description.uppercased()) == id)
        #expect(UUID(uuidString: id.description)?.uuidString.lowercased() == id.description)
        let coded = try JSONEncoder().encode([id])
        #expect(String(decoding: coded, as: UTF8.self) == "[\"\(id)\"]")
        #expect(try JSONDecoder().decode([UUID7].self, from: coded) == [id])
    }

    @Test(arguments: [
        "", "018bcfe5", "018bcfe5-687b-774b-8000-00000000000", "018bcfe5-687b-774b-8000-0000000000000",
        "018bcfe5687b774b8000000000000000", "018bcfe5-687b-774b-8000-00000000000g",
        "018bcfe5-687b-774b-8000 000000000000",
        "018bcfe56-87b-774b-8000-000000000000", "{018bcfe5-687b-774b-8000-0000000000}",
        "018bcfe5-687b-774b-8000-0000000000é",
    ])
    func `text of another form is no id`(_ text: String) {
        #expect(UUID7(text) == nil)
        #expect(throws: DecodingError.self) {
            try JSONDecoder().decode([UUID7].self, from: JSONEncoder().encode([text]))
        }
    }
}
