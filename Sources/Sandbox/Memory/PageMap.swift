internal import CLinux
internal import Glibc
internal import Kernel

/// The kernel's knowledge of which pages of this process are private copies.
public final class PageMap: Sendable {
    private let file: Descriptor?

    /// Opens this process's own page map; what it can do is settled here, before the process is locked down.
    public init() {
        let number = open("/proc/self/pagemap", O_RDONLY | O_CLOEXEC)
        file = number >= 0 && linux_has_pagemap_scan() ? Descriptor(takingOver: number) : nil
    }

    /// A page map that knows nothing, as on kernels before 6.7.
    init(withoutScan: Void) { file = nil }

    /// The ranges of pages of `memory` that are private copies, swapped out ones included; nil where the kernel cannot tell.
    func privatePages(of memory: GuestMemory) -> [Range<Int>]? {
        var ranges: [Range<Int>] = []
        let succeeded = forEachPrivateRange(of: memory) { ranges.append($0) }
        return succeeded ? ranges : nil
    }

    /// Calls `body` for each such range; false where the kernel cannot tell.
    func forEachPrivateRange(of memory: GuestMemory, _ body: (Range<Int>) -> Void) -> Bool {
        guard let file else { return false }
        let start = UInt64(UInt(bitPattern: memory.base))
        let end = start + UInt64(memory.byteCount)
        return withUnsafeTemporaryAllocation(of: linux_page_region.self, capacity: 512) { regions in
            var position = start
            while position < end {
                var scannedTo: UInt64 = 0
                let found = linux_private_pages(
                    file.number, position, end, regions.baseAddress, regions.count, &scannedTo)
                guard found >= 0, scannedTo > position else { return false }
                for region in regions.prefix(found) {
                    body(Int(region.start - start) / Page.bytes..<Int(region.end - start) / Page.bytes)
                }
                position = scannedTo
            }
            return true
        }
    }
}
