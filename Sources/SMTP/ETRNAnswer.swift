/// How it stands with a request by ETRN: a server has an answer for each, and servers differ in them.
public enum ETRNSituation: Hashable, Sendable, CaseIterable {
    /// Something was started; how much is not said.
    case started
    /// Nothing is held for the name, and nothing is under way.
    case nothingWaiting
    /// So many messages are held, and a connection is tried now.
    case waiting
    /// The queue of that name runs already.
    case alreadyRunning
    /// Nothing can be started now.
    case unable
    /// No mail is held for that name.
    case unknownName
    /// No queue has that name.
    case unknownQueue
    /// This client may not ask for it.
    case notAllowed
    /// ETRN is switched off.
    case disabled
    /// Nothing stands after the verb.
    case noArgument
    /// The name has one label only.
    case notQualified
    /// What stands after the verb is no name at all.
    case badArgument
    /// What stands after `#` is no name of a queue, or nothing.
    case badQueueName
    /// The server does not take ETRN in this form.
    case formNotTaken
    /// A mail transaction is in progress.
    case insideTransaction
}

/// What the queue has to say to ETRN, before a server says it in its own words.
public struct ETRNAnswer: Hashable, Sendable {
    /// How it stands.
    public let situation: ETRNSituation
    /// How many messages wait; 0 when that is not known, or nothing does.
    public let messages: Int
    /// The reply as RFC 1985 §5.1 has it, with its reason.
    public let reply: SMTPReply

    /// An answer of these parts.
    public init(_ situation: ETRNSituation, messages: Int = 0, reply: SMTPReply) {
        self.situation = situation
        self.messages = messages
        self.reply = reply
    }
}
