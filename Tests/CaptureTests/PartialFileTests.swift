@testable import Capture
import Glibc
import TestSupport
import Testing

struct PartialFileTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    @Test func `a file appears under its name when it is finished and not before`() throws {
        var file = try PartialFile(path: folder.file("events.jsonl"))
        try file.append("one\n")
        #expect(try folder.files == ["events.jsonl.partial"])
        try file.append(Array("two\n".utf8))
        try file.finish()
        #expect(try folder.files == ["events.jsonl"])
        #expect(try folder.octets(of: "events.jsonl") == Array("one\ntwo\n".utf8))
    }

    @Test func `an abandoned file leaves nothing`() throws {
        var file = try PartialFile(path: folder.file("events.jsonl"))
        try file.append("one\n")
        file.abandon()
        file.abandon()
        #expect(try folder.files == [])
    }

    @Test func `a file that is dropped unfinished leaves nothing`() throws {
        do {
            var file = try PartialFile(path: folder.file("events.jsonl"))
            try file.append("one\n")
        }
        #expect(try folder.files == [])
    }

    @Test func `a good file stays when a later run is abandoned`() throws {
        try folder.write([1, 2, 3], to: "run.pcapng")
        var file = try PartialFile(path: folder.file("run.pcapng"))
        try file.append("half of")
        file.abandon()
        #expect(try folder.files == ["run.pcapng"])
        #expect(try folder.octets(of: "run.pcapng") == [1, 2, 3])
    }

    @Test func `a finished file takes the place of an older one and of what a killed run left`() throws {
        try folder.write([1, 2, 3], to: "run.pcapng")
        try folder.write([9, 9, 9, 9, 9], to: "run.pcapng.partial")
        var file = try PartialFile(path: folder.file("run.pcapng"))
        try file.append("new")
        try file.finish()
        #expect(try folder.files == ["run.pcapng"])
        #expect(try folder.octets(of: "run.pcapng") == Array("new".utf8))
    }

    @Test func `a sealed file is whole and has yet to get its name`() throws {
        try folder.write([1, 2, 3], to: "run.json")
        var file = try PartialFile(path: folder.file("run.json"))
        try file.append("new")
        try file.seal()
        #expect(try folder.octets(of: "run.json.partial") == Array("new".utf8))
        #expect(try folder.octets(of: "run.json") == [1, 2, 3])
        try file.finish()
        #expect(try folder.files == ["run.json"])
        #expect(try folder.octets(of: "run.json") == Array("new".utf8))
    }

    @Test func `a sealed file that is abandoned or dropped leaves nothing`() throws {
        var abandoned = try PartialFile(path: folder.file("one"))
        try abandoned.seal()
        abandoned.abandon()
        do {
            var dropped = try PartialFile(path: folder.file("two"))
            try dropped.seal()
        }
        #expect(try folder.files == [])
    }

    @Test func `more than the buffer holds arrives in order`() throws {
        var file = try PartialFile(path: folder.file("long"))
        var expected: [UInt8] = []
        for size in [1, 100_000, PartialFile.bufferSize, 3, PartialFile.bufferSize + 1, 200_000, 100_000] {
            let piece = (0..<size).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ size) }
            try file.append(piece)
            expected += piece
        }
        try file.finish()
        #expect(try folder.octets(of: "long") == expected)
    }

    @Test func `what is in the partial file always ends between two records`() throws {
        var file = try PartialFile(path: folder.file("long"))
        let record = [UInt8](repeating: 7, count: 1_000)
        for _ in 0..<300 { try file.append(record) }
        let written = try folder.octets(of: "long.partial").count
        #expect(written == 262_000)
        file.abandon()
    }
}

struct PartialFileFailureTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    /// A file on a device that is always full.
    private func fullFile(_ name: String) -> PartialFile {
        PartialFile(descriptor: open("/dev/full", O_WRONLY), name: PartialName(path: folder.file(name)))
    }

    @Test func `a full disk is told when the buffer is written`() throws {
        var file = fullFile("run.pcapng")
        let record = [UInt8](repeating: 0, count: 100_000)
        try file.append(record)
        try file.append(record)
        let expected = CaptureError(.write, folder.file("run.pcapng"), code: ENOSPC)
        #expect(throws: expected) { try file.append(record) }
        #expect(throws: expected) { try file.append(record) }
        #expect(throws: expected) { try file.finish() }
        #expect(expected.reason == "No space left on device")
        #expect(expected.description == "cannot write \(folder.file("run.pcapng")): No space left on device")
    }

    @Test func `a full disk at the end leaves the good file and nothing else`() throws {
        try folder.write([1, 2, 3], to: "run.pcapng")
        var file = fullFile("run.pcapng")
        try file.append("something")
        #expect(throws: CaptureError(.write, folder.file("run.pcapng"), code: ENOSPC)) { try file.finish() }
        #expect(try folder.files == ["run.pcapng"])
        #expect(try folder.octets(of: "run.pcapng") == [1, 2, 3])
    }

    @Test func `a folder that cannot be written to is told at once`() throws {
        try folder.write([], to: "file")
        for (path, code) in [("missing/run.pcapng", ENOENT), ("file/run.pcapng", ENOTDIR)] {
            #expect(throws: CaptureError(.create, folder.file(path), code: code)) {
                _ = try PartialFile(path: folder.file(path))
            }
        }
        #expect(try folder.files == ["file"])
    }

    @Test(arguments: ["/dev/null", "/tmp"])
    func `a device or a folder is not replaced`(path: String) {
        let error = #expect(throws: CaptureError.self) { _ = try PartialFile(path: path) }
        #expect(error?.reason == "something else than a file has this name")
    }

    @Test func `a link is not replaced, even when it leads to a file`() throws {
        try folder.write([1, 2, 3], to: "precious")
        symlink(folder.file("precious"), folder.file("run.pcapng"))
        let error = #expect(throws: CaptureError.self) { _ = try PartialFile(path: folder.file("run.pcapng")) }
        #expect(error?.reason == "something else than a file has this name")
        #expect(try folder.files == ["precious", "run.pcapng"])
    }

    @Test func `a link laid out under the partial name is not followed`() throws {
        try folder.write([1, 2, 3], to: "precious")
        symlink(folder.file("precious"), folder.file("run.pcapng.partial"))
        #expect(throws: CaptureError(.create, folder.file("run.pcapng"), code: ELOOP)) {
            _ = try PartialFile(path: folder.file("run.pcapng"))
        }
        #expect(try folder.octets(of: "precious") == [1, 2, 3])
    }

    @Test func `a name that cannot be given in the end leaves nothing`() throws {
        var file = try PartialFile(path: folder.file("run.pcapng"))
        mkdir(folder.file("run.pcapng"), 0o777)
        #expect(throws: CaptureError(.rename, folder.file("run.pcapng"), code: EISDIR)) { try file.finish() }
        #expect(try folder.files == ["run.pcapng"])
    }

    @Test func `short and interrupted writes go on where they stopped`() {
        var answers = [3, -1, 1, 6].makeIterator()
        var written: [UInt8] = []
        let octets: [UInt8] = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]
        let code = octets.withUnsafeBytes { buffer in
            PartialFile.writeAll(buffer) { rest in
                let answer = answers.next() ?? 0
                if answer < 0 { errno = EINTR }
                written += rest.prefix(max(0, answer))
                return answer
            }
        }
        #expect(code == nil)
        #expect(written == octets)
    }

    @Test func `a write that takes nothing is an error and no endless loop`() {
        #expect([UInt8](repeating: 0, count: 4).withUnsafeBytes { PartialFile.writeAll($0) { _ in 0 } } == EIO)
    }
}
