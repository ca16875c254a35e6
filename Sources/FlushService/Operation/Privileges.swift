import Glibc

/// What a process may do that other users may not.
enum Privileges {
    /// Why they could not be given up.
    struct Fault: Error, CustomStringConvertible {
        let description: String
    }

    /// Becomes another user for good, with that user's groups and nobody's rights besides.
    /// - Parameter name: who.
    /// - Throws: ``Fault``; then the process must not go on.
    static func giveUp(for name: String) throws(Fault) {
        guard let entry = getpwnam(name) else { throw Fault(description: "user: there is no user `\(name)`") }
        let (user, group) = (entry.pointee.pw_uid, entry.pointee.pw_gid)
        guard geteuid() != user else { return }
        guard initgroups(name, group) == 0, setgid(group) == 0, setuid(user) == 0 else {
            throw Fault(description: "user: this process may not become `\(name)`: \(String(cString: strerror(errno)))")
        }
        // Who can go back has given nothing up.
        guard user == 0 || setuid(0) != 0 else {
            throw Fault(description: "user: root's rights were not given up")
        }
    }
}
