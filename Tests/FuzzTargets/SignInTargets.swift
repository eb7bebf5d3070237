#if DEBUG
    import Identity
    import Labels
    import Model
    import Multipart

    /// What clients send to sign in, and forms.
    extension FuzzTarget {
        /// Tokens: nothing is taken that was not signed here, and what was signed is read as the same.
        static let tokens = FuzzTarget("tokens", corpus: tokenCorpus) {
            let key = SigningKey()
            let now = Timestamp(microseconds: 1_800_000_000_000_000)
            return { input in
                guard let text = String(validating: input, as: UTF8.self) else { return }
                precondition((try? IdentityToken(verifying: text, with: key.verifyingKey, now: now)) == nil)
                if let component = try? Component(parsing: text) {
                    let token = IdentityToken(for: component, now: now)
                    let signed = try? token.signed(with: key)
                    let read = signed.flatMap {
                        try? IdentityToken(verifying: $0, with: key.verifyingKey, now: now)
                    }
                    precondition(read == token, "\(component) is read as \(String(describing: read))")
                }
                if let keys = try? KeySet(json: input), let token = try? CompactToken(parsing: text) {
                    precondition(
                        (try? IDToken(verifying: token, with: keys, issuer: "", client: "", nonce: "", now: now)) == nil
                    )
                }
                if let bytes = Base64URL.bytes(text) { precondition(Base64URL.text(bytes) == text) }
            }
        }

        private static var tokenCorpus: [[UInt8]] {
            let header = Base64URL.text(#"{"alg":"ES256","kid":"a","crit":["b"]}"#.utf8)
            let payload = Base64URL.text(#"{"alg":"ES256","iat":1800000000,"exp":1800000600,"sub":"alice"}"#.utf8)
            let signature = Base64URL.text([UInt8](repeating: 1, count: 64))
            return [
                "\(header).\(payload).\(signature)", "\(Base64URL.text(#"{"alg":"none"}"#.utf8)).\(payload).",
                "alice/app|bob",
                #"{"keys":[{"kty":"EC","crv":"P-256","x":"AA","y":"AA"},{"kty":"RSA","n":"AQ","e":"AQAB"}]}"#,
            ].map { Array($0.utf8) }
        }

        /// Forms: however they are cut into pieces, they are read as the same.
        static let forms = FuzzTarget("forms", corpus: formCorpus) {
            { input in
                let size = Int(input.first ?? 0) % 7 + 1
                let body = Array(input.dropFirst())
                let (whole, cut) = (parts(body, pieces: body.count), parts(body, pieces: size))
                precondition(whole == cut, "pieces of \(size) bytes are read as another form")
                if let text = String(validating: body, as: UTF8.self) { _ = MediaType(text)?.boundary }
            }
        }

        private static func parts(_ body: [UInt8], pieces size: Int) -> [[UInt8]]? {
            var parser = MultipartParser(boundary: Array("B".utf8))
            var parts: [[UInt8]] = []
            for start in stride(from: 0, to: body.count, by: max(1, size)) {
                parser.append(body[start..<min(start + size, body.count)])
                do {
                    while let event = try parser.next() {
                        switch event {
                        case .part(let part): parts.append(Array("\(part.name)\0\(part.filename ?? "")\0".utf8))
                        case .bytes(let bytes): parts[parts.count - 1] += bytes
                        case .endOfPart: parts[parts.count - 1].append(0)
                        }
                    }
                } catch { return nil }
            }
            return (try? parser.finish()).map { parts }
        }

        private static var formCorpus: [[UInt8]] {
            let head = "Content-Disposition: form-data; name="
            return [
                "a--B\r\n\(head)\"payload\"\r\n\r\n{}\r\n--B--\r\n",
                "b--B\r\n\(head)blob; filename=\"a\\\"b\"\r\nContent-Type: x/y\r\n\r\n\r\n--C\r\n--\r\n--B \r\n\(head)c\r\n\r\n\r\n--B--",
                "c--B--", "dmultipart/form-data; boundary=\"a b\"; x=y",
                "e--B\r\n\(head)a; filename*=UTF-8''%C3%A4\r\n\r\n\r\n--B--",
            ].map { Array($0.utf8) }
        }
    }
#endif
