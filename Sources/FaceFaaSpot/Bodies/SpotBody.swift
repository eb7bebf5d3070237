import Platform

/// The body of a change of spots: `{"min_workers", "max_workers"}` as numbers or strings, or `{"refresh_ip"}`, which older
/// clients send as a form. Other keys say nothing here.
struct SpotBody {
    var minimum: Int?
    var maximum: Int?
    /// An address, or `all`.
    var refreshed: String?

    init(parsing bytes: [UInt8]) throws {
        if bytes.isEmpty { return }
        if bytes.starts(with: "refresh_ip=".utf8) {
            refreshed = try Query(String(decoding: bytes, as: UTF8.self))["refresh_ip"]
            return
        }
        var scanner = JSONScanner(bytes)
        let text = scanner
        var (bounds, refreshed) = ([String: Int](), String?.none)
        try scanner.object { key, kind, range throws(JSONFault) in
            switch key {
            case "min_workers", "max_workers":
                let digits = kind == .string ? text.string(in: range) : String(decoding: bytes[range], as: UTF8.self)
                guard let number = digits.flatMap({ Int($0) }) else {
                    throw text.fault("`\(key)` must be a whole number", at: range.lowerBound)
                }
                bounds[key] = number
            case "refresh_ip":
                guard kind == .string, let value = text.string(in: range) else {
                    throw text.fault("`refresh_ip` must be the address of a spot, or `all`", at: range.lowerBound)
                }
                refreshed = value
            default: break
            }
        }
        (minimum, maximum) = (bounds["min_workers"], bounds["max_workers"])
        self.refreshed = refreshed
    }
}
