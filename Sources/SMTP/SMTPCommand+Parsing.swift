extension SMTPCommand {
    /// Reads a command line.
    /// - Parameters:
    ///   - line: the line without its CR LF; white space at its end is tolerated (RFC 5321 §4.1.1).
    ///   - allowsSpaceAfterColon: whether `MAIL FROM: <...>` is read, which RFC 5321 §3.3 forbids.
    ///   - alphabet: what the arguments of MAIL, RCPT, VRFY and EXPN may be written in.
    /// - Throws: ``CommandError``, which knows the reply that the line deserves.
    public init(
        parsing line: ArraySlice<UInt8>, allowsSpaceAfterColon: Bool = false, in alphabet: AddressAlphabet = .ascii
    ) throws(CommandError) {
        let end = line.lastIndex { $0 != .space && $0 != .tab }.map { $0 + 1 } ?? line.startIndex
        let line = line[..<end]
        let verb = line.prefix { $0 != .space }
        let argument = verb.endIndex < line.endIndex ? line[(verb.endIndex + 1)...] : nil
        guard line.allSatisfy(\.isPrintable) || SMTPCommand.isUTF8(verb, line, alphabet) else { throw .badCharacter }
        self = try SMTPCommand.command(verb, argument, allowsSpaceAfterColon, alphabet)
    }

    // Where UTF-8 may stand it must be UTF-8.
    private static func isUTF8(
        _ verb: ArraySlice<UInt8>, _ line: ArraySlice<UInt8>, _ alphabet: AddressAlphabet
    ) -> Bool {
        guard line.allSatisfy({ $0.isPrintable || alphabet.allows($0) }),
            verb.spells("mail") || verb.spells("rcpt") || verb.spells("vrfy") || verb.spells("expn")
        else { return false }
        return line.printableUTF8 != nil
    }

    /// Reads a command line from text.
    /// - Parameter text: the line without its CR LF.
    /// - Throws: ``CommandError``, which knows the reply that the line deserves.
    public init(parsing text: String) throws(CommandError) {
        try self.init(parsing: Array(text.utf8)[...])
    }

    private static func command(
        _ verb: ArraySlice<UInt8>, _ argument: ArraySlice<UInt8>?, _ allowsSpaceAfterColon: Bool,
        _ alphabet: AddressAlphabet
    ) throws(CommandError) -> SMTPCommand {
        switch verb {
        case _ where verb.spells("ehlo"): return .ehlo(try domain(argument))
        case _ where verb.spells("helo"): return .helo(try domain(argument))
        case _ where verb.spells("mail"): return try mail(argument, allowsSpaceAfterColon, alphabet)
        case _ where verb.spells("rcpt"): return try rcpt(argument, allowsSpaceAfterColon, alphabet)
        case _ where verb.spells("data"): return try alone(.data, argument)
        case _ where verb.spells("bdat"): return try chunk(argument ?? [])
        case _ where verb.spells("auth"): return try auth(argument)
        case _ where verb.spells("starttls"): return try alone(.startTLS, argument)
        case _ where verb.spells("rset"): return try alone(.rset, argument)
        case _ where verb.spells("quit"): return try alone(.quit, argument)
        case _ where verb.spells("noop"): return .noop
        case _ where verb.spells("help"): return .help
        case _ where verb.spells("vrfy"): return .vrfy(try text(argument))
        case _ where verb.spells("expn"): return .expn(try text(argument))
        case _ where verb.spells("etrn"): return .etrn(try queue(argument ?? []))
        case _ where verb.spells("atrn"): return .reversal(try atrn(argument))
        case _ where verb.spells("turn"): return try alone(.reversal(.turn), argument)
        case _ where isKnownElsewhere(verb): throw .notImplemented
        case _ where isForeign(verb): throw .foreignProtocol
        default: throw .unknownCommand
        }
    }

    // Obsolete verbs (RFC 5321 appendix F).
    private static func isKnownElsewhere(_ verb: ArraySlice<UInt8>) -> Bool {
        verb.spells("send") || verb.spells("soml") || verb.spells("saml")
    }

    // A web browser that was talked into speaking to a mail port would send its form's text as commands.
    private static func isForeign(_ verb: ArraySlice<UInt8>) -> Bool {
        verb.spells("get") || verb.spells("post") || verb.spells("connect")
    }

    private static func domain(_ argument: ArraySlice<UInt8>?) throws(CommandError) -> Domain {
        do throws(DomainError) {
            return try Domain(parsing: argument ?? [])
        } catch {
            throw .badDomain(error)
        }
    }

    private static func queue(_ argument: ArraySlice<UInt8>) throws(CommandError) -> ETRNArgument {
        do throws(ETRNArgumentError) {
            return try ETRNArgument(parsing: argument)
        } catch {
            throw .badETRNArgument(error)
        }
    }

    private static func atrn(_ argument: ArraySlice<UInt8>?) throws(CommandError) -> Reversal {
        do throws(ATRNArgumentError) {
            return try Reversal(atrn: argument)
        } catch {
            throw .badATRNArgument(error)
        }
    }

    private static func text(_ argument: ArraySlice<UInt8>?) throws(CommandError) -> String {
        guard let argument, argument.first.map({ $0 != .space }) ?? false else { throw .badArgument }
        return argument.text
    }

    private static func alone(
        _ command: SMTPCommand, _ argument: ArraySlice<UInt8>?
    ) throws(CommandError) -> SMTPCommand {
        guard argument == nil else { throw .argumentNotAllowed }
        return command
    }

    // The octets that follow can be told from commands only if their number is known, so it must be one.
    private static func chunk(_ argument: ArraySlice<UInt8>) throws(CommandError) -> SMTPCommand {
        let words = argument.split(separator: .space, omittingEmptySubsequences: false)
        guard let digits = words.first, let size = MailParameters.size(parsing: digits), size <= 0x7fff_ffff,
            words.count == 1 || (words.count == 2 && words[1].spells("last"))
        else { throw .badChunk }
        return .bdat(size: size, isLast: words.count == 2)
    }

    private static func auth(_ argument: ArraySlice<UInt8>?) throws(CommandError) -> SMTPCommand {
        let words = (argument ?? []).split(separator: .space, omittingEmptySubsequences: false)
        guard let name = words.first, (1...20).contains(name.count), words.count <= 2,
            name.allSatisfy({ $0.isLetterOrDigit || $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: "_") }),
            words.last?.isEmpty == false
        else { throw .badArgument }
        return .auth(name.text.uppercased(), initialResponse: words.count == 2 ? words[1].text : nil)
    }

    private static func mail(
        _ argument: ArraySlice<UInt8>?, _ allowsSpaceAfterColon: Bool, _ alphabet: AddressAlphabet
    ) throws(CommandError) -> SMTPCommand {
        let (path, parameters) = try pathAndParameters(argument, after: "from:", allowsSpaceAfterColon)
        let reversePath: ReversePath
        do throws(PathError) {
            reversePath = try ReversePath(parsing: path, in: alphabet)
        } catch {
            throw .badReversePath(error)
        }
        return .mail(reversePath, try MailParameters(parsing: parameters))
    }

    private static func rcpt(
        _ argument: ArraySlice<UInt8>?, _ allowsSpaceAfterColon: Bool, _ alphabet: AddressAlphabet
    ) throws(CommandError) -> SMTPCommand {
        let (path, parameters) = try pathAndParameters(argument, after: "to:", allowsSpaceAfterColon)
        let forwardPath: ForwardPath
        do throws(PathError) {
            forwardPath = try ForwardPath(parsing: path, in: alphabet)
        } catch {
            throw .badForwardPath(error)
        }
        return .rcpt(forwardPath, try RecipientParameters(parsing: parameters))
    }

    // The path reaches to the first space outside quotation marks. No space may follow the colon (RFC 5321 §3.3), but
    // for old clients.
    private static func pathAndParameters(
        _ argument: ArraySlice<UInt8>?, after keyword: StaticString, _ allowsSpaceAfterColon: Bool
    ) throws(CommandError) -> (path: ArraySlice<UInt8>, parameters: ArraySlice<UInt8>) {
        guard let argument, argument.prefix(keyword.utf8CodeUnitCount).spells(keyword) else { throw .badArgument }
        let rest = argument.dropFirst(keyword.utf8CodeUnitCount).drop { $0 == .space && allowsSpaceAfterColon }
        var isQuoted = false
        var isEscaped = false
        let end = rest.firstIndex { octet in
            defer { isEscaped = isQuoted && !isEscaped && octet == UInt8(ascii: "\\") }
            if octet == UInt8(ascii: "\""), !isEscaped { isQuoted.toggle() }
            return octet == .space && !isQuoted
        }
        guard let end else { return (rest, []) }
        guard end + 1 < rest.endIndex else { throw .badParameter }
        return (rest[..<end], rest[(end + 1)...])
    }
}
