extension MemoryStore: StoreHealth {
    public func checkWritable() {}
}
