import Blobs
import LabelledFiles
import Logging
import ServiceLifecycle
import Storage

/// Runs asynchronous calls, some at one time. When the server stops, those that run are let end, and those that wait are
/// left to the next one.
struct InvocationService: Service {
    let engine: GateEngine
    let logger: Logger

    func run() async throws {
        await withTaskCancellationOrGracefulShutdownHandler {
            await withDiscardingTaskGroup { group in
                for _ in 0..<engine.configuration.asynchronousConcurrency {
                    group.addTask {
                        while let task = await engine.invocations.next() {
                            await engine.invocations.end(task, await engine.run(task))
                        }
                    }
                }
            }
        } onCancelOrGracefulShutdown: {
            let left = engine.invocations.close()
            if left > 0 {
                logger.notice("asynchronous calls of gates wait for the next start", metadata: ["count": "\(left)"])
            }
        }
    }
}

/// Imports the functions of new gates, so that their first calls need not wait for that.
struct FreshFunctionService: Service {
    let functions: GateFunctions

    func run() async throws {
        await cancelWhenGracefulShutdown {
            for await function in functions.fresh {
                // Whoever calls it is told why it cannot be.
                _ = try? await functions.ready(function)
            }
        }
    }
}

/// Removes now and then what no name leads to.
struct CollectionService: Service {
    let engine: GateEngine
    let logger: Logger

    func run() async throws {
        await cancelWhenGracefulShutdown {
            while (try? await Task.sleep(for: engine.configuration.collectionInterval)) != nil {
                do {
                    let removed = try await engine.collect()
                    if removed.objects > 0 || removed.blobs.blobs > 0 {
                        logger.info(
                            "labelled objects that nothing names were removed",
                            metadata: ["objects": "\(removed.objects)", "blobs": "\(removed.blobs.blobs)"])
                    }
                } catch {
                    logger.error("labelled objects could not be collected", metadata: ["error": "\(error)"])
                }
            }
        }
    }
}

extension GateEngine {
    /// Removes what no name and no running function leads to, and then the functions that no gate is left for.
    func collect() async throws -> LabelledFiles.Collected {
        try await invocations.collect()
        let removed = try await files.collect()
        try await functions.collect(naming: files.store.namedBlobs())
        return removed
    }
}
