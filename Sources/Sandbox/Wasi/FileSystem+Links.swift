/// Symbolic links, which there are in `/tmp` only.
extension FileSystem {
    /// How many links one path may lead through.
    private static let maximumLinks = 32

    /// The components of what a path means once the links in it were followed; one at its end only where `last`.
    func followingLinks(_ parts: [Substring], last: Bool) throws(Errno) -> [Substring] {
        guard let scratch, scratch.hasLinks, parts.first == Self.scratchName[...] else { return parts }
        var (done, rest) = (Array(parts.prefix(1)), parts.dropFirst())
        var node: ScratchTree.Node? = scratch.root
        var count = 0
        while let name = rest.popFirst() {
            node = node?.children?[String(name)]
            guard let link = node, link.isLink, last || !rest.isEmpty else {
                done.append(name)
                continue
            }
            count += 1
            guard count <= Self.maximumLinks else { throw .loop }
            let target = String(decoding: link.bytes, as: UTF8.self)
            let path = Self.resolved(target, below: target.hasPrefix("/") ? [] : done) + rest
            // There are no links elsewhere.
            guard path.first == Self.scratchName[...] else { return path }
            (done, rest, node) = (Array(path.prefix(1)), path.dropFirst(), scratch.root)
        }
        return done
    }

    /// The path that a link stands for.
    func target(of path: String, below descriptor: UInt32) throws(Errno) -> [UInt8] {
        guard case .scratch(let node) = try place(path, below: descriptor, follows: false), node.isLink else {
            throw .inval
        }
        return node.bytes
    }
}
