/// Writes metrics in Prometheus's text format.
struct MetricsText {
    private(set) var text = ""
    private var name = ""

    mutating func begin(_ name: String, _ type: String, _ help: String) {
        self.name = name
        text += "# HELP \(name) \(help)\n# TYPE \(name) \(type)\n"
    }

    mutating func add(_ labels: [(String, String)], _ value: String, suffix: String = "") {
        let list = labels.map { "\($0.0)=\"\($0.1)\"" }.joined(separator: ",")
        text += "\(name)\(suffix){\(list)} \(value)\n"
    }

    mutating func add(_ labels: [(String, String)], _ histogram: Histogram) {
        for (bound, count) in zip(Histogram.bounds, histogram.counts) {
            let number = bound == bound.rounded() ? "\(Int(bound))" : "\(bound)"
            add(labels + [("le", number)], "\(count)", suffix: "_bucket")
        }
        add(labels + [("le", "+Inf")], "\(histogram.count)", suffix: "_bucket")
        add(labels, "\(histogram.sum)", suffix: "_sum")
        add(labels, "\(histogram.count)", suffix: "_count")
    }
}
