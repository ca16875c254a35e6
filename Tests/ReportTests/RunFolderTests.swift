import Report
import TestSupport
import Testing
import Timebase

struct RunFolderTests {
    private let parent: TemporaryFolder

    init() throws { parent = try TemporaryFolder() }

    private func open(_ path: String) throws {
        let begins = try #require(CalendarDate(parsing: "1999-03-01T08:00:00Z"))
        _ = try RunFolder(
            path: path, captures: .init(pcapng: true, classic: nil, filter: nil), begins: begins,
            application: "Ringback test", names: [])
    }

    @Test func `a folder that is dropped unfinished holds nothing`() throws {
        try open(parent.file("run"))
        #expect(try parent.files == ["run"])
        #expect(try TemporaryFolder.names(in: parent.file("run")) == [])
    }

    @Test func `a folder that cannot be made is an error in one line`() throws {
        try parent.write([], to: "file")
        let path = parent.file("file/run")
        let error = #expect(throws: FolderError.self) { try open(path) }
        #expect(error?.description == "cannot make \(path): Not a directory")
    }

    @Test(arguments: [
        ("Runs/branch/capture.pcapng", true), ("Runs/branch/../branch/run.json", true),
        ("Runs/branch/mail/branch.pcap", true), ("Runs/branch/classic.pcap", false), ("Runs/branch", false),
        ("capture.pcapng", false),
    ])
    func `what a run keeps in its folder is nobody else's place`(path: String, isKept: Bool) {
        #expect(RunFolder.keeps(parent.file(path), in: parent.file("Runs/branch")) == isKept)
    }
}
