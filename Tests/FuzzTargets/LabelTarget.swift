#if DEBUG
    import Labels

    extension FuzzTarget {
        /// Labels as text, one a line: what is accepted must be read again as it is printed, and obey the laws with the
        /// label before.
        static let labels = FuzzTarget("labels", corpus: labelCorpus) {
            { input in
                guard let text = String(validating: input, as: UTF8.self) else { return }
                var previous = Label.public
                for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
                    guard let label = parsed(String(line)) else { continue }
                    checkLaws(previous, label)
                    previous = label
                }
            }
        }

        private static func parsed(_ text: String) -> Label? {
            do {
                let label = try Label(parsing: text)
                let printed = label.description
                let again = try? Label(parsing: printed)
                precondition(again == label && again?.description == printed, "\(printed) is read as another label")
                let copies = [label.secrecy, label.integrity].map { component in
                    component.clauses.map { clauses in
                        try? Component(formula: clauses.map { $0.principals.map(\.tokens) })
                    } ?? .false
                }
                precondition(copies == [label.secrecy, label.integrity], "\(printed) is another formula")
                return label
            } catch {
                let position = error.position ?? -1
                precondition((0...text.unicodeScalars.count).contains(position), "\(error) is outside of the text")
                return nil
            }
        }

        private static func checkLaws(_ a: Label, _ b: Label) {
            precondition(a.canFlow(to: a) && Label.bottom.canFlow(to: a) && a.canFlow(to: .top))
            precondition(!(a.canFlow(to: b) && b.canFlow(to: a)) || a == b, "\(a) and \(b) flow to each other")
            precondition(a.obstacles(to: b).isEmpty == a.canFlow(to: b), "obstacles from \(a) to \(b)")
            let join = try? a.join(b)
            precondition(join == (try? b.join(a)), "the join of \(a) and \(b) depends on their order")
            if let join { precondition(a.canFlow(to: join) && b.canFlow(to: join), "\(join) is no upper bound") }
            if let meet = try? a.meet(b) { precondition(meet.canFlow(to: a) && meet.canFlow(to: b)) }
            if let lowered = try? a.downgraded(with: b.secrecy) {
                precondition(a.canFlow(to: lowered, with: b.secrecy), "\(lowered) is out of reach")
            }
            _ = try? a.secrecy.delegated(to: ["app"])
        }

        private static var labelCorpus: [[UInt8]] {
            [
                "T,T\nF,T\nT,F\nalice,T\nTom,Tom",
                "a&b,a|b\na,T\na/x,T\na|a/x,T\na&a/x,T",
                "alice/app/fn,T\nalice,alice",
                #"a\,b\|\&\/\\\:\<\>\ ,\T|\F"#, "a\na,\n,a\na,b,c\na&,T\na//b,T\na|,T\nT&a,T\na,T junk\na , T",
                "a,a&b\nc,c&d\nb,c&d\nalice&bob|carol,erin&frank|grace", "google/bob@example.org,ü/日本\n\u{A0},\u{85}",
            ].map { Array($0.utf8) }
        }
    }
#endif
