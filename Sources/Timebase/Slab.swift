/// Things that come and go, each at a place that stays its own while it lives; free places are used again, the one
/// that was freed last first.
///
/// Inlinable for the reason that ``Row`` is: what lies here is large, and asked for every packet.
public struct Slab<Element: Sendable>: Sendable {
    @usableFromInline var places: [Element?] = []
    @usableFromInline var free: [Int] = []

    /// An empty slab.
    @inlinable public init() {}

    /// Puts a thing at a free place.
    @inlinable public mutating func insert(_ element: Element) -> Int {
        if let index = free.popLast() {
            places[index] = element
            return index
        }
        places.append(element)
        return places.count - 1
    }

    /// Takes a thing out.
    @inlinable public mutating func remove(at index: Int) -> Element? {
        guard let element = places[index] else { return nil }
        places[index] = nil
        free.append(index)
        return element
    }

    /// How many places there are, free ones included.
    @inlinable public var placeCount: Int { places.count }

    /// The thing at a place, changed where it lies; nil when the place is free.
    @inlinable public subscript(index: Int) -> Element? {
        @inline(__always) _read { yield places.span[index] }
        @inline(__always) _modify {
            var span = places.mutableSpan
            yield &span[index]
        }
    }

    /// Changes each thing that is there, in the order of the places.
    @inlinable public mutating func forEach(_ change: (inout Element) -> Void) {
        for index in 0..<places.count {
            guard var element = places[index] else { continue }
            change(&element)
            places[index] = element
        }
    }
}
