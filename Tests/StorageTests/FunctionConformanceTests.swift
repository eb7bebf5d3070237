import Model
import Storage
import Testing

@Suite struct FunctionConformanceTests {
    @Test(arguments: Driver.allCases)
    func `a created function and its first version are read back as they were`(_ driver: Driver) async throws {
        try await driver.withStore { store in
            var samples = Samples()
            let function = try samples.function("hello")
            let version = samples.version(1, of: function, image: Samples.image("a"))
            try await store.create(function, version)
            #expect(try await store.function(function.key) == function)
            #expect(try await store.version(1, of: function.id) == version)
            #expect(try await store.version(2, of: function.id) == nil)
        }
    }

    @Test(arguments: Driver.allCases)
    func `a name that is taken is refused, in the same namespace only`(_ driver: Driver) async throws {
        try await driver.withStore { store in
            var samples = Samples()
            let (first, second) = (try samples.function("hello"), try samples.function("hello"))
            let elsewhere = try samples.function("hello", in: "other")
            try await store.create(first, samples.version(1, of: first))
            let version = samples.version(1, of: second)
            #expect(await refusal { try await store.create(second, version) } == .alreadyExists)
            #expect(try await store.version(1, of: second.id) == nil)
            try await store.create(elsewhere, samples.version(1, of: elsewhere))
            #expect(try await store.function(elsewhere.key) == elsewhere)
        }
    }

    @Test(arguments: Driver.allCases)
    func `a function begins with its own version 1`(_ driver: Driver) async throws {
        try await driver.withStore { store in
            var samples = Samples()
            let function = try samples.function("hello")
            let (second, foreign) = (
                samples.version(2, of: function), samples.version(1, of: try samples.function("b"))
            )
            #expect(await refusal { try await store.create(function, second) } == .conflict)
            #expect(await refusal { try await store.create(function, foreign) } == .conflict)
            #expect(try await store.functions(in: nil).isEmpty)
        }
    }

    @Test(arguments: Driver.allCases)
    func `functions are listed by name, of one namespace or of all`(_ driver: Driver) async throws {
        try await driver.withStore { store in
            var samples = Samples()
            for (name, namespace) in [("b", "default"), ("a", "default"), ("Z", "default"), ("c", "apps")] {
                let function = try samples.function(name, in: namespace)
                try await store.create(function, samples.version(1, of: function))
            }
            #expect(try await store.functions(in: .default).map(\.key.description) == ["Z", "a", "b"])
            #expect(try await store.functions(in: nil).map(\.key.description) == ["apps/c", "Z", "a", "b"])
            #expect(try await store.functions(in: try Namespace("none")).isEmpty)
        }
    }

    @Test(arguments: Driver.allCases)
    func `an update adds a version, makes it current and keeps the old one`(_ driver: Driver) async throws {
        try await driver.withStore { store in
            var samples = Samples()
            var function = try samples.function("hello")
            let first = samples.version(1, of: function)
            try await store.create(function, first)
            function.version = 2
            function.limits.wallTimeMilliseconds = 5
            function.updatedAt = samples.tick()
            let second = samples.version(2, of: function, image: Samples.image("b"))
            try await store.update(function, adding: second)
            #expect(try await store.function(function.key) == function)
            #expect(try await store.version(1, of: function.id) == first)
            #expect(try await store.version(2, of: function.id) == second)
        }
    }

    @Test(arguments: Driver.allCases)
    func `an update that does not follow the stored version changes nothing`(_ driver: Driver) async throws {
        try await driver.withStore { store in
            var samples = Samples()
            let function = try samples.function("hello")
            try await store.create(function, samples.version(1, of: function))
            for number in [1, 3] {
                var changed = function
                changed.key.name = try FunctionName("other")
                changed.version = number
                let version = samples.version(number, of: function)
                #expect(await refusal { try await store.update(changed, adding: version) } == .conflict)
            }
            #expect(try await store.functions(in: nil) == [function])
            #expect(try await store.version(3, of: function.id) == nil)
        }
    }

    @Test(arguments: Driver.allCases)
    func `a rename keeps the id, and is refused where the new name is taken`(_ driver: Driver) async throws {
        try await driver.withStore { store in
            var samples = Samples()
            let (hello, taken) = (try samples.function("hello"), try samples.function("taken"))
            try await store.create(hello, samples.version(1, of: hello))
            try await store.create(taken, samples.version(1, of: taken))
            var renamed = hello
            renamed.version = 2
            renamed.key = taken.key
            let version = samples.version(2, of: hello)
            #expect(await refusal { try await store.update(renamed, adding: version) } == .alreadyExists)
            #expect(try await store.function(hello.key) == hello)
            #expect(try await store.version(2, of: hello.id) == nil)
            renamed.key = FunctionKey(name: try FunctionName("free"))
            try await store.update(renamed, adding: version)
            #expect(try await store.function(hello.key) == nil)
            #expect(try await store.function(renamed.key) == renamed)
        }
    }

    @Test(arguments: Driver.allCases)
    func `what is not there can be neither updated nor deleted`(_ driver: Driver) async throws {
        try await driver.withStore { store in
            var samples = Samples()
            let function = try samples.function("hello")
            let version = samples.version(2, of: function)
            #expect(await refusal { try await store.update(function, adding: version) } == .notFound)
            #expect(await refusal { _ = try await store.delete(function.key) } == .notFound)
            let image = Samples.image("a")
            #expect(await refusal { try await store.setImage(image, version: 1, of: function.id) } == .notFound)
        }
    }

    @Test(arguments: Driver.allCases)
    func `only the image of a version can change`(_ driver: Driver) async throws {
        try await driver.withStore { store in
            var samples = Samples()
            let function = try samples.function("hello")
            var version = samples.version(1, of: function)
            try await store.create(function, version)
            version.image = Samples.image("c")
            try await store.setImage(Samples.image("c"), version: 1, of: function.id)
            #expect(try await store.version(1, of: function.id) == version)
        }
    }

    @Test(arguments: Driver.allCases)
    func `the packages of every version are named until the function is deleted`(_ driver: Driver) async throws {
        try await driver.withStore { store in
            var samples = Samples()
            var function = try samples.function("hello")
            var version = samples.version(1, of: function)
            let first = Set(version.packages.packages)
            #expect(first.count == 2)
            #expect(try await store.packages().isEmpty)
            try await store.create(function, version)
            version = samples.version(2, of: function)
            version.packages = PackageUse(dependencies: PackageID(String(repeating: "9", count: 64)))
            function.version = 2
            try await store.update(function, adding: version)
            #expect(try await store.packages() == first.union(version.packages.packages))
            #expect(try await store.version(2, of: function.id) == version)
            _ = try await store.delete(function.key)
            #expect(try await store.packages().isEmpty)
        }
    }

    @Test(arguments: Driver.allCases)
    func `a delete takes the versions along and names the images that nothing uses`(_ driver: Driver) async throws {
        try await driver.withStore { store in
            var samples = Samples()
            var (own, other) = (try samples.function("own"), try samples.function("other"))
            try await store.create(own, samples.version(1, of: own, image: Samples.image("b")))
            for (number, image) in [(2, "a"), (3, "b"), (4, "d")] {
                own.version = number
                try await store.update(
                    own, adding: samples.version(number, of: own, image: Samples.image(Character(image))))
            }
            try await store.create(other, samples.version(1, of: other, image: Samples.image("d")))
            other.version = 2
            try await store.update(other, adding: samples.version(2, of: other))
            #expect(try await store.delete(own.key) == [Samples.image("a"), Samples.image("b")])
            #expect(try await store.function(own.key) == nil)
            #expect(try await store.version(3, of: own.id) == nil)
            #expect(try await store.delete(other.key) == [Samples.image("d")])
        }
    }
}
