import Foundation

/// `run.json` as a script of somebody's reads it: every member that is promised, by its name.
struct RunFile: Decodable {
    struct Expectation: Decodable {
        var text, at, got, expected, tolerance: String
        var holds: Bool
        var cause: String?
    }

    struct Reply: Decodable, Equatable {
        var at, code: Int
        var text: String
    }

    struct Message: Decodable {
        var number, octets, started: Int
        var accepted: Int?
    }

    struct Flush: Decodable {
        var domain, client: String
        var call, dialled, carrier, pppUp, etrnSent, reverseSyn, established, greeting, end: Int?
        var etrnReply: Reply?
        var messages: [Message]
        var delivered, octets: Int
    }

    struct Call: Decodable {
        var client: String
        var dialled, receiveRate, transmitRate, online: Int
        var number, training, carrier, pppUp, end: Int?
        var failure: String?
    }

    struct Totals: Decodable {
        var calls, flushes, queued, delivered, deliveredOctets, stored, duplicates, refused, expired, packets: Int
    }

    struct Engine: Decodable {
        var packets, events, steps, wall, processor, peakResidentOctets: Int
        var hosts, residentOctetsPerHost, mostHostsOnline: Int
        var moreResidentOctetsPerHostOnline: Int?
    }

    var version, scenario, title, begins, timeUnit: String
    var seed: UInt64
    var ended: Int
    var interrupted, passed: Bool
    var expectations: [Expectation]
    var flushes: [Flush]
    var calls: [Call]
    var totals: Totals
    var engine: Engine

    init(_ octets: [UInt8]) throws {
        let decoder = JSONDecoder()
        // `etrn-sent` is `etrnSent`.
        decoder.keyDecodingStrategy = .custom { path in
            let words = (path.last?.stringValue ?? "").split(separator: "-")
            return Name(stringValue: words.prefix(1).joined() + words.dropFirst().map(\.capitalized).joined())
        }
        self = try decoder.decode(RunFile.self, from: Data(octets))
    }

    private struct Name: CodingKey {
        var stringValue: String
        var intValue: Int? { nil }
        init(stringValue: String) { self.stringValue = stringValue }
        init?(intValue: Int) { nil }
    }
}
