/// Things in a row that are asked and changed where they lie.
///
/// An element of an `Array` is copied when it is asked something, if it is larger than a few words, and is lent through
/// a coroutine with an allocated frame when it is changed. Hosts, links and connections are large and are asked for
/// every packet: here they are reached by their address.
public struct Row<Element: Sendable>: Sendable {
    @usableFromInline var elements: [Element] = []

    /// An empty row.
    @inlinable public init() {}

    /// How many things there are.
    @inlinable public var count: Int { elements.count }

    /// Puts a thing last.
    @inlinable public mutating func append(_ element: Element) { elements.append(element) }

    /// The thing at an index, where it lies.
    @inlinable public subscript(index: Int) -> Element {
        @inline(__always) _read { yield elements.span[index] }
        @inline(__always) _modify {
            var span = elements.mutableSpan
            yield &span[index]
        }
    }
}
