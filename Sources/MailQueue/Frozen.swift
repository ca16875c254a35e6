/// A value that many share, and nobody changes.
final class Frozen<Value: Sendable>: Sendable {
    let value: Value

    init(_ value: Value) { self.value = value }
}
