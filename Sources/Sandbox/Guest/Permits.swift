/// The rights to compute: as many as there are processors to do it on. Who runs a guest holds one; a thread that waits in a
/// host call gives it back meanwhile, so that waiting calls never keep others from running.
public protocol Permits: Sendable {
    func acquire()
    func release()
}
