/// What this program is called and which version of it this is.
public enum Product {
    /// The version of the program, its clients and its HTTP answers.
    public static let version = "0.1.0"
}
