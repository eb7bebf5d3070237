internal import Model

extension ServerFrame: WireFrame {
    func encode(to writer: inout WireWriter) {
        switch self {
        case .hello(let version):
            writer.put(UInt8(1))
            writer.put(version)
        case .boot(let run):
            writer.put(UInt8(2))
            writer.put(run)
        case .base:
            writer.put(UInt8(3))
        case .image(let image, let mounts):
            writer.put(UInt8(4))
            writer.put(image)
            writer.put(mounts)
        case .dropImage(let image):
            writer.put(UInt8(5))
            writer.put(image)
        case .package(let package):
            writer.put(UInt8(10))
            writer.put(package)
        case .dropPackage(let package):
            writer.put(UInt8(11))
            writer.put(package)
        case .prepare(let run, let manifest, let source, let path, let limits, let mounts):
            writer.put(UInt8(6))
            writer.put(run)
            writer.put(manifest)
            writer.put(source)
            writer.put(path)
            writer.put(mounts)
            writer.put(limits)
        case .call(let run, let image, let limits, let input, let context, let environment, let detail, let tenant):
            writer.put(UInt8(7))
            writer.put(run)
            writer.put(image)
            writer.put(limits)
            writer.put(input)
            writer.put(context)
            writer.put(environment)
            writer.put(detail)
            writer.put(tenant)
        case .cancel(let run):
            writer.put(UInt8(8))
            writer.put(run)
        case .hostReply(let run, let succeeded, let reply):
            writer.put(UInt8(9))
            writer.put(run)
            writer.put(succeeded)
            writer.put(reply)
        case .generations:
            writer.put(UInt8(12))
        case .stateCopy(let tenant, let key, let place, let generation, let bytes):
            writer.put(UInt8(13))
            writer.put(tenant)
            writer.put(key)
            writer.put(place)
            writer.put(generation)
            writer.put(bytes)
        }
    }

    init(from reader: inout WireReader) throws(WireError) {
        switch try reader.number(UInt8.self) {
        case 1: self = .hello(version: try reader.number())
        case 2: self = .boot(try reader.number())
        case 3: self = .base
        case 4: self = .image(try reader.number(), mounts: try reader.mounts())
        case 5: self = .dropImage(try reader.number())
        case 6:
            let (run, manifest) = (try reader.number(RunNumber.self), try reader.byteString())
            let (source, path) = (try reader.byteString(), try reader.text())
            let mounts = try reader.mounts()
            self = .prepare(
                run, manifest: manifest, source: source, path: path, limits: try reader.limits(), mounts: mounts)
        case 7:
            self = .call(
                try reader.number(), image: try reader.number(), limits: try reader.limits(),
                input: try reader.byteString(),
                context: try reader.byteString(), environment: try reader.byteString(),
                detail: try reader.byteString(), tenant: try reader.text())
        case 8: self = .cancel(try reader.number())
        case 9: self = .hostReply(try reader.number(), succeeded: try reader.bool(), try reader.byteString())
        case 10: self = .package(try reader.number())
        case 11: self = .dropPackage(try reader.number())
        case 12: self = .generations
        case 13:
            self = .stateCopy(
                tenant: try reader.text(), key: try reader.text(), place: try reader.number(),
                generation: try reader.number(), bytes: try reader.optionalByteString())
        case let kind: throw WireError("a server sends no frame of kind \(kind)")
        }
    }
}

extension WireWriter {
    // One by one: going through `FunctionLimits.named` costs each call some 15,000 instructions on both sides.
    mutating func put(_ limits: FunctionLimits) {
        put(Int64(limits.wallTimeMilliseconds))
        put(Int64(limits.cpuTimeMilliseconds))
        put(Int64(limits.memoryBytes))
        put(Int64(limits.outputBytes))
        put(Int64(limits.logBytes))
        put(Int64(limits.hostCalls))
        put(Int64(limits.inputBytes))
    }

    mutating func put(_ mounts: [WireMount]) {
        put(list: mounts) { writer, mount in
            writer.put(mount.package)
            writer.put(mount.path)
        }
    }
}

extension WireReader {
    mutating func limits() throws(WireError) -> FunctionLimits {
        FunctionLimits(
            wallTimeMilliseconds: try limit(), cpuTimeMilliseconds: try limit(), memoryBytes: try limit(),
            outputBytes: try limit(), logBytes: try limit(), hostCalls: try limit(), inputBytes: try limit())
    }

    private mutating func limit() throws(WireError) -> Int {
        let value: Int64 = try number()
        guard value >= 0 else { throw WireError("a limit is negative") }
        return Int(value)
    }

    mutating func mounts() throws(WireError) -> [WireMount] {
        try list(minimumBytes: 8) { reader throws(WireError) in
            WireMount(package: try reader.number(), path: try reader.text())
        }
    }
}
