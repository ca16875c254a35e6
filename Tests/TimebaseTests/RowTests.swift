import Testing
import Timebase

struct RowTests {
    @Test func `things are changed where they lie, and a copy of the row is another row`() {
        var row = Row<[Int]>()
        row.append([1])
        row.append([2, 3])
        let copy = row
        row[1].append(4)
        #expect(row.count == 2 && row[0] == [1] && row[1] == [2, 3, 4])
        #expect(copy[1] == [2, 3])
    }
}
