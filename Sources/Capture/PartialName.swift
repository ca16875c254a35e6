import Glibc

/// The two names of a file in the making: `run.pcapng.partial` until it is whole, `run.pcapng` from then on.
///
/// Both stand in one folder, so that the change of name is one step and leaves no moment without a good file.
struct PartialName: Sendable {
    /// The name that the caller wants.
    let path: String

    /// The name until the file is whole.
    var partial: String { path + ".partial" }

    /// Makes the file under its partial name, in place of what a killed run has left there.
    ///
    /// What cannot become a file in the end is refused here and not after the run: renaming onto a folder fails, and
    /// renaming onto `/dev/null` would replace the device, onto `/dev/stdout` the link that leads to the terminal.
    func create() throws(CaptureError) -> Int32 {
        var status = stat()
        if unsafe lstat(path, &status) == 0, status.st_mode & S_IFMT != S_IFREG {
            throw CaptureError(.create, path, reason: "something else than a file has this name")
        }
        // O_NOFOLLOW: in a folder of everybody's, the name may have been laid out as a link to a file of ours.
        let descriptor = unsafe open(partial, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0o666)
        guard descriptor >= 0 else { throw CaptureError(.create, path, code: errno) }
        return descriptor
    }

    /// Gives the whole file its name, in place of an older one. When that fails nothing of the new one stays.
    func publish() throws(CaptureError) {
        guard unsafe rename(partial, path) == 0 else {
            let code = errno
            remove()
            throw CaptureError(.rename, path, code: code)
        }
    }

    /// Takes the partial file away. A failure is not reported: the run has failed already, with a better reason.
    func remove() { _ = unsafe unlink(partial) }
}
