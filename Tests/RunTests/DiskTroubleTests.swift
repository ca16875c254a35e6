import TestSupport
import Testing

/// `ringback serve` on disks that do not take what is to be written, each in a mount namespace of the test's own.
@Suite(.enabled(if: ServedSite.hasNamespaces)) struct DiskTroubleTests {
    /// A disk of 4 MiB, half of it somebody else's.
    private static let smallDisk = """
        mkdir store
        mount -t tmpfs -o size=4m none store
        head -c 2M /dev/zero >store/other
        """

    /// What sends until the disk is full. Nobody hears 250 before it is true: the last one waits for it.
    private static let fill = """
        taken, enough = [], []
        def sendAll():
            try:
                while not enough:
                    send(4096)
                    taken.append(1)
            except smtplib.SMTPServerDisconnected: pass
        def fill(service):
            sender = threading.Thread(target=sendAll)
            sender.start()
            wait(service, "cannot write")
            enough.append(1)
            return sender

        """

    @Test func `a full disk is told of, and when there is room again all that was taken is there`() throws {
        let site = try ServedSite(limits: "free-disk: 0B")
        let said = try site.run(
            DiskTroubleTests.fill + """
                service = serve()
                sender = fill(service)
                s = connect()
                print(s.docmd("MAIL FROM:<anna@hq.example>")[0], s.docmd("ETRN branch.example")[0])
                os.remove("store/other")
                wait(service, "can write again")
                print(s.docmd("MAIL FROM:<anna@hq.example>")[0])
                sender.join()
                print(stop(service, signal.SIGKILL))
                service = serve()
                print(held() == len(taken) > 3)
                print(stop(service, signal.SIGTERM))
                """, after: DiskTroubleTests.smallDisk)
        #expect(said == ["452 458", "250", "-9", "True", "0"])
    }

    @Test func `a journal whose disk is full is told of, can be replayed, and keeps no mail from coming`() throws {
        let site = try ServedSite(limits: "")
        let said = try site.run(
            """
            service = serve("--journal", "small/journal.jsonl")
            send(8192)
            print("ends here" in wait(service, "journal"))
            send(1)
            print(held(), stop(service, signal.SIGTERM))
            print(subprocess.run(command + ["replay", "small/journal.jsonl"], capture_output=True).returncode)
            """, after: "mkdir small\nmount -t tmpfs -o size=256k none small")
        #expect(said == ["True", "2 0", "0"])
    }

    @Test func `who is stopped while the disk is full, or killed, has lost nothing that was taken`() throws {
        let site = try ServedSite(limits: "free-disk: 0B")
        let said = try site.run(
            DiskTroubleTests.fill + """
                service = serve()
                sender = fill(service)
                stop(service, signal.SIGKILL)
                sender.join()
                service = serve()
                print(held() == len(taken) > 3)
                print(stop(service, signal.SIGTERM))
                os.remove("store/other")
                service = serve()
                send(1)
                print(held() == len(taken) + 1)
                print(stop(service, signal.SIGTERM))
                """, after: DiskTroubleTests.smallDisk)
        #expect(said == ["True", "0", "True", "0"])
    }

    @Test func `below the water mark no mail is taken, long before the disk is full`() throws {
        let site = try ServedSite(limits: "free-disk: 3MiB")
        let said = try site.run(
            """
            service = serve()
            print(connect().docmd("MAIL FROM:<anna@hq.example>")[0])
            print(stop(service, signal.SIGTERM))
            os.remove("store/other")
            service = serve()
            send(1)
            print(held())
            print(stop(service, signal.SIGTERM))
            """, after: DiskTroubleTests.smallDisk)
        #expect(said == ["452", "0", "1", "0"])
    }

    @Test func `on a disk that is read only it does not begin, and says why`() throws {
        let site = try ServedSite(limits: "")
        let said = try site.run(
            """
            refused = subprocess.run(command + ["serve", "--config", "ringback.yaml"], capture_output=True, text=True)
            print(refused.returncode, refused.stderr, end="")
            """, after: "mkdir store\nmount -t tmpfs -o ro none store")
        #expect(said == ["3 ringback: store/lock: Read-only file system"])
    }

    @Test func `a store serves one at a time, and who comes second says so`() throws {
        let site = try ServedSite(limits: "")
        let said = try site.run(
            """
            service = serve()
            send(1)
            second = subprocess.run(command + ["serve", "--config", "ringback.yaml"], capture_output=True, text=True)
            print(second.returncode, second.stderr, end="")
            send(1)
            print(held(), stop(service, signal.SIGTERM))
            """)
        #expect(
            said == [
                "3 ringback: store/lock: another process has this store open; stop it first, or ask it "
                    + "(`ringback queue` does)", "2 0",
            ])
    }
}
