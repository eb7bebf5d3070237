internal import Glibc

/// What the run of a raw function has beside what all runs have. Used by the guest's thread only.
final class ProgramState {
    let input: ProgramInput
    let standardInput: [UInt8]
    private var readBytes = 0

    /// Copies of state that the guest has pointers to.
    let views = StateViews()
    /// Where the guest's own break is, and where its room ends; nil before it was first asked for.
    var programBreak: (current: UInt32, end: UInt32)?
    /// Room in the guest's memory for small things that the host gives it, for the rest of the run.
    var room: Range<UInt32> = 0..<0
    /// What `getpwuid` gave out.
    var userRecord: UInt32?
    /// The values of `pthread_key_create`'s keys, which begin at 1.
    var threadValues: [UInt32] = []

    init(_ input: ProgramInput, standardInput: [UInt8]) {
        self.input = input
        self.standardInput = standardInput
    }

    /// Reads on where the last read ended; 0 at the end.
    func readStandardInput(into buffers: [UnsafeMutableRawBufferPointer]) -> Int {
        let count = standardInput.withUnsafeBytes { bytes in
            WasiFunctions.fill(buffers, from: UnsafeRawBufferPointer(rebasing: bytes[readBytes...]))
        }
        readBytes += count
        return count
    }
}
