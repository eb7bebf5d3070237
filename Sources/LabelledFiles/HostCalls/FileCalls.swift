public import Labels
public import Model
import Synchronization

/// The labelled file system as one running function has it: answers its host calls, one at a time.
public final class FileCalls: Sendable {
    /// Nil while a call is answered.
    private let caller: Mutex<Caller?>
    private let runner: any LabelledCallRunner
    private let request: GuestRequest

    public init(_ caller: consuming Caller, runner: any LabelledCallRunner, request: GuestRequest = GuestRequest()) {
        self.caller = Mutex(caller)
        self.runner = runner
        self.request = request
    }

    /// Answers an operation. The first field of the reply is a `FileCode`, or 0 where it was done, with another byte where
    /// that changed the current label; then come those of the operation. A refusal is for what no library of ours asks, and
    /// for failures of the server.
    public func answer(_ operation: UInt32, _ fields: [ArraySlice<UInt8>]) async -> Result<[[UInt8]], HostCallRefusal> {
        guard let operation = FileOperation(rawValue: operation) else {
            return .failure(HostCallRefusal("There is no operation \(operation).", .value))
        }
        guard var caller = caller.withLock({ caller in caller.take() }) else {
            return .success([[FileCode.busy.rawValue]])
        }
        defer { self.caller.withLock { [caller] in $0 = caller } }
        let before = caller.label
        do {
            var reader = FieldReader(fields)
            let reply = try await caller.answer(operation, &reader, runner, request)
            return .success([Self.ending(0, caller.label != before)] + reply)
        } catch let refusal as FileRefusal {
            return .success([Self.ending(refusal.code.rawValue, caller.label != before)])
        } catch {
            return .failure(HostCallRefusal("The labelled file system failed: \(error)."))
        }
    }

    private static func ending(_ code: UInt8, _ changedLabel: Bool) -> [UInt8] { changedLabel ? [code, 1] : [code] }

    /// The current label; nil while a call is answered.
    public var label: Label? { caller.withLock { $0?.label } }

    /// The label of what the function answers now; nil while a call is answered. Throws where it would be too large.
    public func resultLabel() throws -> Label? { try caller.withLock { try $0?.resultLabel() } }

    /// Takes a blob that came with the request, and returns its handle.
    public func adopt(_ upload: Upload) throws -> UInt32 {
        try caller.withLock { caller in
            guard caller != nil else { throw FileRefusal(.busy) }
            return try caller?.adopt(upload.blob) ?? 0
        }
    }
}
