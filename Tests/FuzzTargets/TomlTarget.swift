#if DEBUG
    import Model

    extension FuzzTarget {
        /// Files of credentials: what is accepted must be read again as it is written, also after a change.
        static let toml = FuzzTarget("toml", corpus: tomlCorpus) {
            { input in
                guard let text = String(validating: input, as: UTF8.self), var file = try? TomlFile(parsing: text)
                else { return }
                precondition((try? TomlFile(parsing: file.text)) == file, "a file is read as another one")
                let table = file.tables.last ?? ["t"]
                file.set(table, text, to: text)
                guard let again = try? TomlFile(parsing: file.text) else {
                    preconditionFailure("a changed file cannot be read")
                }
                precondition(again == file && again.keys(of: table).contains(text), "a change is lost")
            }
        }

        private static var tomlCorpus: [[UInt8]] {
            [
                "server = \"http://h\"\n[\"http://h\"]\ndefault = 'x' # c\n",
                "[a.b . \"c\"]\nd.e = \"\\u00e9\\U0001F600\\\\\\\"\"\r\n", "# only\n\n", "a = \"\"\"x", "[[a]]\n",
                "a = 1",
                "[global]\nserver=\"s\"\n[ 'x' ]\ntoken = \"\"",
            ].map { Array($0.utf8) }
        }
    }
#endif
