import Foundation
import Model
import Testing

@Suite struct TimestampTests {
    @Test func `spans are added and measured in microseconds`() {
        let start = Timestamp(microseconds: 1_000)
        #expect((start + .milliseconds(2)).microseconds == 3_000)
        #expect((start + .seconds(-1)).microseconds == -999_000)
        #expect((start + .seconds(3)).since(start) == .seconds(3))
        #expect(start.since(start + .microseconds(5)) == .microseconds(-5))
        #expect(start < start + .microseconds(1))
    }

    @Test func `whole microseconds of a span`() {
        #expect(Duration.nanoseconds(1_999).microseconds == 1)
        #expect(Duration.seconds(1.5).microseconds == 1_500_000)
        #expect(Duration.zero.microseconds == 0)
    }

    @Test func `a time is coded as its number of microseconds`() throws {
        let time = Timestamp(microseconds: 1_700_000_000_000_001)
        let coded = try JSONEncoder().encode([time])
        #expect(String(decoding: coded, as: UTF8.self) == "[1700000000000001]")
        #expect(try JSONDecoder().decode([Timestamp].self, from: coded) == [time])
    }
}
