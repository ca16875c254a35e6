import Glibc

/// Standard output and standard error.
enum Terminal {
    /// Whether standard output is a terminal.
    static var isInteractive: Bool { isatty(STDOUT_FILENO) == 1 }
    /// Whether standard error is a terminal.
    static var errorIsInteractive: Bool { isatty(STDERR_FILENO) == 1 }
    /// Whether colours are wanted on standard output (no-color.org).
    static var isColoured: Bool { isInteractive && getenv("NO_COLOR") == nil }

    /// Makes writing safe; to be called before anything is opened.
    ///
    /// A pipe that nobody reads any more, or a file beyond its limit, is to fail the write and not to end the process
    /// in the middle of its files. And a standard descriptor that came closed is opened on `/dev/null`: else the first
    /// file of the run would get its number, and with it what is meant for the terminal.
    static func prepare() {
        signal(SIGPIPE, SIG_IGN)
        signal(SIGXFSZ, SIG_IGN)
        var descriptor: Int32
        repeat { descriptor = open("/dev/null", O_RDWR) } while (0...STDERR_FILENO).contains(descriptor)
        if descriptor >= 0 { _ = close(descriptor) }
    }

    /// Writes to standard output. What a closed pipe does not take is dropped.
    static func print(_ text: String) { write(text, to: STDOUT_FILENO) }

    /// Writes to standard error.
    static func complain(_ text: String) { write(text, to: STDERR_FILENO) }

    private static func write(_ text: String, to descriptor: Int32) {
        var rest = Array(text.utf8)[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            guard count > 0 || (count < 0 && errno == EINTR) else { return }
            rest = rest.dropFirst(max(count, 0))
        }
    }
}
