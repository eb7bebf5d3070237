import Gatehouse
import HTTPTypes
import LabelledFiles
import Labels
import Multipart
import NIOCore

/// A call's form, read as it arrives: its files become blobs on the way, and only the small fields are kept in memory.
struct InvokeForm: Sendable {
    struct Limits: Sendable {
        /// Bytes of the whole form.
        var bodyBytes: Int
        var payloadBytes: Int
        var labelBytes = 16 << 10
        var uploads = 64
        /// UTF-8 bytes of a file's name.
        var nameBytes = 255
    }

    private enum Field: Sendable {
        case payload
        case label
        case file(name: String, PendingUpload)
    }

    private(set) var payload: [UInt8]?
    private(set) var label: Label
    private(set) var uploads: [(name: String, upload: Upload)] = []
    private let gatehouse: Gatehouse
    private let user: Component
    private let limits: Limits
    private var parser: MultipartParser
    private var field: Field?
    private var text: [UInt8] = []
    private var hasLabelField = false
    private var received = 0

    /// - Parameter label: that of the request's header, which a field of the form may say otherwise.
    init(_ gatehouse: Gatehouse, as user: Component, label: Label?, boundary: [UInt8], limits: Limits) {
        self.gatehouse = gatehouse
        self.user = user
        self.label = label ?? .public
        self.limits = limits
        parser = MultipartParser(boundary: boundary)
    }

    mutating func take(_ buffer: ByteBuffer) async throws {
        received += buffer.readableBytes
        guard received <= limits.bodyBytes else { throw NIOTooManyBytesError(maxBytes: limits.bodyBytes) }
        parser.append(buffer.readableBytesView)
        while let event = try parser.next() {
            switch event {
            case .part(let part): field = try begin(part)
            case .bytes(let bytes): try await add(bytes)
            case .endOfPart: try await end()
            }
        }
    }

    mutating func finish() throws {
        try parser.finish()
        guard payload != nil else { throw Failure.badRequest("the form has no field `payload`") }
    }

    private mutating func begin(_ part: FormPart) throws -> Field {
        switch part.name {
        case "payload":
            guard payload == nil else { throw Failure.badRequest("the form has more than one field `payload`") }
            return .payload
        case "label":
            // Files are labelled as they arrive.
            guard !hasLabelField, uploads.isEmpty else {
                throw Failure.badRequest("the field `label` must stand before the files, once")
            }
            hasLabelField = true
            return .label
        case "blob", "file":
            guard uploads.count < limits.uploads else {
                throw Failure.badRequest("the form has more than \(limits.uploads) files")
            }
            let name = part.filename.flatMap { $0.isEmpty ? nil : $0 } ?? "blob\(uploads.count)"
            guard name.utf8.count <= limits.nameBytes, !uploads.contains(where: { $0.name == name }) else {
                throw Failure.badRequest("the name of a file is too long, or given to another one too")
            }
            return .file(name: name, try gatehouse.beginUpload(as: user, label: label))
        default:
            throw Failure.badRequest("there is no field `\(part.name.prefix(64))`, only payload, label, blob and file")
        }
    }

    private mutating func add(_ bytes: [UInt8]) async throws {
        let most: Int
        switch field {
        case .file(_, let upload)?: return try await upload.append(bytes)
        case .payload?: most = limits.payloadBytes
        case .label?, nil: most = limits.labelBytes
        }
        guard text.count + bytes.count <= most else { throw NIOTooManyBytesError(maxBytes: most) }
        text += bytes
    }

    private mutating func end() async throws {
        defer {
            field = nil
            text = []
        }
        switch field {
        case .payload?: payload = text
        case .label?:
            guard let text = String(validating: text, as: UTF8.self) else { throw Failure.badRequest("bad label") }
            label = try FaastenFace.label(text)
        case .file(let name, let upload)?: uploads.append((name, try await upload.finish()))
        case nil: break
        }
    }
}
