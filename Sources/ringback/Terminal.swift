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

    /// Standard output did not take what was written.
    struct OutputError: Error, CustomStringConvertible {
        /// The `errno` of the system.
        let code: Int32

        /// `cannot write standard output: No space left on device`.
        var description: String { "cannot write standard output: \(unsafe String(cString: strerror(code)))" }
    }

    /// Writes to standard output. What a closed pipe does not take is dropped: its reader has seen enough.
    static func print(_ text: String) throws(OutputError) { try print(text.utf8) }

    /// Writes octets to standard output, whatever they mean.
    static func print(_ octets: some Sequence<UInt8>) throws(OutputError) {
        let code = write(octets, to: STDOUT_FILENO)
        if code != 0 && code != EPIPE { throw OutputError(code: code) }
    }

    /// A password: asked for on a terminal, without showing it, or the first line of standard input.
    static func password() -> String {
        guard isatty(STDIN_FILENO) == 1 else { return readLine() ?? "" }
        complain("Password: ")
        var settings = termios()
        tcgetattr(STDIN_FILENO, &settings)
        let shown = settings
        settings.c_lflag &= ~tcflag_t(ECHO)
        tcsetattr(STDIN_FILENO, TCSAFLUSH, &settings)
        defer {
            var shown = shown
            tcsetattr(STDIN_FILENO, TCSAFLUSH, &shown)
            complain("\n")
        }
        return readLine() ?? ""
    }

    /// Writes to standard error; there is nobody to tell when that fails.
    static func complain(_ text: String) { _ = write(text.utf8, to: STDERR_FILENO) }

    /// The `errno` of the write that failed; zero when all is written.
    private static func write(_ octets: some Sequence<UInt8>, to descriptor: Int32) -> Int32 {
        var rest = Array(octets)[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            guard count >= 0 || errno == EINTR else { return errno }
            rest = rest.dropFirst(max(count, 0))
        }
        return 0
    }
}
