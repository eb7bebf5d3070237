import Model
import Testing

@Suite struct LimitsTests {
    @Test func `the usual, the least and the most limits are all allowed`() {
        for limits in [FunctionLimits.standard, .minimum, .maximum] { #expect(limits.violations.isEmpty) }
    }

    @Test func `each limit outside its range is named with its value, range and unit`() {
        for (name, unit, path) in FunctionLimits.named {
            let (least, most) = (FunctionLimits.minimum[keyPath: path], FunctionLimits.maximum[keyPath: path])
            for value in [least - 1, most + 1, .min, .max] {
                var limits = FunctionLimits.standard
                limits[keyPath: path] = value
                #expect(
                    limits.violations == ["`\(name)` is \(value), but must be between \(least) and \(most) \(unit)"])
            }
        }
    }

    @Test func `every limit has a name, once`() {
        let stored = Mirror(reflecting: FunctionLimits.standard).children.compactMap(\.label)
        #expect(FunctionLimits.named.map(\.name) == stored)
        #expect(Set(FunctionLimits.named.map(\.path)).count == stored.count)
        for (name, _, path) in FunctionLimits.named {
            var limits = FunctionLimits.standard
            limits[keyPath: path] = -7
            let changed = Mirror(reflecting: limits).children.first { $0.label == name }
            #expect(changed?.value as? Int == -7)
        }
    }
}
