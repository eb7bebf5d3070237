import Kernel
public import Model
import Storage

extension Platform {
    /// Deploys a new function and returns the record of that. Its image is taken before anybody can call it.
    public func create(_ draft: FunctionDraft) async throws(PlatformError) -> Execution {
        try requireOpen(draft.key)
        return try await deploy(draft)
    }

    /// As ``create(_:)``, for all functions.
    func deploy(_ draft: FunctionDraft) async throws(PlatformError) -> Execution {
        let limits = draft.limits ?? configuration.limits
        let code = try code(draft.key, draft.face, draft.source, draft.files, draft.requirements)
        let isModule = code.source.isEmpty && code.files != nil
        try check(source: isModule ? nil : code.source, requirements: code.requirements, limits: limits)
        try check(context: draft.context)
        try check(policy: draft.policy)
        return try await deploys.pass([draft.key]) { () async throws(PlatformError) in
            let existing = try await PlatformError.storing { try await store.function(draft.key) }
            guard existing == nil else { throw .taken(draft.key) }
            let started = time.now()
            let held = try await packages.take(files: code.files, requirements: code.requirements)
            defer { packages.release(held) }
            let image = try await image(
                try directory.request(draft.key, draft.face, draft.entry, code.source, limits, held))
            let now = time.now()
            let function = Function(
                id: time.makeID(at: now), key: draft.key, face: draft.face, version: 1, limits: limits,
                policy: draft.policy,
                createdAt: now, updatedAt: now)
            let version = FunctionVersion(
                function: function.id, number: 1, source: code.source, entry: draft.entry,
                sealedContext: try sealed(draft.context, function.id, 1), requirements: given(code.requirements),
                packages: held, image: image, createdAt: now, deployment: draft.deployment)
            let resolved = try directory.resolved(function, version)
            do { try await store.create(function, version) } catch let error as StorageError {
                throw error.code == .alreadyExists ? .taken(draft.key) : .storage(error)
            } catch { throw .storage(error) }
            directory.cache.replace(nil, with: resolved)
            return await recorded(.createFunction, function, "created", started)
        }
    }

    /// Changes a function and returns the record of that. Calls in flight end on the version that they began with.
    public func update(_ key: FunctionKey, _ change: FunctionChange) async throws(PlatformError) -> Execution {
        try requireOpen(key)
        guard !change.isEmpty else {
            throw PlatformError(
                .invalidRequest,
                "Nothing to change: give at least one of code, context, name, requirements, limits, retry, concurrency."
            )
        }
        let change = try await whole(change, of: key)
        let isModule = change.source?.isEmpty == true && change.files != nil
        try check(
            source: isModule ? nil : change.source, requirements: change.requirements, limits: change.limits)
        try check(context: change.context)
        try check(policy: change.policy)
        var newKey = key
        if let name = change.name { newKey.name = name }
        let keys = Set([key, newKey]).sorted { $0.description < $1.description }
        return try await deploys.pass(keys) { () async throws(PlatformError) in
            let started = time.now()
            let (old, current) = try await directory.load(key)
            if newKey != key {
                let other = try await PlatformError.storing { try await store.function(newKey) }
                guard other == nil else { throw .taken(newKey) }
            }
            var function = old
            function.key = newKey
            function.version += 1
            function.limits = change.limits ?? old.limits
            function.policy = change.policy ?? old.policy
            // What all functions get may have changed since; a new name or context costs nothing.
            let isNewCode = change.source != nil || change.requirements != nil
            let held =
                isNewCode
                ? try await packages.take(
                    files: change.files, requirements: change.requirements ?? current.requirements) : .none
            defer { packages.release(held) }
            let version = try await next(current, of: function, change, held)
            function.updatedAt = version.createdAt
            let resolved = try directory.resolved(function, version)
            do { try await store.update(function, adding: version) } catch let error as StorageError {
                throw error.code == .alreadyExists ? .taken(newKey) : .storage(error)
            } catch { throw .storage(error) }
            replace(key, current.image, with: resolved)
            // More of them may run now.
            if function.policy.concurrency != old.policy.concurrency { dispatcher.wake() }
            return await recorded(.updateFunction, function, "updated", started)
        }
    }

    /// Deletes a function with all its versions and returns the record of that. Calls in flight end.
    public func delete(_ key: FunctionKey) async throws(PlatformError) -> Execution {
        try requireOpen(key)
        return try await remove(key)
    }

    /// As ``delete(_:)-(FunctionKey)``, for all functions.
    func remove(_ key: FunctionKey) async throws(PlatformError) -> Execution {
        try await deploys.pass([key]) { () async throws(PlatformError) in
            let started = time.now()
            let (function, current) = try await directory.load(key)
            let images: [ImageID]
            do { images = try await store.delete(key) } catch let error as StorageError {
                throw error.code == .notFound ? .noFunction(key) : .storage(error)
            } catch { throw .storage(error) }
            for image in images where image != current.image { sandbox.forget(image) }
            replace(key, images.contains { $0 == current.image } ? current.image : nil, with: nil)
            return await recorded(.deleteFunction, function, "deleted", started)
        }
    }

    /// Makes `new` what calls find, and lets the old image go once no call uses it.
    private func replace(_ key: FunctionKey, _ oldImage: ImageID?, with new: ResolvedFunction?) {
        let old = directory.cache[key]
        if let oldImage, oldImage != new?.image.id {
            // Without an entry in the cache no call is in flight: this one's end forgets the image.
            (old?.image ?? ImageUse(oldImage, sandbox: sandbox)).retire()
        }
        directory.cache.replace(key, with: new)
    }

    /// The version that a change makes of the current one.
    private func next(
        _ current: FunctionVersion, of function: Function, _ change: FunctionChange, _ new: PackageUse
    ) async throws(PlatformError) -> FunctionVersion {
        var version = current
        version.number = function.version
        version.requirements = given(change.requirements ?? current.requirements)
        version.entry = change.entry ?? current.entry
        version.deployment = change.deployment ?? current.deployment
        if let source = change.source {
            version.source = source
            version.packages.own = new.own
        }
        // Only the code makes the image, so that a new name or context costs no import.
        if change.source != nil || change.requirements != nil {
            version.packages.dependencies = new.dependencies
            version.packages.lock = new.lock
        }
        if change.source != nil || version.packages != current.packages {
            version.image = try await image(
                try directory.request(
                    function.key, function.face, version.entry, version.source, function.limits, version.packages))
        }
        if let context = change.context {
            version.sealedContext = try sealed(context, function.id, version.number)
        } else if let old = current.sealedContext {
            // A sealed text is bound to its version.
            let text = try vault.open(old, function: function.id, version: current.number)
            version.sealedContext = try sealed(text, function.id, version.number)
        }
        version.createdAt = time.now()
        return version
    }

    private func image(_ request: PrepareRequest) async throws(PlatformError) -> ImageID {
        let outcome = try await directory.prepare(request)
        switch outcome.result {
        case .success(let image): return image
        case .failure(let fault): throw .code(fault)
        }
    }

    private func sealed(_ context: String?, _ id: FunctionID, _ version: Int) throws(PlatformError) -> [UInt8]? {
        guard let context = given(context) else { return nil }
        return try vault.seal(context, function: id, version: version)
    }

    private func given(_ text: String?) -> String? { text?.isEmpty == false ? text : nil }

    /// Notes an act of administration as an execution that has ended already.
    private func recorded(
        _ task: ExecutionTask, _ function: Function, _ what: String, _ started: Timestamp
    ) async -> Execution {
        let now = time.now()
        let execution = Execution(
            id: time.makeID(at: now), task: task, trigger: .administrative, function: function.key,
            version: function.version, status: .succeeded,
            output: JSONWriter.string("Function `\(function.key.name)` \(what)"), attempts: 1, createdAt: started,
            startedAt: started, finishedAt: now,
            usage: ResourceUsage(wallMicroseconds: now.since(started).microseconds))
        // The names of confined functions tell what is in them.
        if function.key.namespace != .confined { await record(execution) }
        return execution
    }
}
