import Model
import Testing

@Suite struct HostFieldTests {
    @Test func `fields are read as they were written`() throws {
        for fields in [[], [[]], [[1, 2], [], [3]], [[UInt8](repeating: 7, count: 70_000)]] as [[[UInt8]]] {
            #expect(try HostFields.decode(HostFields.encode(fields)).map { Array($0) } == fields)
        }
        #expect(HostFields.encode([[9], []]) == [1, 0, 0, 0, 9, 0, 0, 0, 0])
    }

    @Test(
        arguments: [[1], [1, 0, 0], [1, 0, 0, 0], [255, 255, 255, 255, 1], [0, 0, 0, 0, 2, 0, 0, 0, 1]] as [[UInt8]])
    func `a field that does not end in the bytes is refused`(_ bytes: [UInt8]) {
        #expect(throws: MalformedHostFields.self) { try HostFields.decode(bytes) }
    }

    @Test func `more fields than any request has are refused`() throws {
        let most = [UInt8](repeating: 0, count: 4 * HostFields.maximumFields)
        #expect(try HostFields.decode(most).count == HostFields.maximumFields)
        #expect(throws: MalformedHostFields.self) { try HostFields.decode(most + [0, 0, 0, 0]) }
    }

    @Test func `numbers have exactly their width`() throws {
        #expect(HostFields.number([1, 2, 0, 128], as: UInt32.self) == 0x8000_0201)
        #expect(HostFields.number([200][...], as: UInt8.self) == 200)
        #expect(HostFields.number([1, 2, 3][...], as: UInt32.self) == nil)
        #expect(HostFields.number([][...], as: UInt8.self) == nil)
        for number in [0, 1, UInt64.max, 0x0102_0304_0506_0708] {
            #expect(HostFields.number(HostFields.bytes(number)[...]) == number)
        }
    }
}
