import Client
import Glibc

/// A small function to start from.
struct Sample {
    let fileName: String
    let code: String

    static let helloWorld = Sample(
        fileName: "hello-world.py",
        code: #"""
            def main(args, context):
                """Greet the one whose name is in the arguments."""
                return 'Hello {0}'.format(args['name'])

            """#)

    static let getContent = Sample(
        fileName: "get-content.py",
        code: #"""
            from urllib.request import urlopen


            def main(args, context):
                """Fetch the page at the address in the arguments."""
                with urlopen(args['url']) as response:
                    return {'content': response.read().decode('utf-8', 'replace')}

            """#)

    static let sleep = Sample(
        fileName: "sleep.py",
        code: #"""
            import time


            def main(args, context):
                """Sleep as many seconds as the arguments say."""
                seconds = float(args.get('sec', 0))
                time.sleep(seconds)
                return 'Slept {0} seconds'.format(args.get('sec', 0))

            """#)

    /// Writes the file to `folder`. False: a file of that name is there already, and stays as it is.
    func write(to folder: String) throws(ClientError) -> Bool {
        let path = "\(folder)/\(fileName)"
        let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else {
            if errno == EEXIST { return false }
            throw .local("Cannot write `\(fileName)`: \(String(cString: strerror(errno)))")
        }
        defer { close(descriptor) }
        let bytes = Array(code.utf8)
        guard Glibc.write(descriptor, bytes, bytes.count) == bytes.count else {
            throw .local("Cannot write `\(fileName)`: \(String(cString: strerror(errno)))")
        }
        return true
    }
}
