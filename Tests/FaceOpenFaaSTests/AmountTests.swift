import Model
import Testing

@testable import FaceOpenFaaS

struct AmountTests {
    @Test(
        arguments: [
            ("90", 90_000), ("1m30s", 90_000), ("500ms", 500), ("1.5h", 5_400_000), ("0", 0), ("", nil), ("s", nil),
            ("10x", nil), ("-1s", nil),
        ] as [(String, Int?)])
    func `spans are read as they are written`(_ text: String, _ milliseconds: Int?) {
        #expect(Amount.duration(text) == milliseconds.map { .milliseconds($0) })
    }

    @Test(
        arguments: [
            ("128Mi", 134_217_728), ("1G", 1_000_000_000), ("0.5Gi", 536_870_912), ("20m", 20_000_000), ("1024", 1024),
            ("much", nil), ("", nil), ("1Q", nil),
        ] as [(String, Int?)])
    func `amounts of memory are read as they are written`(_ text: String, _ bytes: Int?) {
        #expect(Amount.bytes(text) == bytes)
    }

    @Test(arguments: [
        ("hello", true), ("a", true), ("a-1", true), ("", false), ("-a", false), ("a-", false), ("A", false),
        ("a_b", false), (String(repeating: "a", count: 63), true), (String(repeating: "a", count: 64), false),
    ])
    func `names to deploy under are of the agreed form`(_ name: String, _ isGood: Bool) {
        #expect(GatewayName.isDeployable(name) == isGood)
    }

    @Test func `alerts scale within bounds`() {
        let scale = Scale([
            "com.openfaas.scale.min": "2", "com.openfaas.scale.max": "9", "com.openfaas.scale.factor": "50",
        ])
        #expect(scale.minimum == 2 && scale.maximum == 5)
        #expect(scale.replicas(from: 1, isFiring: true) == 4 && scale.replicas(from: 4, isFiring: true) == 5)
        #expect(scale.replicas(from: 5, isFiring: false) == 2)
        #expect(Scale([:]).replicas(from: 1, isFiring: true) == 2)
    }
}
