import Blobs
import Gatehouse
import HTTPTypes
import Hummingbird
import LabelledFiles
import Labels
import Platform

/// What the operator does to the labelled file system as a whole.
extension FaastenFace {
    /// Looks at every object, name and blob: `{"objects", "blobs", "findings": [{"problem", "subject"}]}`.
    func checkFiles(_ request: Request) async throws -> Response {
        try await needOperator(request)
        let report = try await gatehouse.files.check()
        return Reply.json { writer in
            writer.member("objects", Int64(report.objects))
            writer.member("blobs", Int64(report.blobs))
            writer.key("findings")
            writer.array { writer in
                for finding in report.findings {
                    writer.object { writer in
                        writer.member("problem", finding.problem.rawValue)
                        writer.member("subject", finding.subject)
                    }
                }
            }
        }
    }

    /// Removes what no name leads to, at once: `{"objects", "blobs", "bytes"}`.
    func collectFiles(_ request: Request) async throws -> Response {
        try await needOperator(request)
        let removed = try await gatehouse.collect()
        return Reply.json { writer in
            writer.member("objects", Int64(removed.objects))
            writer.member("blobs", Int64(removed.blobs.blobs))
            writer.member("bytes", Int64(removed.blobs.bytes))
        }
    }

    /// All labels count for nothing here, so that this is for who could read the disk anyway.
    private func needOperator(_ request: Request) async throws {
        let user = try await user(of: request)
        guard user.principal.implies(try Component(parsing: Principal.operatorName)) else {
            throw Failure(.forbidden, "this is for the operator, `\(Principal.operatorName)`")
        }
    }
}
