import Timebase
import Wire

extension ResolverConfiguration {
    private static let mostServers = 3
    private static let timeouts = 1...30
    private static let attempts = 1...5

    /// Takes from the text of `/etc/resolv.conf` what it says about servers and patience.
    ///
    /// The file belongs to the system's own resolver, and is read as that one does: the first three `nameserver` lines
    /// count, and this host itself when there is none; of the options `timeout` and `attempts`, as far as their numbers
    /// make sense. A mail domain is complete, so that `search` and `domain` mean nothing here. What is not known is
    /// passed over: every text is a configuration.
    /// - Parameter text: all of the file.
    public init(resolvConf text: String) {
        var servers: [NameServer] = []
        var timeout: Int?
        var attempts: Int?
        for line in text.split(whereSeparator: \.isNewline) {
            // A keyword begins in the first column; with a semicolon or a number sign there the line is a comment.
            guard let first = line.first, first.isLetter else { continue }
            let words = line.split { $0 == " " || $0 == "\t" }
            switch words.first {
            case "nameserver":
                if words.count > 1, let address = IPAddress(parsing: String(words[1])) {
                    servers.append(NameServer(address))
                }
            case "options":
                for option in words.dropFirst() {
                    timeout = option.number(after: "timeout:", in: ResolverConfiguration.timeouts) ?? timeout
                    attempts = option.number(after: "attempts:", in: ResolverConfiguration.attempts) ?? attempts
                }
            default: break
            }
        }
        if servers.isEmpty { servers = [NameServer(.v4(IPv4Address(127, 0, 0, 1)))] }
        self.init(servers: Array(servers.prefix(ResolverConfiguration.mostServers)))
        if let timeout { firstWait = .seconds(Int64(timeout)) }
        if let attempts { rounds = attempts }
    }
}

extension Substring {
    fileprivate func number(after keyword: String, in range: ClosedRange<Int>) -> Int? {
        guard hasPrefix(keyword), let number = Int(dropFirst(keyword.count)), range.contains(number) else { return nil }
        return number
    }
}
