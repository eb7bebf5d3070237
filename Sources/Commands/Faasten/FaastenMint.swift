import ArgumentParser
import Client
import Identity
import Platform

struct FaastenMint: OperatorAction {
    static let configuration = CommandConfiguration(
        commandName: "mint", abstract: "Print a token for anybody, which ends after ten minutes.",
        discussion: "It is signed here, with the server's private key, which only the operator may read.")

    @Argument(help: "Whom the token's holder acts as: a component, such as alice/app.") var component: String

    func validate() throws { try LabelWords.check(component: component, "COMPONENT") }

    func perform(_ session: FstnSession) async throws {
        let operatorName = FaastenAccount.operatorName
        let bytes = try await session.read("home:<\(operatorName),\(operatorName)>:private_key")
        let token: String
        do {
            let key = try SigningKey(pem: String(decoding: bytes, as: UTF8.self))
            token = try IdentityToken(for: try LabelsParse.component(component), now: TimeSource.system.now()).signed(
                with: key)
        } catch let error as ClientError {
            throw error
        } catch { throw ClientError.local("The server's private key cannot be used: \(error)") }
        StatusLine.show("Minting", "OK")
        Console.out(token)
    }
}

struct FaastenCollect: OperatorAction {
    static let configuration = CommandConfiguration(
        commandName: "gc", abstract: "Remove what no name and no running function leads to, now.",
        discussion: "The server does this by itself now and then.")

    @Flag(help: "Print JSON.") var json = false

    func perform(_ session: FstnSession) async throws {
        let reply = try await session.client.collect()
        guard reply.isSuccess else { return try await session.finish("Collecting", reply) }
        let removed = try JSON(parsing: try await reply.bytes())
        session.show("Collecting", reply)
        func count(_ name: String) -> String { removed[name]?.compact ?? "0" }
        Console.out(
            json
                ? removed.compact
                : "Removed \(count("objects")) objects and \(count("blobs")) blobs with \(count("bytes")) bytes")
    }
}
