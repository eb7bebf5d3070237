public import Model

/// A function as somebody who calls it must know it.
public struct Callee: Sendable {
    public var function: Function
    /// The name of the function in the code that is called, where it is not the face's usual one.
    public var entry: String?
    public var deployment: Deployment?
}
