import ArgumentParser
import Client

/// The functions that a command is about: those of a stack file, or one that is described by flags.
struct FunctionOptions: ParsableArguments {
    @Option(help: "An image's name, in the place of a file.") var image: String?
    @Option(help: "The name of the function of --image.") var name: String?
    @Option(help: "The folder of the handler of --image, to build it.") var handler: String?
    @Option(name: .customLong("lang"), help: "The template of --image, to build it.") var language: String?
    @Option(name: .customLong("fprocess"), help: "Kept and shown only.") var process: String?
    @OptionGroup var stack: StackOptions

    /// The functions, and the gateway that their file names.
    func chosen() throws(ClientError) -> (functions: [StackFile.Function], gateway: String?) {
        guard let image else {
            let file = try stack.file()
            return (try stack.functions(of: file), file.gateway)
        }
        guard let name else { throw .local("With --image, give the function's --name.") }
        var function = StackFile.Function(name: name)
        function.image = image
        function.handler = handler ?? ""
        function.language = language ?? ""
        function.process = process
        return ([function], nil)
    }
}
