import Testing

/// What `ringback serve` tells systemd (sd_notify(3)).
struct SystemdTests {
    private static func told(_ variables: String, _ script: String) throws -> [String] {
        try ServedSite(limits: "").run(
            """
            ear = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
            ear.bind("notify")
            ear.settimeout(120)
            os.environ["NOTIFY_SOCKET"] = os.path.abspath("notify")
            \(variables)
            s = serve()
            \(script)
            """)
    }

    @Test func `it is ready when it listens, and stopping when it is told to`() throws {
        let told = try SystemdTests.told(
            "",
            """
            print(ear.recv(100).decode())
            connect()
            print(stop(s, signal.SIGTERM))
            print(ear.recv(100).decode())
            """)
        #expect(told == ["READY=1", "0", "STOPPING=1"])
    }

    @Test func `with a watchdog it says again and again that it lives`() throws {
        let told = try SystemdTests.told(
            "os.environ[\"WATCHDOG_USEC\"] = \"20000\"", "for _ in range(4): print(ear.recv(100).decode())")
        #expect(told == ["READY=1", "WATCHDOG=1", "WATCHDOG=1", "WATCHDOG=1"])
    }
}
