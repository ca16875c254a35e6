public import SMTP

extension Envelope {
    /// The domains of its recipients, each once, in the order of their first appearance.
    public var domains: [Domain] {
        var domains: [Domain] = []
        for case let domain? in forwardPaths.map(\.domain) where !domains.contains(domain) { domains.append(domain) }
        return domains
    }

    /// The envelope once for each domain among the recipients, in the order of their first appearance.
    var partsByDomain: [(Domain?, Envelope)] {
        let domains = forwardPaths.map(\.domain)
        guard let first = domains.first else { return [] }
        // The usual case, in which the forward-paths stay shared.
        if domains.allSatisfy({ $0 == first }) { return [(first, self)] }
        var parts: [(Domain?, Envelope)] = []
        var places: [Domain?: Int] = [:]
        for (path, domain) in zip(forwardPaths, domains) {
            if let place = places[domain] {
                parts[place].1.forwardPaths.append(path)
            } else {
                places[domain] = parts.count
                var part = self
                part.forwardPaths = [path]
                parts.append((domain, part))
            }
        }
        return parts
    }
}
