public import SMTP

/// Which of the on-demand domains somebody may ask for.
public enum FlushPermission: Hashable, Sendable {
    /// All of them: an operator, or any client of an open server. The mail still goes only to the domain's own host.
    case everyDomain
    /// Those listed, each with the domains below it that are not listed for somebody else.
    case domains([Domain])

    func includes(_ folded: String) -> Bool {
        switch self {
        case .everyDomain: true
        case .domains(let domains): domains.contains { $0.folded == folded }
        }
    }
}
