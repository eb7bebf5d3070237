import Kernel
public import Model
import Storage
import Synchronization

extension SharedState {
    /// A copy of a value for the worker whose call has just read so many bytes of it; nil where it would not be worth its cost.
    public func copy(of key: StateKey, afterReading count: Int) async -> StateCopy? {
        guard let loan = tier.withLock({ $0.lend(key, read: count) }) else { return nil }
        guard case .fileIsMissing(let size, let lastChange) = loan else { return copy(of: key, loan) }
        // Who asks may be on the thread that hears the worker, which is not for copying much.
        await Task.yield()
        let file = await file(of: key, size: size, lastChange: lastChange)
        return tier.withLock { $0.keep(file, size: size, of: key, lastChange: lastChange) }.flatMap {
            copy(of: key, $0)
        }
    }

    private func copy(of key: StateKey, _ loan: Loan) -> StateCopy? {
        guard case .content(let content, let place, let generation) = loan, let generations else { return nil }
        return StateCopy(
            key: key, generations: generations.file, place: place, generation: generation, content: content)
    }

    /// The value as it is after a change; nil where it has changed since, or where there is no memory for it.
    private func file(of key: StateKey, size: Int, lastChange: UInt64) async -> Descriptor? {
        let view = try? await run(key) { tier -> Step<ValueView?> in
            guard tier.existing(key)?.lastChange == lastChange else { return .done(nil) }
            return switch tier.read(key, at: 0, count: size) {
            case .done(let view): .done(view)
            case .refused(let error): .refused(error)
            case .needs(let need): .needs(need)
            }
        }
        guard let view = view ?? nil else { return nil }
        return Descriptor.sealedMemoryFile("state", count: size, view.pieces.map { ($0.offset, $0.bytes) })
    }
}
