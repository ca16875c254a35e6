import Events
import SMTP
import TCPIP
import Timebase
import Wire

/// Mail asked for by Finger at the client host: the custom command of Exchange, as far as a network sees it.
extension World {
    /// Asks after one of the host's names, over a connection of its own: there is one answer to each.
    mutating func askByFinger(_ place: Int, client: Int) {
        let host = client + 1
        emit(.fingerConnecting(address: server.address.description), host: host)
        let connection = hosts[host].stack.connect(to: server.address, port: World.fingerPort, at: now)
        let index = open(connection, on: host, for: .fingering(place))
        conversations[index]?.finger = FingerClient(name: clients[client].etrnArguments[place].description)
        pump(host)
    }

    mutating func fingerConnected(_ index: Int) {
        guard let host = conversations[index]?.host, let name = conversations[index]?.finger?.name else { return }
        conversations[index]?.finger?.connected(at: now)
        emit(.fingerSent(domain: name), host: host)
    }

    /// The server has closed its side, or the host waits no longer: what has come until then is the answer.
    mutating func fingerEnded(_ index: Int) {
        guard let host = conversations[index]?.host, conversations[index]?.isClosing == false,
            let finger = conversations[index]?.finger, finger.isConnected
        else { return }
        conversations[index]?.isClosing = true
        if let answer = finger.answer {
            emit(.fingerAnswered(domain: finger.name, text: answer), host: host)
            clients[host - 1].retrieval.fingerAnswered()
        } else {
            emit(.fingerFailed(reason: "no answer"), host: host)
        }
    }

    /// The connection is gone: the next name has its turn, if this one was answered.
    mutating func fingerClosed(_ finger: FingerClient?, _ place: Int, client: Int, _ reason: CloseReason) {
        if finger?.isConnected == false { emit(.fingerFailed(reason: reason.description), host: client + 1) }
        guard finger?.answer == nil || place + 1 == clients[client].etrnArguments.count else {
            return askByFinger(place + 1, client: client)
        }
        perform(clients[client].retrieval.askingEnded(at: now), client: client)
    }
}
