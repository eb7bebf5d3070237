public import Model

extension JSONWriter {
    /// Writes distributions as an array of objects: `name`, `version`, `sha256` of the wheel.
    public mutating func distributions(_ lock: [LockedDistribution]) {
        array { writer in
            for distribution in lock {
                writer.object { writer in
                    writer.member("name", distribution.name)
                    writer.member("version", distribution.version)
                    writer.member("sha256", distribution.sha256)
                }
            }
        }
    }
}
