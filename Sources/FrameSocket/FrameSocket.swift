internal import CLinux
internal import Glibc
public import Kernel
internal import Synchronization
public import Wire

/// One end of the socket between a server and a worker.
///
/// Sending never blocks: what the socket does not take at once is kept, and a thread of its own sends it when there is room.
/// Receiving blocks and is for one thread.
public final class FrameSocket: Sendable {
    private struct Parcel {
        var bytes: [UInt8]
        var descriptor: Descriptor?
    }

    private struct Outgoing {
        var parcels: [Parcel] = []
        /// Whether a thread sends, until nothing waits any more.
        var isSending = false
        var isClosed = false
    }

    private let socket: Descriptor
    private let outgoing = Mutex(Outgoing())

    public init(takingOver number: Int32) { socket = Descriptor(takingOver: number) }

    /// Two connected ends; nil where the system has no descriptors left.
    public static func pair() -> (FrameSocket, other: Descriptor)? {
        var ends: [Int32] = [0, 0]
        let kind = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue)
        guard socketpair(AF_UNIX, kind, 0, &ends) == 0 else { return nil }
        return (FrameSocket(takingOver: ends[0]), Descriptor(takingOver: ends[1]))
    }

    /// Sends one encoded frame, with the descriptor that belongs to it. Where the other end is gone this does nothing: who
    /// receives learns it. Where another thread is sending, that sends this frame, too: nobody waits for the system here.
    public func send(_ frame: [UInt8], with descriptor: Descriptor? = nil) {
        let isFirst = outgoing.withLock { outgoing in
            guard !outgoing.isClosed else { return false }
            outgoing.parcels.append(Parcel(bytes: frame, descriptor: descriptor))
            defer { outgoing.isSending = true }
            return !outgoing.isSending
        }
        if isFirst, !flush() { PlainThread.start(name: "flush") { self.flushWhenWritable() } }
    }

    /// Sends all that waits; false where the socket does not take it now. For the thread that sends.
    private func flush() -> Bool {
        while true {
            let parcels = outgoing.withLock { outgoing in
                outgoing.isSending = !outgoing.parcels.isEmpty
                defer { outgoing.parcels = [] }
                return outgoing.parcels
            }
            guard !parcels.isEmpty else { return true }
            for (place, parcel) in parcels.enumerated() {
                var sent = 0
                while sent < parcel.bytes.count {
                    let count = parcel.bytes.withUnsafeBytes { bytes in
                        linux_send(
                            socket.number, bytes.baseAddress! + sent, bytes.count - sent,
                            sent == 0 ? parcel.descriptor?.number ?? -1 : -1)
                    }
                    guard count > 0 else {
                        return giveUp(parcels[place...], sent: sent, isFull: count == -Int(EAGAIN))
                    }
                    sent += count
                }
            }
        }
    }

    /// Keeps what was not sent, or drops it where the other end is gone.
    private func giveUp(_ rest: ArraySlice<Parcel>, sent: Int, isFull: Bool) -> Bool {
        var rest = Array(rest)
        if sent > 0 { rest[0] = Parcel(bytes: Array(rest[0].bytes[sent...])) }
        outgoing.withLock { outgoing in
            outgoing.isClosed = !isFull
            outgoing.parcels = isFull ? rest + outgoing.parcels : []
            outgoing.isSending = isFull
        }
        return !isFull
    }

    private func flushWhenWritable() {
        repeat {
            var wanted = pollfd(fd: socket.number, events: Int16(POLLOUT), revents: 0)
            poll(&wanted, 1, -1)
        } while !flush()
    }

    /// Ends both directions; the thread that receives returns.
    public func close() { shutdown(socket.number, Int32(SHUT_RDWR)) }

    /// Receives frames until the other end is gone or sends what is no frame. `take` gets each frame, and its descriptor where
    /// `carriesDescriptor` says that it has one.
    public func receive<Frame>(
        decode: (UnsafeRawBufferPointer) throws(WireError) -> Frame, carriesDescriptor: (Frame) -> Bool,
        take: (Frame, Descriptor?) throws(WireError) -> Void
    ) throws(WireError) {
        var splitter = FrameSplitter()
        var descriptors: [Descriptor] = []
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 256 << 10, alignment: 16)
        defer { buffer.deallocate() }
        while true {
            var number: Int32 = -1
            let count = linux_receive(socket.number, buffer.baseAddress, buffer.count, &number)
            if number >= 0 {
                descriptors.append(Descriptor(takingOver: number))
                guard descriptors.count <= 64 else {
                    throw WireError("more descriptors came than frames that carry one")
                }
            }
            guard count > 0 else { return }
            splitter.append(UnsafeRawBufferPointer(rebasing: buffer[..<count]))
            while let frame = try splitter.next(decode) {
                guard carriesDescriptor(frame) else {
                    try take(frame, nil)
                    continue
                }
                guard !descriptors.isEmpty else { throw WireError("a frame came without its descriptor") }
                try take(frame, descriptors.removeFirst())
            }
        }
    }
}
