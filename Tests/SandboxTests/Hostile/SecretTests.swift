import Model
import SandboxTesting
import Testing

@testable import Sandbox

/// A module that looks at every byte of its memory finds nothing of the run before it.
@Suite struct SecretTests {
    private static let secret: UInt64 = 0x5EC2_E7C0_FFEE_1234

    @Test(arguments: IsolationTests.Restoring.allCases, [false, true])
    func `a secret of one run is found by no later one`(restoring: IsolationTests.Restoring, pagingOut: Bool)
        async throws
    {
        try await GuestThread.run {
            var random = SeededGenerator(seed: 11)
            let pagemap = restoring == .copying ? PageMap() : PageMap(withoutScan: ())
            let guest = try ScriptedHost(memoryPages: 40).guest()
            // A third of the pages hold something in the image already.
            for page in stride(from: 40, to: 600, by: 3) { guest.write(random.bytes(64), at: page * Page.bytes) }
            try guest.becomeImage()
            // The needle is in memory once: as the argument of the search.
            let search = [ScriptedCall("count", Self.secret)]
            #expect(guest.run(search).results == [1])
            #expect(guest.reset(pagemap))
            for round in 0..<10 {
                let stores = (0..<20).flatMap { _ -> [ScriptedCall] in
                    let address = UInt64.random(in: 200_000...2_600_000, using: &random)
                    return [
                        ScriptedCall("store", address, Self.secret & 0xFFFF_FFFF),
                        ScriptedCall("store", address + 4, Self.secret >> 32),
                    ]
                }
                let found = guest.run(stores + search).results.last ?? 0
                #expect(found > 10, "the search finds what is there")
                if pagingOut { guest.pageOut() }
                #expect(guest.reset(pagemap))
                #expect(guest.run(search).results == [1], "round \(round)")
                #expect(guest.reset(pagemap))
            }
        }
    }

    @Test func `a guest whose memory grew is not used again`() async throws {
        try await GuestThread.run {
            let guest = try ScriptedHost().guest()
            try guest.becomeImage()
            #expect(guest.run([ScriptedCall("grow", 1)]).results == [2])
            #expect(!guest.reset(PageMap()))
        }
    }

    @Test func `nor one that trapped, which may have left its stack anywhere`() async throws {
        try await GuestThread.run {
            let guest = try ScriptedHost().guest()
            try guest.becomeImage()
            _ = guest.run([ScriptedCall("trap")])
            #expect(!guest.reset(PageMap()))
        }
    }
}
