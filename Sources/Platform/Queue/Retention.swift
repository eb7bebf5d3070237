import Logging
import Model
import ServiceLifecycle
import Storage

/// Deletes executions that were kept for long enough, little by little, so that the writer stays free for others; and packages
/// and shared files' bytes that nothing names any more.
struct Retention: Service {
    let store: any ExecutionStore & AppStore
    let packages: PackageKeeper
    let files: SharedFiles?
    let configuration: PlatformConfiguration
    let time: TimeSource
    let logger: Logger

    func run() async throws {
        await cancelWhenGracefulShutdown {
            while !Task.isCancelled {
                await prune()
                await packages.collect()
                await collectFiles()
                guard (try? await time.sleep(configuration.retentionInterval)) != nil else { return }
            }
        }
    }

    /// Deletes all there is to delete now.
    func prune() async {
        do {
            var count = 0
            while !Task.isCancelled {
                let deleted = try await store.prune(rule(at: time.now()), limit: configuration.retentionBatch)
                if deleted == 0 { break }
                count += deleted
            }
            _ = try await store.pruneApps(createdBefore: rule(at: time.now()).endedBefore)
            if count > 0 { logger.info("old executions were deleted", metadata: ["count": "\(count)"]) }
        } catch {
            logger.error("old executions could not be deleted", metadata: ["error": "\(error)"])
        }
    }

    private func collectFiles() async {
        do { try await files?.collect() } catch {
            logger.error("replaced shared files could not be deleted", metadata: ["error": "\(error)"])
        }
    }

    private func rule(at now: Timestamp) -> RetentionRule {
        let span = Duration.seconds(configuration.keptDays * 86_400)
        return RetentionRule(
            endedBefore: now + (.zero - span), deadBefore: now + (.zero - span * configuration.deadLetterFactor),
            maximumEnded: configuration.keptExecutions, maximumDead: configuration.keptExecutions, now: now)
    }
}
