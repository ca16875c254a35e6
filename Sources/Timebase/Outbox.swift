/// What a machine wants done, in order: the third door of every machine that may want several things at once.
///
/// The driver passes its own outbox in and takes the actions out, so a warm outbox allocates nothing. Inlinable,
/// because every room has an outbox of its own actions, and the hot path goes through them.
public struct Outbox<Action> {
    @usableFromInline var actions: [Action] = []
    @usableFromInline var taken = 0

    /// An empty outbox.
    @inlinable public init() {}

    /// Puts an action last.
    @inlinable public mutating func append(_ action: Action) { actions.append(action) }

    /// Takes the first action out; nil when all are taken.
    @inlinable public mutating func next() -> Action? {
        guard taken < actions.count else {
            actions.removeAll(keepingCapacity: true)
            taken = 0
            return nil
        }
        defer { taken += 1 }
        return actions[taken]
    }

    /// Whether nothing is left to do.
    @inlinable public var isEmpty: Bool { taken == actions.count }
}

extension Outbox: Sendable where Action: Sendable {}
