import ArgumentParser
import Client
import Testing

@testable import Commands

@MainActor @Suite struct AccessParsingTests {
    private func parse<Command: ParsableCommand>(_ line: String, as: Command.Type) throws -> Command {
        try #require(try SwiftletCommand.parseAsRoot(line.split(separator: " ").map(String.init)) as? Command)
    }

    @Test func scopesAndFunctionsMayRepeatOrBeLists() throws {
        let command = try parse(
            "tokens create ci -s read,run --scope deploy -f a,b* --function app/c", as: TokenCreate.self)
        #expect(
            command.grant.grant == AccessGrant(scopes: ["read", "run", "deploy"], functions: ["a", "b*", "app/c"]))
        let none = try parse("users update ann --password x", as: UserUpdate.self)
        #expect(none.grant.grant == AccessGrant())
    }

    @Test func whomATokenActsAsAndWhatAUserMayUse() throws {
        let token = try parse("tokens create ci --principal alice/app|bob", as: TokenCreate.self)
        #expect(token.principal == "alice/app|bob" && token.grant.grant == AccessGrant())
        let user = try parse("users update ann --rate 5 --max-body-bytes 100", as: UserUpdate.self)
        #expect(user.rates.rate == 5 && user.rates.maxBodyBytes == 100)
    }

    @Test(arguments: [("90s", 90), ("15m", 900), ("2h", 7200), ("30d", 2_592_000), ("7", 7)])
    func lifetimesHaveUnits(_ text: String, _ seconds: Int) {
        #expect(Lifetime(argument: text)?.seconds == seconds)
    }

    @Test(arguments: ["", "h", "0", "-1", "1w", "1.5h", "99999999999999999999"])
    func whatIsNoLifetimeIsWrongUsage(_ text: String) { #expect(Lifetime(argument: text) == nil) }

    @Test(
        arguments: [
            "tokens create ci", "users create ann --scope read", "users create ann --password x",
            "users create ann --scope read --password x --password-file y", "users update ann -f a --all-functions",
        ])
    func whatIsMissingOrAtOddsIsWrongUsage(_ line: String) {
        #expect(throws: (any Error).self) {
            try SwiftletCommand.parseAsRoot(line.split(separator: " ").map(String.init))
        }
    }
}
