import TestSupport

extension Mutations {
    /// For commands, replies and what is in them.
    init(ofSMTP thing: String) { self.init(of: thing, telling: "\r\n .<>@:\"\\[]=-#250") }
}
