extension String {
    /// The text as one word of a shell command (POSIX shell, 2.2.2): in single quotes, unless it needs none.
    public var shellWord: String {
        let isPlain = utf8.allSatisfy { octet in
            (0x30...0x39).contains(octet) || (0x41...0x5A).contains(octet) || (0x61...0x7A).contains(octet)
                || "%+,-./:=@_".utf8.contains(octet)
        }
        guard !isPlain || isEmpty else { return self }
        return "'" + split(separator: "'", omittingEmptySubsequences: false).joined(separator: #"'\''"#) + "'"
    }
}
