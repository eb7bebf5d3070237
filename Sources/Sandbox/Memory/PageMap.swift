internal import CLinux
internal import Glibc
internal import Kernel

/// The kernel's knowledge of which pages of this process are private copies.
public final class PageMap: Sendable {
    private let file: Descriptor?
    /// Whether no page becomes private but by a fault of the thread that writes to it. The kernel makes huge pages of small
    /// ones by itself, and with them pages that nobody wrote to yet: they must be forbidden.
    let faultsTellAll: Bool

    /// Opens this process's own page map; what it can do is settled here, before the process is locked down. Huge pages are
    /// forbidden to the process.
    public init() {
        let number = open("/proc/self/pagemap", O_RDONLY | O_CLOEXEC)
        file = number >= 0 && linux_has_pagemap_scan() ? Descriptor(takingOver: number) : nil
        faultsTellAll = linux_forbid_huge_pages()
    }

    /// A page map that knows nothing, as on kernels before 6.7.
    init(withoutScan: Void) {
        file = nil
        faultsTellAll = false
    }

    /// The ranges of pages of `memory` that are private copies, swapped out ones included; nil where the kernel cannot tell.
    func privatePages(of memory: GuestMemory) -> [Range<Int>]? {
        guard let file else { return nil }
        let start = UInt64(UInt(bitPattern: memory.base))
        let end = start + UInt64(memory.byteCount)
        return withUnsafeTemporaryAllocation(of: linux_page_region.self, capacity: 512) { regions in
            var pages: [Range<Int>] = []
            var position = start
            while position < end {
                var scannedTo: UInt64 = 0
                let found = linux_private_pages(
                    file.number, position, end, regions.baseAddress, regions.count, &scannedTo)
                guard found >= 0, scannedTo > position else { return nil }
                for region in regions.prefix(found) {
                    pages.append(Int(region.start - start) / Page.bytes..<Int(region.end - start) / Page.bytes)
                }
                position = scannedTo
            }
            return pages
        }
    }
}
