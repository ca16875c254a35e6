import Timebase

/// Things that come and go, each at a place that stays its own while it lives; free places are used again, the one
/// that was freed last first.
struct Slab<Element: Sendable>: Sendable {
    private var places: [Element?] = []
    private var free: [Int] = []

    /// Puts a thing at a free place.
    mutating func insert(_ element: Element) -> Int {
        if let index = free.popLast() {
            places[index] = element
            return index
        }
        places.append(element)
        return places.count - 1
    }

    /// Takes a thing out.
    mutating func remove(at index: Int) -> Element? {
        guard let element = places[index] else { return nil }
        places[index] = nil
        free.append(index)
        return element
    }

    /// The thing at a place, changed where it lies; nil when the place is free.
    subscript(index: Int) -> Element? {
        @inline(__always) _read { yield places.span[index] }
        @inline(__always) _modify {
            var span = places.mutableSpan
            yield &span[index]
        }
    }

    /// Changes each thing that is there, in the order of the places.
    mutating func forEach(_ change: (inout Element) -> Void) {
        for index in 0..<places.count {
            guard var element = places[index] else { continue }
            change(&element)
            places[index] = element
        }
    }
}
